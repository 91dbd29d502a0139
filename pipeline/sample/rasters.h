#pragma once

#include "pipeline/sample/scenery.h"
#include "pipeline/sample/street_plan.h"
#include "tiles3d/base/result.h"

#include <cstddef>
#include <filesystem>

namespace pipeline::sample {

/// How far the rasters reach beyond the blocks, metres.
inline constexpr double kRasterMargin = 200.0;

struct RasterOptions {
    double pixelMetres = 2.0;
    Detail detail = Detail::Full; ///< Of the orthophoto.
    std::size_t threads = 1;
};

/// Terrain heights without buildings and trees: GeoTIFF, Float32, EPSG:4548, EGM96 metres; 0 at
/// sea, nodata -9999 far out. `area` is that of the blocks, metres from the origin.
/// Memory does not grow with the area.
tiles3d::base::Status writeDem(const std::filesystem::path& file,
                               const StreetPlan& plan,
                               const Window& area,
                               const RasterOptions& options);

/// The city from above: GeoTIFF, RGB, JPEG, EPSG:4548. Painted by the same function as the
/// textures of the mesh. Memory does not grow with the area.
tiles3d::base::Status writeOrtho(const std::filesystem::path& file,
                                 const StreetPlan& plan,
                                 const Window& area,
                                 const RasterOptions& options);

} // namespace pipeline::sample
