#pragma once

#include "tiles3d/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>

namespace pipeline::sample {

struct TerrainLoadOptions {
    double kilometres = 5.0; ///< Side of the square, 0.1 to 30.
    std::uint64_t seed = 1;
    std::size_t threads = 1;
};

struct TerrainLoadReport {
    std::uint64_t posts = 0;
    std::uint64_t texels = 0;
    std::uint64_t bytes = 0;       ///< Of both files.
    std::filesystem::path project; ///< The city.json.
};

/// Called in the order of writing: parts done of parts in all, what it was.
using TerrainLoadProgress =
    std::function<void(std::size_t done, std::size_t total, const char* what)>;

/// Writes terrain without a city, to try a build's speed on:
/// - FOLDER/dem/dem_1m.tif: Float32, 1 m, tiled, DEFLATE, EPSG:4548, EGM96 metres; the land of the
///   sample city and farther: sea, a plain, hills
/// - FOLDER/dom/dom_50cm.tif: 0.5 m, tiled, JPEG; fields, woods, sand and water with sun and grain,
///   painted for its bytes and not its looks
/// - FOLDER/city.json: both, and nothing else
/// The same options give the same bytes, whatever the number of threads. Memory does not grow with
/// the area. Fails on options outside their limits and where a file cannot be written.
tiles3d::base::Result<TerrainLoadReport> writeTerrainLoad(const std::filesystem::path& folder,
                                                          const TerrainLoadOptions& options,
                                                          const TerrainLoadProgress& progress = {});

} // namespace pipeline::sample
