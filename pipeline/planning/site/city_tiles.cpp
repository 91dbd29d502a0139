#include "pipeline/planning/site/city_tiles.h"

#include "tiles3d/base/file.h"
#include "tiles3d/base/uri.h"
#include "tiles3d/tileset/subtree.h"
#include "tiles3d/tileset/tileset_io.h"

#include <algorithm>
#include <set>

namespace pipeline::planning::site {

namespace ts = tiles3d::tileset;
namespace fs = std::filesystem;

using tiles3d::base::Error;
using tiles3d::base::Result;
using tiles3d::base::toUtf8;

namespace {

/// Where a tile stands: the file that its URIs are relative to, and what is above it.
struct Place {
    fs::path tilesetFile;
    glm::dmat4 toEcef{1.0};
    tiles3d::mesh::UpAxis upAxis = tiles3d::mesh::UpAxis::Y;
    double errorAboveMetres = 0.0;
};

class Walker {
public:
    Walker(const fs::path& city, const IsWanted& isWanted) : city_(city), isWanted_(isWanted) {}

    Result<CityContents> walk() {
        const Result<ts::ReadResult> root = readTileset(city_ / "tileset.json");
        if (!root) {
            return root.error();
        }
        visit(root->tileset.root,
              {.tilesetFile = city_ / "tileset.json", .upAxis = root->tileset.gltfUpAxis});
        return std::move(found_);
    }

private:
    Result<ts::ReadResult> readTileset(const fs::path& file) {
        constexpr std::size_t kMostFiles = 100'000;
        if (files_.size() >= kMostFiles || !files_.insert(file).second) {
            return Error{toUtf8(file) + ": points at itself, or there are too many files"};
        }
        const Result<std::string> text = tiles3d::base::readTextFile(file);
        return text ? ts::readTileset(*text) : Result<ts::ReadResult>(text.error());
    }

    void visit(const ts::Tile& tile, Place place) {
        place.toEcef *= tile.transform;
        if (!isWanted_(ts::transformed(tile.boundingVolume, place.toEcef))) {
            return;
        }
        if (tile.implicitTiling) {
            visitSubtree(tile, place);
            return;
        }
        for (const ts::Content& content : tile.contents) {
            if (ts::isExternalTileset(content.uri)) {
                visitExternal(content.uri, place);
            } else if (tile.children.empty() || tile.refine == ts::Refine::Add) {
                add(content.uri, tile, place);
            }
        }
        place.errorAboveMetres = tile.geometricErrorMetres;
        for (const ts::Tile& child : tile.children) {
            visit(child, place);
        }
    }

    void visitExternal(const std::string& uri, const Place& place) {
        const auto file = tiles3d::base::localPath(place.tilesetFile.parent_path(), uri);
        const Result<ts::ReadResult> read =
            file ? readTileset(*file) : Result<ts::ReadResult>(file.error());
        if (!read) {
            found_.remarks.push_back(read.error().message);
            return;
        }
        Place below = place;
        below.tilesetFile = *file;
        below.upAxis = read->tileset.gltfUpAxis;
        visit(read->tileset.root, below);
    }

    /// The subtree's root comes in the implicit tile's place, in whose frame it lies.
    void visitSubtree(const ts::Tile& tile, const Place& place) {
        const fs::path folder = place.tilesetFile.parent_path();
        const auto file = tiles3d::base::localPath(folder, ts::subtreeUri(*tile.implicitTiling));
        const auto bytes =
            file ? tiles3d::base::readFile(*file) : Result<tiles3d::base::Bytes>(file.error());
        const auto readBuffer = [&](const std::string& uri) -> Result<tiles3d::base::Bytes> {
            const auto buffer = tiles3d::base::localPath(file->parent_path(), uri);
            return buffer ? tiles3d::base::readFile(*buffer) : buffer.error();
        };
        const auto subtree = bytes ? ts::readSubtree(*bytes, *tile.implicitTiling, readBuffer)
                                   : Result<ts::Subtree>(bytes.error());
        if (!subtree) {
            found_.remarks.push_back(subtree.error().message);
            return;
        }
        visit(ts::expandSubtree(tile, *subtree), place);
    }

    void add(const std::string& uri, const ts::Tile& tile, const Place& place) {
        const auto file = tiles3d::base::localPath(place.tilesetFile.parent_path(), uri);
        if (!file) {
            found_.remarks.push_back(file.error().message);
            return;
        }
        constexpr double kHalf = 0.5; // levels halve
        found_.contents.push_back({.file = *file,
                                   .toEcef = place.toEcef,
                                   .upAxis = place.upAxis,
                                   .part = partOf(*file),
                                   .uncertaintyMetres = std::max(tile.geometricErrorMetres,
                                                                 kHalf * place.errorAboveMetres)});
    }

    CityPart partOf(const fs::path& file) const {
        const fs::path relative = file.lexically_relative(city_);
        const std::string folder = relative.empty() ? "" : relative.begin()->string();
        return folder == "terrain"  ? CityPart::Terrain
               : folder == "models" ? CityPart::Design
                                    : CityPart::Surface;
    }

    const fs::path& city_;
    const IsWanted& isWanted_;
    std::set<fs::path> files_;
    CityContents found_;
};

} // namespace

Result<CityContents> finestContents(const fs::path& city, const IsWanted& isWanted) {
    const fs::path folder = city.lexically_normal();
    return Walker(folder, isWanted).walk();
}

} // namespace pipeline::planning::site
