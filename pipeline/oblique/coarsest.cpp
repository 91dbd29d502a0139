#include "pipeline/oblique/coarsest.h"

#include "tiles3d/base/file.h"
#include "tiles3d/base/uri.h"
#include "tiles3d/tileset/tileset_io.h"

namespace pipeline::oblique {

using tiles3d::base::Result;
using tiles3d::tileset::Tile;
namespace fs = std::filesystem;

namespace {

void addCoarsest(const Tile& tile,
                 const glm::dmat4& above,
                 const fs::path& folder,
                 std::vector<PlacedContent>& contents) {
    const glm::dmat4 own = above * tile.transform;
    if (tile.contents.empty()) {
        for (const Tile& child : tile.children) {
            addCoarsest(child, own, folder, contents);
        }
    }
    for (const tiles3d::tileset::Content& content : tile.contents) {
        if (const auto file = tiles3d::base::localPath(folder, content.uri)) {
            contents.push_back({.file = *file, .transform = own});
        }
    }
}

} // namespace

std::vector<PlacedContent> coarsestContents(const Tile& root, const fs::path& folder) {
    std::vector<PlacedContent> contents;
    addCoarsest(root, glm::dmat4(1.0), folder, contents);
    return contents;
}

Result<std::vector<PlacedContent>> coarsestContents(const fs::path& tileset) {
    const auto text = tiles3d::base::readTextFile(tileset);
    if (!text) {
        return text.error();
    }
    const auto read = tiles3d::tileset::readTileset(*text);
    if (!read) {
        return tiles3d::base::within(tiles3d::base::toUtf8(tileset), read.error());
    }
    return coarsestContents(read->tileset.root, tileset.parent_path());
}

} // namespace pipeline::oblique
