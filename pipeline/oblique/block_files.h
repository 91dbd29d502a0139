#pragma once

#include "pipeline/engine/engine.h"
#include "pipeline/oblique/block_frame.h"
#include "pipeline/oblique/block_task.h"
#include "pipeline/oblique/tile_content.h"
#include "pipeline/sources/osgb_reader.h"
#include "tiles3d/base/result.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::oblique {

/// One OsgbNode after conversion: what the tile tree needs of it.
struct ConvertedNode {
    std::string contentFile; ///< Relative to the block's output folder; empty without content.
    TileContent content;     ///< Its GLB is on disk, not here.
    std::uint64_t contentBytes = 0;
    std::optional<double> metresPerPixel;     ///< Handover by the ranges.
    std::vector<std::string> childFiles;      ///< Relative to the block's folder; see childPath().
    std::optional<glm::dmat4> childMatrix;    ///< Transform that the child files are below.
    std::vector<std::string> refusedChildren; ///< Names that lead out of the folder, as written.
    std::vector<ConvertedNode> children;      ///< Finer levels in the same file.
    std::string failure;                      ///< Why it has no content although it has geometry.
};

struct ConvertedFile {
    std::string failure; ///< Why it could not be read; empty if it was.
    LossKind failureKind = LossKind::Unreadable;
    const BlockLink* link = nullptr; ///< Of the task: the tree goes on in that block's tileset.
    bool isSuperseded = false;       ///< A link to a block of which newer ones leave nothing.
    std::uint64_t bytes = 0;
    std::vector<ConvertedNode> nodes;
    std::vector<std::string> irregularities;
    std::uint64_t lostGeometries = 0;
    std::uint64_t lostImages = 0;
};

/// The converted files of one block by their path relative to the block's folder.
struct ConvertedFiles {
    std::map<std::string, ConvertedFile> files;
    std::vector<std::string> roots;    ///< Where the tree starts; more than one after a salvage.
    std::unique_ptr<BlockFrame> frame; ///< Null if nothing with geometry could be read.
    glm::dvec3 sourceCentre{0.0};      ///< Of the geometry that the frame was made for.
};

/// A child's name as written in `parent`, relative to the block's folder; nothing if it would leave
/// the folder. Both separators are understood.
std::optional<std::string> childPath(const std::string& parent, const std::string& name);

/// Reads every file reachable from the block's root once, converts its nodes and writes their GLBs
/// into `outputFolder`. If the root itself is missing or unreadable, the files that nobody names
/// become the roots, so that the block loses one level and not everything.
/// Files and nodes run in parallel as `context` allows. Fails only on a failed output or placement.
tiles3d::base::Result<ConvertedFiles> convertFiles(const BlockTask& task,
                                                   const std::filesystem::path& outputFolder,
                                                   const sources::OsgbRuntime& runtime,
                                                   const tiles3d::crs::Transform& transform,
                                                   const engine::UnitContext& context);

} // namespace pipeline::oblique
