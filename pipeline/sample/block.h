#pragma once

#include "pipeline/sample/osgb_writer.h"
#include "pipeline/sample/scenery.h"
#include "pipeline/sample/street_plan.h"
#include "tiles3d/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace pipeline::sample {

struct BlockOptions {
    int finestLevel = 19;         ///< 14 to 20; at most 17 if lean.
    int jpegQuality = 85;         ///< 1 to 100.
    Detail detail = Detail::Full; ///< Lean: shapes and pixels of one level coarser than usual.
    std::string extension = ".osgb";
};

/// One OSGB file of a block, not yet serialised.
struct BlockFile {
    std::string name; ///< "Tile_+000_+000_L19_0uuuu3.osgb"
    OsgNode root;
};

/// "Tile_+003_-001" for the block whose south-west corner is (300 m, -100 m).
std::string blockName(std::int64_t column, std::int64_t row);

/// Fails if an option is outside its limits.
tiles3d::base::Status checkOptions(const BlockOptions& options);

/// All files of a block in memory: the tests' fixtures start from these.
/// Levels, names and ranges as in photogrammetric deliveries: FORMATS.md, sections 1, 3 and 4.
tiles3d::base::Result<std::vector<BlockFile>> makeBlock(const StreetPlan& plan,
                                                        std::int64_t column,
                                                        std::int64_t row,
                                                        const BlockOptions& options = {});

struct BlockTotals {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    std::uint64_t nodes = 0;
    std::uint64_t triangles = 0;
};

/// Writes the files into `folder`, which is made if missing.
tiles3d::base::Result<BlockTotals> writeBlockFiles(const std::filesystem::path& folder,
                                                   const std::vector<BlockFile>& files);

} // namespace pipeline::sample
