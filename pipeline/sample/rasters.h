#pragma once

#include "pipeline/sample/scenery.h"
#include "pipeline/sample/street_plan.h"
#include "tiles3d/base/result.h"

#include <cstddef>
#include <filesystem>

namespace pipeline::sample {

/// How far the rasters reach beyond the blocks, metres.
inline constexpr double kRasterMargin = 200.0;

/// Terrain heights without buildings and trees: GeoTIFF, Float32, 2 m pixels, EPSG:4548, EGM96
/// metres; 0 at sea, nodata -9999 far out. `area` is that of the blocks, metres from the origin.
tiles3d::base::Status writeDem(const std::filesystem::path& file,
                               const StreetPlan& plan,
                               const Window& area,
                               std::size_t threads);

/// The city from above: GeoTIFF, RGB, JPEG, 0.5 m pixels, EPSG:4548. Painted by the same function
/// as the textures of the mesh.
tiles3d::base::Status writeOrtho(const std::filesystem::path& file,
                                 const StreetPlan& plan,
                                 const Window& area,
                                 std::size_t threads);

} // namespace pipeline::sample
