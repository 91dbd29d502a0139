#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/geo/enu_frame.h"
#include "tiles3d/select/select.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace tests {

/// A built city on disk as the selection walks it. Contents are not decoded, and tileset files
/// below the root are read when asked for.
class TilesetFolder {
public:
    /// Reads FOLDER/tileset.json.
    static tiles3d::base::Result<TilesetFolder> open(const std::filesystem::path& folder);

    const std::filesystem::path& path() const { return path_; }
    const tiles3d::select::SelectionTree& tree() const { return tree_; }
    const tiles3d::select::Node& node(std::size_t index) const { return tree_.nodes()[index]; }
    /// The viewer's scene frame for this city.
    const tiles3d::geo::EnuFrame& sceneFrame() const { return frame_; }

    /// Reads the tileset file (or subtree file) that the node names and hangs it below the node.
    /// REQUIRES: the node names one, not attached yet.
    tiles3d::base::Status attach(std::size_t node);
    /// attach() until the tree is whole.
    tiles3d::base::Status attachAll();

    /// Size of the file of a resolved URI; fails if there is none.
    tiles3d::base::Result<std::uint64_t> fileBytes(const std::string& uri) const;

    /// The tiles that take over from a node: of each branch below it the first with content, or
    /// nothing where a branch has none. REQUIRES: what lies below is attached.
    std::vector<std::size_t> takingOver(std::size_t node) const;
    /// The finest tiles below a node, itself not among them. REQUIRES: as takingOver().
    std::vector<std::size_t> leavesBelow(std::size_t node) const;

private:
    TilesetFolder(std::filesystem::path path, const tiles3d::tileset::Tileset& root);
    tiles3d::base::Result<tiles3d::tileset::Tileset>
    readExternal(const tiles3d::select::Node& node) const;

    std::filesystem::path path_;
    tiles3d::select::SelectionTree tree_;
    tiles3d::geo::EnuFrame frame_;
};

} // namespace tests
