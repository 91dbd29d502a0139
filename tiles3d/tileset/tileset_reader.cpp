#include "tiles3d/tileset/tileset_io.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace tiles3d::tileset {

using base::Error;
using base::Json;
using base::Result;

namespace {

constexpr std::size_t kMaxTiles = 2'000'000; ///< Of one file; ours hold some thousands.

/// Reads tiles and keeps what was odd. Fails through `problem`, checked by the caller.
class Reader {
public:
    std::vector<std::string> warnings;
    std::string problem;

    /// `tilesetError` is for a root that states none, metres; `schema` may be null.
    Reader(double tilesetError, std::shared_ptr<const Json> schema)
        : rootError_(tilesetError), schema_(std::move(schema)) {}

    Tile readTile(const Json& json, const std::string& path, const Tile* parent) {
        Tile tile;
        if (!json.isObject()) {
            fail(path, "is not an object");
            return tile;
        }
        if (++tiles_ > kMaxTiles) {
            fail(path, fmt::format("more than {} tiles in one file", kMaxTiles));
            return tile;
        }
        readVolumes(json, path, tile);
        readError(json, path, parent, tile);
        tile.refine = readRefine(json["refine"], path, parent);
        readTransform(json["transform"], path, tile);
        readContents(json, path, tile);
        tile.extras = json["extras"];
        readImplicitTiling(json, path, tile);
        const auto& children = json["children"].items();
        tile.children.reserve(children.size());
        for (std::size_t i = 0; i < children.size() && problem.empty(); ++i) {
            tile.children.push_back(
                readTile(children[i], fmt::format("{}/children[{}]", path, i), &tile));
        }
        return tile;
    }

    void warn(const std::string& path, const std::string& what) {
        constexpr std::size_t kMostWarnings = 100;
        if (warnings.size() < kMostWarnings) {
            warnings.push_back(path + ": " + what);
        }
    }

private:
    void fail(const std::string& path, const std::string& what) {
        if (problem.empty()) {
            problem = path + ": " + what;
        }
    }

    void readVolumes(const Json& json, const std::string& path, Tile& tile) {
        const auto volume = readVolume(json["boundingVolume"]);
        if (!volume) {
            fail(path, "has no boundingVolume that is a box, region or sphere of finite numbers");
            return;
        }
        tile.boundingVolume = *volume;
        tile.viewerRequestVolume = readOptionalVolume(json, "viewerRequestVolume", path);
    }

    std::optional<BoundingVolume>
    readOptionalVolume(const Json& json, const std::string& name, const std::string& path) {
        auto volume = readVolume(json[name]);
        if (!volume && json.has(name)) {
            warn(path, name + " is no box, region or sphere of finite numbers and left out");
        }
        return volume;
    }

    static std::optional<std::vector<double>> finiteNumbers(const Json& array, std::size_t count) {
        if (array.items().size() != count) {
            return std::nullopt;
        }
        std::vector<double> values;
        for (const Json& item : array.items()) {
            if (!item.isNumber() || !std::isfinite(item.numberOr(0.0))) {
                return std::nullopt;
            }
            values.push_back(item.numberOr(0.0));
        }
        return values;
    }

    static std::optional<BoundingVolume> readVolume(const Json& json) {
        constexpr std::size_t kBox = 12;
        constexpr std::size_t kRegion = 6;
        constexpr std::size_t kSphere = 4;
        if (const auto v = finiteNumbers(json["box"], kBox)) {
            const auto at = [&](std::size_t i) {
                return glm::dvec3((*v)[i], (*v)[i + 1], (*v)[i + 2]);
            };
            return Box{at(0), glm::dmat3(at(3), at(6), at(9))};
        }
        if (const auto v = finiteNumbers(json["region"], kRegion)) {
            return Region{geo::Angle::radians((*v)[0]),
                          geo::Angle::radians((*v)[1]),
                          geo::Angle::radians((*v)[2]),
                          geo::Angle::radians((*v)[3]),
                          (*v)[4],
                          (*v)[5]};
        }
        if (const auto v = finiteNumbers(json["sphere"], kSphere); v && v->back() >= 0.0) {
            return Sphere{glm::dvec3((*v)[0], (*v)[1], (*v)[2]), (*v)[3]};
        }
        return std::nullopt;
    }

    void readError(const Json& json, const std::string& path, const Tile* parent, Tile& tile) {
        const double error = json["geometricError"].numberOr(-1.0);
        if (error >= 0.0 && std::isfinite(error)) {
            tile.geometricErrorMetres = error;
            return;
        }
        const bool isLeaf = json["children"].items().empty() && !json.has("implicitTiling");
        const double above = parent != nullptr ? parent->geometricErrorMetres / 2.0 : rootError_;
        tile.geometricErrorMetres = isLeaf ? 0.0 : above;
        warn(path, fmt::format("no usable geometricError; {} is taken", tile.geometricErrorMetres));
    }

    Refine readRefine(const Json& json, const std::string& path, const Tile* parent) {
        const std::string word = json.stringOr("");
        if (word == "ADD" || word == "add") {
            noteLowerCase(word, path);
            return Refine::Add;
        }
        if (word == "REPLACE" || word == "replace") {
            noteLowerCase(word, path);
            return Refine::Replace;
        }
        if (parent == nullptr) {
            warn(path, "the root states no refine; REPLACE is taken");
        }
        return parent != nullptr ? parent->refine : Refine::Replace;
    }

    void noteLowerCase(const std::string& word, const std::string& path) {
        if (word == "add" || word == "replace") {
            warn(path, "refine in lower case");
        }
    }

    void readTransform(const Json& json, const std::string& path, Tile& tile) {
        constexpr std::size_t kMatrix = 16;
        if (json.isNull()) {
            return;
        }
        const auto values = finiteNumbers(json, kMatrix);
        if (!values) {
            fail(path, "its transform is not 16 finite numbers");
            return;
        }
        for (std::size_t i = 0; i < kMatrix; ++i) {
            tile.transform[static_cast<int>(i / 4)][static_cast<int>(i % 4)] = (*values)[i];
        }
    }

    void readContents(const Json& json, const std::string& path, Tile& tile) {
        if (json["content"].isObject()) {
            readContent(json["content"], path, tile);
        }
        for (const Json& content : json["contents"].items()) {
            readContent(content, path, tile);
        }
    }

    void readContent(const Json& json, const std::string& path, Tile& tile) {
        Content content;
        content.uri = json["uri"].stringOr("");
        if (content.uri.empty()) {
            content.uri = json["url"].stringOr("");
            if (content.uri.empty()) {
                warn(path, "a content without a uri is left out");
                return;
            }
            warn(path, "content has \"url\", the name before version 1.0");
        }
        content.boundingVolume = readOptionalVolume(json, "boundingVolume", path + "/content");
        tile.contents.push_back(std::move(content));
    }

    void readImplicitTiling(const Json& json, const std::string& path, Tile& tile) {
        if (json["extensions"].has("3DTILES_implicit_tiling")) {
            fail(path,
                 "the extension 3DTILES_implicit_tiling is not read, only the implicit "
                 "tiling of 3D Tiles 1.1");
        }
        const Json& implicit = json["implicitTiling"];
        if (!json.has("implicitTiling") || !problem.empty()) {
            return;
        }
        const std::string scheme = implicit["subdivisionScheme"].stringOr("");
        if (scheme != "QUADTREE" && scheme != "OCTREE") {
            fail(path, "implicit tiling neither QUADTREE nor OCTREE, but \"" + scheme + "\"");
        }
        constexpr std::int64_t kMostLevels = 1000; // above every limit, and an int
        const auto levels = [&](const char* name) {
            return static_cast<int>(
                std::clamp<std::int64_t>(implicit[name].integerOr(0), 0, kMostLevels));
        };
        tile.implicitTiling = ImplicitTiling{
            .subdivision = scheme == "OCTREE" ? Subdivision::Octree : Subdivision::Quadtree,
            .subtreeLevels = levels("subtreeLevels"),
            .availableLevels = levels("availableLevels"),
            .subtreesUri = implicit["subtrees"]["uri"].stringOr(""),
            .subtreeRoot = {},
            .schema = schema_};
        for (const std::string& found : problemsOf(*tile.implicitTiling)) {
            fail(path, found);
        }
    }

    double rootError_ = 0.0;
    std::shared_ptr<const Json> schema_;
    std::size_t tiles_ = 0;
};

std::vector<std::string> readNames(const Json& array) {
    std::vector<std::string> names;
    for (const Json& item : array.items()) {
        names.push_back(item.stringOr(""));
    }
    return names;
}

mesh::UpAxis readUpAxis(const Json& json, Reader& reader) {
    const std::string axis = json.stringOr("Y");
    if (axis == "X" || axis == "x") {
        return mesh::UpAxis::X;
    }
    if (axis == "Z" || axis == "z") {
        return mesh::UpAxis::Z;
    }
    if (axis != "Y" && axis != "y") {
        reader.warn("asset", "gltfUpAxis \"" + axis + "\" is no axis; Y is taken");
    }
    return mesh::UpAxis::Y;
}

} // namespace

Result<ReadResult> readTileset(std::string_view text) {
    const Result<Json> json = base::parseJson(text);
    if (!json) {
        return json.error();
    }
    if (!(*json)["root"].isObject()) {
        return Error{"no root tile: this is not a tileset.json"};
    }
    ReadResult result;
    const double stated = (*json)["geometricError"].numberOr(-1.0);
    Tileset& tileset = result.tileset;
    tileset.schema = (*json)["schema"];
    Reader reader(stated >= 0.0 ? stated : 0.0,
                  tileset.schema.isNull() ? nullptr : std::make_shared<const Json>(tileset.schema));
    if ((*json).has("schemaUri")) {
        reader.warn("schemaUri", "a schema outside of the file is not read");
    }
    tileset.asset.version = (*json)["asset"]["version"].stringOr("");
    tileset.asset.tilesetVersion = (*json)["asset"]["tilesetVersion"].stringOr("");
    if (tileset.asset.version != "1.0" && tileset.asset.version != "1.1") {
        reader.warn("asset", "version \"" + tileset.asset.version + "\" is neither 1.0 nor 1.1");
    }
    tileset.gltfUpAxis = readUpAxis((*json)["asset"]["gltfUpAxis"], reader);
    tileset.root = reader.readTile((*json)["root"], "root", nullptr);
    if (!reader.problem.empty()) {
        return Error{reader.problem};
    }
    tileset.geometricErrorMetres = stated >= 0.0 ? stated : tileset.root.geometricErrorMetres;
    tileset.extensionsUsed = readNames((*json)["extensionsUsed"]);
    tileset.extensionsRequired = readNames((*json)["extensionsRequired"]);
    tileset.metadata = (*json)["metadata"];
    tileset.extras = (*json)["extras"];
    result.warnings = std::move(reader.warnings);
    return result;
}

} // namespace tiles3d::tileset
