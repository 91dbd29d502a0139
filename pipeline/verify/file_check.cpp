#include "pipeline/verify/file_check.h"

#include "pipeline/verify/schema_check.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/uri.h"
#include "tiles3d/tileset/subtree.h"
#include "tiles3d/tileset/tileset_io.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <system_error>
#include <utility>

namespace pipeline::verify {

using tiles3d::base::Json;
using tiles3d::base::Result;
namespace ts = tiles3d::tileset;

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostBytes = std::uint64_t{256} << 20U; ///< Of a tileset or subtree.

class FileCheck {
public:
    FileCheck(const fs::path& out, const Pending& pending, std::size_t maxFindings)
        : out_(out), pending_(pending), name_(nameIn(out, pending.file)),
          citySchema_(pending.citySchema), result_{.findings = Findings(maxFindings)},
          note_([this](Severity severity, const std::string& where, const std::string& message) {
              result_.findings.add({severity, name_, where, message});
          }) {}

    FileResult run() {
        if (pending_.implicitTile) {
            checkSubtree(*pending_.implicitTile);
        } else {
            checkTileset();
        }
        return std::move(result_);
    }

private:
    void checkTileset() {
        const auto text = tiles3d::base::readTextFile(pending_.file, kMostBytes);
        const auto json = text ? tiles3d::base::parseJson(*text) : Result<Json>(text.error());
        if (!json) {
            note_(Severity::Error, "", json.error().message);
            return;
        }
        checkSchema(*json, note_);
        const auto read = ts::readTileset(*text);
        if (!read) {
            note_(Severity::Error, "", read.error().message);
            return;
        }
        ++result_.totals.tilesets;
        checkValues(read->tileset);
        checkClasses(read->tileset.schema);
        visit(read->tileset.root, pending_.above, "root", pending_.errorAbove);
    }

    /// CesiumJS (1.140) understands all metadata through the schema of the file that it opens
    /// first, and fails on subtrees whose class that one lacks.
    void checkClasses(const Json& schema) {
        if (!citySchema_) {
            citySchema_ = std::make_shared<const Json>(schema);
        }
        for (const Json::Member& member : schema["classes"].members()) {
            if ((*citySchema_)["classes"][member.first].dump() != member.second.dump()) {
                note_(Severity::Error,
                      "schema",
                      "the city's tileset.json has no class \"" + member.first +
                          "\" like this one, and clients look only there");
            }
        }
    }

    void checkSubtree(const ts::Tile& implicitTile) {
        const ts::ImplicitTiling& tiling = *implicitTile.implicitTiling;
        const auto bytes = tiles3d::base::readFile(pending_.file, kMostBytes);
        const auto subtree =
            bytes ? ts::readSubtree(
                        *bytes, tiling, [this](const std::string& uri) { return readBuffer(uri); })
                  : Result<ts::Subtree>(bytes.error());
        if (!subtree) {
            note_(Severity::Error, "", subtree.error().message);
            return;
        }
        for (const std::string& problem : subtree->problems) {
            note_(Severity::Error, "", problem);
        }
        if (subtree->contents.size() != implicitTile.contents.size()) {
            note_(Severity::Error,
                  "",
                  fmt::format("{} contents a tile, the tileset has {}",
                              subtree->contents.size(),
                              implicitTile.contents.size()));
        }
        if (!subtree->tiles[0]) {
            note_(Severity::Error, "", "its root tile is not available");
        }
        visit(ts::expandSubtree(implicitTile, *subtree),
              pending_.above,
              ts::fillTemplate("tile {level}/{x}/{y}/{z}", tiling.subtreeRoot),
              pending_.errorAbove);
    }

    Result<tiles3d::base::Bytes> readBuffer(const std::string& uri) {
        const std::optional<fs::path> file = fileOf(uri, pending_.file, "");
        if (!file) {
            return tiles3d::base::Error{uri + ": not a file of the city"};
        }
        result_.buffers.push_back(*file);
        return tiles3d::base::readFile(*file, kMostBytes);
    }

    /// "root/children[0]: why" is a place and a message.
    void checkValues(const ts::Tileset& tileset) {
        for (const std::string& problem : ts::validate(tileset)) {
            const std::size_t colon = problem.find(": ");
            const bool hasPlace = problem.starts_with("root") && colon != std::string::npos;
            note_(Severity::Error,
                  hasPlace ? problem.substr(0, colon) : "",
                  hasPlace ? problem.substr(colon + 2) : problem);
        }
    }

    void visit(const ts::Tile& tile,
               const TilePath& above,
               const std::string& where,
               const std::optional<ErrorAbove>& errorAbove) {
        if (tile.implicitTiling) {
            visitSubtree(tile, above, where, errorAbove);
            return;
        }
        TilePath path = above;
        path.where = where;
        path.toEcef = above.toEcef * tile.transform;
        path.volumes.push_back(ts::transformed(tile.boundingVolume, path.toEcef));
        checkTile(tile, path, errorAbove, note_);
        result_.totals.tiles += hasContent(tile) ? 1U : 0U;
        for (const ts::Content& content : tile.contents) {
            visitContent(content, tile, path);
        }
        for (std::size_t i = 0; i < tile.children.size(); ++i) {
            visit(tile.children[i],
                  path,
                  fmt::format("{}/children[{}]", where, i),
                  ErrorAbove{.metres = tile.geometricErrorMetres,
                             .isOtherFile = pending_.implicitTile.has_value(),
                             .mayBeEqual = onlyPoints(tile.children[i])});
        }
    }

    /// The subtree's root will be checked in this tile's place, when the subtree is read.
    void visitSubtree(const ts::Tile& tile,
                      const TilePath& above,
                      const std::string& where,
                      const std::optional<ErrorAbove>& errorAbove) {
        const std::optional<fs::path> file =
            fileOf(ts::subtreeUri(*tile.implicitTiling), tilesetFile(), where);
        if (!file) {
            return;
        }
        Pending below{.file = *file,
                      .above = above,
                      .errorAbove = errorAbove,
                      .implicitTile = tile,
                      .tilesetFile = tilesetFile()};
        below.above.where = where;
        below.above.toEcef = above.toEcef * tile.transform;
        result_.externals.push_back(std::move(below));
    }

    const fs::path& tilesetFile() const {
        return pending_.implicitTile ? pending_.tilesetFile : pending_.file;
    }

    static bool hasContent(const ts::Tile& tile) {
        return std::ranges::any_of(tile.contents, [](const ts::Content& content) {
            return !ts::isExternalTileset(content.uri);
        });
    }

    /// A tile that stands for the root of another tileset.
    static bool onlyPoints(const ts::Tile& tile) {
        return tile.isLeaf() && tile.contents.size() == 1 &&
               ts::isExternalTileset(tile.contents.front().uri);
    }

    /// The file that a URI in the file `base` names, if it is one inside the city's folder.
    std::optional<fs::path>
    fileOf(const std::string& uri, const fs::path& base, const std::string& where) {
        const bool isRelative = uri.find("://") == std::string::npos && !uri.starts_with('/');
        const auto file = tiles3d::base::localPath(base.parent_path(), uri);
        if (!file || !isRelative) {
            note_(Severity::Error, where, uri + " is not a relative URI of a file");
            return std::nullopt;
        }
        const fs::path relative = file->lexically_relative(out_);
        if (relative.empty() || *relative.begin() == ".." ||
            file->native().find('\0') != std::string::npos) {
            note_(Severity::Error, where, uri + " leads out of the city's folder");
            return std::nullopt;
        }
        if (isLinkOutside(*file)) {
            note_(Severity::Error, where, uri + " is a link out of the city's folder");
            return std::nullopt;
        }
        return *file;
    }

    /// A copy of the folder would lack what lies behind the link. REQUIRES: out_ is canonical.
    bool isLinkOutside(const fs::path& file) const {
        std::error_code failed;
        const fs::path real = fs::canonical(file, failed);
        return !failed && *real.lexically_relative(out_).begin() == "..";
    }

    void visitContent(const ts::Content& content, const ts::Tile& tile, const TilePath& path) {
        const std::optional<fs::path> file = fileOf(content.uri, tilesetFile(), path.where);
        if (!file) {
            return;
        }
        if (ts::isExternalTileset(content.uri)) {
            result_.externals.push_back(
                {.file = *file,
                 .above = path,
                 .errorAbove = ErrorAbove{.metres = tile.geometricErrorMetres,
                                          .isOtherFile = true,
                                          .mayBeEqual = onlyPoints(tile)},
                 .citySchema = citySchema_});
            return;
        }
        ContentJob job{.file = *file, .path = path, .ownVolume = std::nullopt};
        if (content.boundingVolume) {
            job.ownVolume = ts::transformed(*content.boundingVolume, path.toEcef);
        }
        result_.contents.push_back(std::move(job));
    }

    const fs::path& out_;
    const Pending& pending_;
    std::string name_;
    std::shared_ptr<const Json> citySchema_;
    FileResult result_;
    Note note_;
};

} // namespace

std::string nameIn(const fs::path& out, const fs::path& file) {
    return tiles3d::base::toUtf8(file.lexically_relative(out));
}

FileResult checkFile(const fs::path& out, const Pending& pending, std::size_t maxFindings) {
    return FileCheck(out, pending, maxFindings).run();
}

} // namespace pipeline::verify
