#pragma once

#include "pipeline/oblique/block_files.h"
#include "pipeline/oblique/block_task.h"
#include "tiles3d/base/result.h"
#include "tiles3d/tileset/tileset.h"

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pipeline::oblique {

/// A block's tiles, and what became of its inputs.
struct TileTree {
    std::optional<tiles3d::tileset::Tile> root; ///< Block's ENU frame; nothing if no tile is left.
    tiles3d::tileset::Limits limits;            ///< Of all content.
    std::set<std::string> contentFiles;         ///< In use; every other GLB is left over.
    BlockResult result;                         ///< All but placement and box.
    /// Of the task, in the tree's order: where it goes on. Their tiles, leaves without content, get
    /// it by nameLinks().
    std::vector<const BlockLink*> links;
};

/// Assembles the tree from the converted files, one tile per OsgbNode, depth first in the order of
/// the files, so that the same files give the same tree.
/// - A link is a leaf with the block's error; those above it are at least twice as large, level by
///   level.
/// - Geometric error: 16 x the handover, 0 at leaves, strictly falling; where a range says nothing
///   it comes from the texels (32 x metres per texel) between twice the children's and half of the
///   parent's.
/// - A child that is missing, unreadable, empty or part of a cycle is a loss; the parent's geometry
///   stays in its place; a root has none, so what is below it stays. With siblings that are there,
///   the parent's triangles outside their boxes become a tile of their own, written into
///   `outputFolder`.
/// - A file of which task.newer leaves nothing is no loss and has nothing in its place. Where that
///   holds for all children of a node, nothing of the node stays either.
/// - Chains (Chains::Drop, when converting): coarse levels above the first that shows more or other
///   areas than the root are left out, the pyramid above the blocks takes their place; farther
///   down, a tile whose only child shows the same area with less than twice the detail.
/// Fails only on a failed output.
tiles3d::base::Result<TileTree> assembleTree(const ConvertedFiles& converted,
                                             const BlockTask& task,
                                             const std::filesystem::path& outputFolder);

} // namespace pipeline::oblique
