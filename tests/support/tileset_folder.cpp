#include "tests/support/tileset_folder.h"

#include "tiles3d/base/file.h"
#include "tiles3d/base/uri.h"
#include "tiles3d/tileset/subtree.h"
#include "tiles3d/tileset/tileset_io.h"
#include "viewer/stream/tileset_session.h"

#include <fmt/format.h>

#include <system_error>
#include <utility>

namespace tests {

namespace {

namespace base = tiles3d::base;
namespace fs = std::filesystem;
namespace select = tiles3d::select;
namespace tileset = tiles3d::tileset;

constexpr const char* kRootName = "tileset.json";

base::Result<tileset::Tileset> readTilesetFile(const fs::path& folder, const std::string& uri) {
    const auto file = base::localPath(folder, uri);
    if (!file) {
        return file.error();
    }
    const auto text = base::readTextFile(*file);
    if (!text) {
        return text.error();
    }
    auto read = tileset::readTileset(*text);
    if (!read) {
        return base::within(base::toUtf8(*file), read.error());
    }
    return std::move(read->tileset);
}

} // namespace

TilesetFolder::TilesetFolder(fs::path path, const tileset::Tileset& root)
    : path_(std::move(path)), tree_(root, kRootName),
      frame_(viewer::stream::sceneFrameOf(tree_.nodes().front().volumeEcef)) {}

base::Result<TilesetFolder> TilesetFolder::open(const fs::path& folder) {
    const auto root = readTilesetFile(folder, kRootName);
    if (!root) {
        return root.error();
    }
    return TilesetFolder(folder, *root);
}

base::Result<tileset::Tileset> TilesetFolder::readExternal(const select::Node& node) const {
    if (!node.subtree) {
        return readTilesetFile(path_, node.externalUri);
    }
    const auto file = base::localPath(path_, node.externalUri);
    const auto bytes = file ? base::readFile(*file) : base::Result<base::Bytes>(file.error());
    if (!bytes) {
        return bytes.error();
    }
    const tileset::Tile& tile = node.subtree->tile;
    const auto subtree = tileset::readSubtree(*bytes, *tile.implicitTiling);
    if (!subtree) {
        return base::within(base::toUtf8(*file), subtree.error());
    }
    return tileset::Tileset{.root = tileset::expandSubtree(tile, *subtree)};
}

base::Status TilesetFolder::attach(std::size_t node) {
    const auto external = readExternal(tree_.nodes()[node]);
    if (!external) {
        return external.error();
    }
    tree_.attach(node, *external);
    return base::ok();
}

base::Status TilesetFolder::attachAll() {
    for (std::size_t i = 0; i < tree_.nodes().size(); ++i) { // grows on the way
        if (tree_.nodes()[i].externalUri.empty() || tree_.nodes()[i].externalAttached) {
            continue;
        }
        if (const auto attached = attach(i); !attached) {
            return attached.error();
        }
    }
    return base::ok();
}

base::Result<std::uint64_t> TilesetFolder::fileBytes(const std::string& uri) const {
    const auto file = base::localPath(path_, uri);
    if (!file) {
        return file.error();
    }
    std::error_code error;
    const std::uint64_t bytes = fs::file_size(*file, error);
    if (error) {
        return base::Error{fmt::format("{}: {}", base::toUtf8(*file), error.message())};
    }
    return bytes;
}

std::vector<std::size_t> TilesetFolder::takingOver(std::size_t node) const {
    std::vector<std::size_t> found;
    for (const std::size_t child : tree_.nodes()[node].children) {
        if (!tree_.nodes()[child].contentUris.empty()) {
            found.push_back(child);
            continue;
        }
        const auto below = takingOver(child);
        found.insert(found.end(), below.begin(), below.end());
    }
    return found;
}

std::vector<std::size_t> TilesetFolder::leavesBelow(std::size_t node) const {
    std::vector<std::size_t> leaves;
    for (const std::size_t tile : takingOver(node)) {
        const auto below = leavesBelow(tile);
        if (below.empty()) {
            leaves.push_back(tile);
        }
        leaves.insert(leaves.end(), below.begin(), below.end());
    }
    return leaves;
}

} // namespace tests
