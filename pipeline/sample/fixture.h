#pragma once

#include "pipeline/sample/block.h"
#include "pipeline/sample/scenery.h"
#include "pipeline/sample/street_plan.h"
#include "tiles3d/base/bytes.h"
#include "tiles3d/base/result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace pipeline::sample {

/// A very small block for tests, milliseconds to make: a root (L14, one PagedLOD), one file of
/// eight PagedLODs (L15) and eight leaf files (L16), each node a 7 x 7 grid of terrain with a 64 x
/// 64 JPEG. Same laws of names, ranges and placement as a real block.
///
/// Order of the files: root, L15, then the leaves 0 to 7.
tiles3d::base::Result<std::vector<BlockFile>> makeFixtureBlock(const std::string& name,
                                                               std::int64_t column,
                                                               std::int64_t row,
                                                               std::uint64_t seed = 1);

/// One level of a piece of ground: a 7 x 7 grid with a 64 x 64 JPEG, in a PagedLOD if it names a
/// finer file.
struct FixtureNode {
    Window window;
    int level = 14;
    std::string image;
    std::string child; ///< Empty for a leaf.
};

tiles3d::base::Result<OsgNode> makeFixtureNode(const StreetPlan& plan, const FixtureNode& node);

/// The one geometry of node `index` in a file; of its PagedLOD's inline child where there is one.
/// REQUIRES: the file has it.
OsgGeometry& geometryOf(BlockFile& file, std::size_t index = 0);

/// Vertices per side of a fixture node's grid, rows from south to north.
inline constexpr std::uint32_t kFixtureGrid = 7;

/// File name -> bytes.
using FileSet = std::map<std::string, tiles3d::base::Bytes>;

FileSet serialise(const std::vector<BlockFile>& files);

/// Writes all files into `folder`, which is made if missing.
tiles3d::base::Status writeFiles(const std::filesystem::path& folder, const FileSet& files);

} // namespace pipeline::sample
