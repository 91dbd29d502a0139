#pragma once

#include "pipeline/oblique/block_files.h"
#include "pipeline/oblique/block_task.h"
#include "pipeline/oblique/tile_tree.h"

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace pipeline::oblique {

/// The folders of task.links, relative to task.folder.
std::set<std::string> linkedFolders(const BlockTask& task);

/// `file` lies in one of the folders or below. All are relative to one and the same folder.
bool isInAny(const std::set<std::string>& folders, const std::string& file);

/// The .osgb files that belong to the task, relative to its folder, sorted: all below that folder,
/// or for a top all below its root's that are in no linked folder.
std::vector<std::string> ownFiles(const BlockTask& task);

/// Where converted files name the root of a linked block, the tree goes on in that block's tileset.
/// A name that leads to no file, but ends like one block's root (TILE/TILE.osgb), means that block:
/// it was relative to a database path of another machine. A block is linked once; what names it
/// again, or names one without tiles, is a failure.
void insertLinks(const BlockTask& task, ConvertedFiles& converted);

/// Gives the tiles of tree.links their content, the blocks' tilesets.
void nameLinks(TileTree& tree);

/// The numbers of those task.links that have tiles and are not in the tree.
std::vector<std::size_t> unlinked(const BlockTask& task, const TileTree& tree);

} // namespace pipeline::oblique
