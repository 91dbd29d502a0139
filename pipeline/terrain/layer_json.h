#pragma once

#include "pipeline/terrain/quantized_mesh.h"
#include "tiles3d/base/json.h"

#include <compare>
#include <set>
#include <string>

namespace pipeline::terrain {

/// A tile of the geographic TMS tiling: 180 / 2^level degrees a side, x from 180 degrees west, y
/// from the south pole, level 0 = 2 x 1 tiles.
struct TmsTile {
    int level = 0;
    int x = 0;
    int y = 0;

    auto operator<=>(const TmsTile&) const = default;
};

/// What a terrain layer says of itself beside its tiles.
struct LayerText {
    std::string name;
    std::string attribution; ///< Empty: none.
    std::string version = "1.0.0";
};

/// layer.json of a folder of quantized-mesh tiles: LEVEL/X/Y.terrain, with octvertexnormals.
/// `available` lists the tiles in few rectangles per level, every tile in one of them; levels
/// without a tile have none. CesiumJS draws nothing before both tiles of level 0 are there.
/// Source: CesiumGS/quantized-mesh (README), "Tiling Scheme and File Naming"; TileJSON 2.1.0.
tiles3d::base::Json layerJson(const std::set<TmsTile>& tiles,
                              const LonLatRectangle& bounds,
                              const LayerText& text = {});

} // namespace pipeline::terrain
