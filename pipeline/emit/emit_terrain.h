#pragma once

#include "pipeline/emit/emit.h"
#include "pipeline/scan/city_project.h"
#include "pipeline/terrain/cells.h"
#include "pipeline/terrain/tile.h"

#include <filesystem>
#include <set>
#include <vector>

namespace pipeline::emit {

/// All tiles of a city's terrain.
struct TerrainTiles {
    terrain::CellGrid grid;
    tiles3d::geo::EnuFrame frame;           ///< That their contents lie in.
    std::vector<terrain::TileRecord> tiles; ///< Each with its parent; the root among them.
};

struct EmittedTerrain {
    PlacedTileset tileset;                 ///< terrain/tileset.json
    std::set<std::filesystem::path> files; ///< All that was written, relative to OUT.
};

/// How much larger the geometric errors are than those of the grid: 1, or as much as it takes that
/// no tile's measured error is more than 1/16 of its geometric error. They halve from level to
/// level in any case, as implicit tiling demands.
double errorScale(const TerrainTiles& terrain);

/// Levels of the quadtree in one subtree file, or in one JSON file.
inline constexpr int kSubtreeLevels = 5;

/// Writes OUT/terrain/tileset.json: an implicit quadtree (3D Tiles 1.1, 8) with its subtrees, each
/// tile with the heights that it and all below it reach; or the same tiles explicitly, in files of
/// kSubtreeLevels. Volumes are regions. And, if asked for, quantized-mesh/layer.json with the
/// levels above the terrain's own.
/// REQUIRES: at least one tile.
tiles3d::base::Result<EmittedTerrain> emitTerrain(const TerrainTiles& terrain,
                                                  const scan::OutputOptions& options,
                                                  const std::filesystem::path& out);

} // namespace pipeline::emit
