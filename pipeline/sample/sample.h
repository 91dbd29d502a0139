#pragma once

#include "pipeline/sample/scenery.h"
#include "tiles3d/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace pipeline::sample {

struct SampleOptions {
    int tilesEast = 4;      ///< Blocks of 100 m from west to east, 1 to 1000.
    int tilesNorth = 4;     ///< From south to north; the shore is in the first row.
    std::uint64_t seed = 1; ///< Another seed, another city on the same shore.
    int finestLevel = 19;   ///< 14 to 20; at most 17 if lean.
    int jpegQuality = 85;   ///< 1 to 100.
    Detail detail = Detail::Full;
    std::size_t threads = 1;
};

/// Options for cities of tens of thousands of blocks: L14 to L16 with pixels of 0.8 m, buildings as
/// plain boxes; per block about 24 kB and 6 ms of one core. Rasters have
/// pixels of 10 m, planning layers cover the first 2 km of the area each way.
SampleOptions leanSample();

struct SampleReport {
    std::uint64_t blocks = 0;
    std::uint64_t files = 0; ///< OSGB files.
    std::uint64_t bytes = 0; ///< Of the OSGB files.
    std::uint64_t nodes = 0;
    std::uint64_t triangles = 0;
    std::filesystem::path project; ///< The city.json.
};

/// Called from several threads, never at the same time: parts done of parts in all, what it was.
using SampleProgress =
    std::function<void(std::size_t done, std::size_t total, const std::string& what)>;

/// Writes a synthetic delivery of a small coastal city, placed at Xiamen (EPSG:4548, EGM96
/// heights):
/// - FOLDER/oblique/metadata.xml, Data/Tile_+000_+000/...: Smart3D-like OSGB folder
/// - FOLDER/dem/dem_2m.tif, FOLDER/dom/dom_50cm.tif: terrain heights and orthophoto that match;
///   lean: dem_10m.tif, dom_10m.tif
/// - FOLDER/layers/planning.gpkg, 永久基本农田.shp: planning layers; the latter in GBK
/// - FOLDER/models/proposed_tower.obj: a design
/// - FOLDER/city.json: the project file, for `city3d build`
/// The same options give the same bytes, whatever the number of threads. Memory does not grow with
/// the number of blocks. Existing files of the same names are replaced, others stay.
/// A planning::GdalRuntime must exist. Fails on options outside their limits and where a file
/// cannot be written.
tiles3d::base::Result<SampleReport> writeSample(const std::filesystem::path& folder,
                                                const SampleOptions& options,
                                                const SampleProgress& progress = {});

} // namespace pipeline::sample
