#include "tiles3d/tileset/tileset_io.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tiles3d::tileset {

using base::Error;
using base::Json;
using base::Result;

namespace {

bool isFinite(double value) {
    return std::isfinite(value);
}

bool isFinite(const glm::dvec3& v) {
    return isFinite(v.x) && isFinite(v.y) && isFinite(v.z);
}

std::string problemOf(const BoundingVolume& volume) {
    if (const auto* box = std::get_if<Box>(&volume)) {
        const bool isSound = isFinite(box->centre) && isFinite(box->halfAxes[0]) &&
                             isFinite(box->halfAxes[1]) && isFinite(box->halfAxes[2]);
        return isSound ? "" : "the box has numbers that are not finite";
    }
    if (const auto* sphere = std::get_if<Sphere>(&volume)) {
        const bool isSound = isFinite(sphere->centre) && sphere->radiusMetres > 0.0 &&
                             isFinite(sphere->radiusMetres);
        return isSound ? "" : "the sphere has no positive, finite radius";
    }
    const auto& region = std::get<Region>(volume);
    const bool isSound = isFinite(region.west.radians()) && isFinite(region.east.radians()) &&
                         isFinite(region.south.radians()) && isFinite(region.north.radians()) &&
                         isFinite(region.minimumHeightMetres) &&
                         isFinite(region.maximumHeightMetres);
    const bool isInOrder =
        region.south <= region.north && region.minimumHeightMetres <= region.maximumHeightMetres;
    return isSound && isInOrder ? "" : "the region's limits are not finite or not in order";
}

bool isAffine(const glm::dmat4& m) {
    for (int column = 0; column < 4; ++column) {
        for (int row = 0; row < 4; ++row) {
            if (!isFinite(m[column][row])) {
                return false;
            }
        }
    }
    return m[0][3] == 0.0 && m[1][3] == 0.0 && m[2][3] == 0.0 && m[3][3] == 1.0;
}

/// A URI reference as RFC 3986 allows it: ASCII without spaces, controls and delimiters like "<",
/// and after every '%' two hexadecimal digits.
bool isEncoded(const std::string& uri) {
    constexpr std::string_view kForbidden = " \"<>\\^`{|}";
    constexpr std::string_view kHex = "0123456789abcdefABCDEF";
    for (std::size_t i = 0; i < uri.size(); ++i) {
        const auto byte = static_cast<unsigned char>(uri[i]);
        const bool isAllowed =
            byte > 0x20U && byte < 0x7FU && kForbidden.find(uri[i]) == std::string_view::npos;
        const bool isBrokenEscape =
            uri[i] == '%' && (i + 2 >= uri.size() || kHex.find(uri[i + 1]) == kHex.npos ||
                              kHex.find(uri[i + 2]) == kHex.npos);
        if (!isAllowed || isBrokenEscape) {
            return false;
        }
    }
    return !uri.empty();
}

class Validation {
public:
    std::vector<std::string> problems;

    void check(const Tile& tile, const std::string& path, std::size_t depth = 0) {
        if (depth > kMaxTileDepth) {
            note(path, fmt::format("deeper than {} tiles in one file", kMaxTileDepth));
            return;
        }
        note(path, problemOf(tile.boundingVolume));
        if (tile.viewerRequestVolume) {
            note(path + "/viewerRequestVolume", problemOf(*tile.viewerRequestVolume));
        }
        if (!isFinite(tile.geometricErrorMetres) || tile.geometricErrorMetres < 0.0) {
            note(path, fmt::format("geometric error {}", tile.geometricErrorMetres));
        }
        if (!isAffine(tile.transform)) {
            note(path, "the transform is not affine and finite");
        }
        checkContents(tile, path);
        checkImplicitTiling(tile, path);
        for (std::size_t i = 0; i < tile.children.size(); ++i) {
            const Tile& child = tile.children[i];
            const std::string childPath = fmt::format("{}/children[{}]", path, i);
            if (child.geometricErrorMetres > tile.geometricErrorMetres) {
                note(childPath,
                     fmt::format("geometric error {} is above its parent's {}",
                                 child.geometricErrorMetres,
                                 tile.geometricErrorMetres));
            }
            check(child, childPath, depth + 1);
        }
    }

private:
    void checkContents(const Tile& tile, const std::string& path) {
        for (const Content& content : tile.contents) {
            if (!isEncoded(tile.implicitTiling ? fillTemplate(content.uri, {}) : content.uri)) {
                note(path, "content URI \"" + content.uri + "\" is empty or not percent-encoded");
            }
            if (content.boundingVolume) {
                note(path + "/content", problemOf(*content.boundingVolume));
            }
        }
    }

    void checkImplicitTiling(const Tile& tile, const std::string& path) {
        if (!tile.implicitTiling) {
            return;
        }
        for (const std::string& problem : problemsOf(*tile.implicitTiling)) {
            note(path, problem);
        }
        if (!isEncoded(fillTemplate(tile.implicitTiling->subtreesUri, {}))) {
            note(path, "the subtrees' URI is not percent-encoded");
        }
        if (tile.implicitTiling->subtreeRoot != TileCoordinates{}) {
            note(path, "an implicit tree starts below its root");
        }
        if (!tile.children.empty()) {
            note(path, "implicit tiling and children in one tile");
        }
        for (const Content& content : tile.contents) {
            if (content.boundingVolume || isExternalTileset(content.uri)) {
                note(path, "implicit content with a volume, or that is a tileset");
            }
        }
        if (std::holds_alternative<Sphere>(tile.boundingVolume)) {
            note(path, "implicit tiling of a sphere, which cannot be divided");
        }
    }

    void note(const std::string& path, const std::string& problem) {
        if (!problem.empty()) {
            problems.push_back(path + ": " + problem);
        }
    }
};

Json numbers(std::initializer_list<double> values) {
    Json array = Json::array();
    for (const double value : values) {
        array.push(value == 0.0 ? 0.0 : value); // never "-0.0"
    }
    return array;
}

Json volumeJson(const BoundingVolume& volume) {
    if (const auto* box = std::get_if<Box>(&volume)) {
        const glm::dvec3& c = box->centre;
        const glm::dmat3& h = box->halfAxes;
        return Json::object().set("box",
                                  numbers({c.x,
                                           c.y,
                                           c.z,
                                           h[0].x,
                                           h[0].y,
                                           h[0].z,
                                           h[1].x,
                                           h[1].y,
                                           h[1].z,
                                           h[2].x,
                                           h[2].y,
                                           h[2].z}));
    }
    if (const auto* sphere = std::get_if<Sphere>(&volume)) {
        const glm::dvec3& c = sphere->centre;
        return Json::object().set("sphere", numbers({c.x, c.y, c.z, sphere->radiusMetres}));
    }
    const auto& region = std::get<Region>(volume);
    return Json::object().set("region",
                              numbers({region.west.radians(),
                                       region.south.radians(),
                                       region.east.radians(),
                                       region.north.radians(),
                                       region.minimumHeightMetres,
                                       region.maximumHeightMetres}));
}

Json contentJson(const Content& content) {
    Json json = Json::object();
    if (content.boundingVolume) {
        json.set("boundingVolume", volumeJson(*content.boundingVolume));
    }
    return json.set("uri", content.uri);
}

Json implicitTilingJson(const ImplicitTiling& tiling) {
    return Json::object()
        .set("subdivisionScheme", tiling.subdivision == Subdivision::Octree ? "OCTREE" : "QUADTREE")
        .set("subtreeLevels", tiling.subtreeLevels)
        .set("availableLevels", tiling.availableLevels)
        .set("subtrees", Json::object().set("uri", tiling.subtreesUri));
}

Json transformJson(const glm::dmat4& transform) {
    Json array = Json::array();
    for (int column = 0; column < 4; ++column) {
        for (int row = 0; row < 4; ++row) {
            array.push(transform[column][row] == 0.0 ? 0.0 : transform[column][row]);
        }
    }
    return array;
}

Json tileJson(const Tile& tile, std::optional<Refine> inherited) {
    Json json = Json::object();
    json.set("boundingVolume", volumeJson(tile.boundingVolume));
    if (tile.viewerRequestVolume) {
        json.set("viewerRequestVolume", volumeJson(*tile.viewerRequestVolume));
    }
    json.set("geometricError", tile.geometricErrorMetres);
    if (inherited != tile.refine) {
        json.set("refine", tile.refine == Refine::Add ? "ADD" : "REPLACE");
    }
    if (tile.transform != glm::dmat4(1.0)) {
        json.set("transform", transformJson(tile.transform));
    }
    if (tile.contents.size() == 1) {
        json.set("content", contentJson(tile.contents.front()));
    } else if (!tile.contents.empty()) {
        Json contents = Json::array();
        for (const Content& content : tile.contents) {
            contents.push(contentJson(content));
        }
        json.set("contents", contents);
    }
    if (tile.implicitTiling) {
        json.set("implicitTiling", implicitTilingJson(*tile.implicitTiling));
    }
    if (!tile.children.empty()) {
        Json children = Json::array();
        for (const Tile& child : tile.children) {
            children.push(tileJson(child, tile.refine));
        }
        json.set("children", std::move(children));
    }
    if (!tile.extras.isNull()) {
        json.set("extras", tile.extras);
    }
    return json;
}

Json namesJson(const std::vector<std::string>& names) {
    Json array = Json::array();
    for (const std::string& name : names) {
        array.push(name);
    }
    return array;
}

} // namespace

bool isExternalTileset(const std::string& uri) {
    const std::string_view path = std::string_view(uri).substr(0, uri.find_first_of("?#"));
    return path.ends_with(".json") || path.ends_with(".JSON");
}

std::vector<std::string> validate(const Tileset& tileset) {
    Validation validation;
    if (tileset.asset.version != "1.0" && tileset.asset.version != "1.1") {
        validation.problems.push_back("asset: version \"" + tileset.asset.version +
                                      "\" is neither 1.0 nor 1.1");
    }
    if (tileset.gltfUpAxis != mesh::UpAxis::Y) {
        validation.problems.emplace_back("asset: gltfUpAxis is not part of 3D Tiles 1.1");
    }
    if (!isFinite(tileset.geometricErrorMetres) || tileset.geometricErrorMetres < 0.0) {
        validation.problems.push_back(
            fmt::format("tileset: geometric error {}", tileset.geometricErrorMetres));
    }
    if (tileset.geometricErrorMetres < tileset.root.geometricErrorMetres) {
        validation.problems.push_back(
            fmt::format("tileset: geometric error {} is below its root's {}",
                        tileset.geometricErrorMetres,
                        tileset.root.geometricErrorMetres));
    }
    validation.check(tileset.root, "root");
    return std::move(validation.problems);
}

Result<std::string> toJson(const Tileset& tileset, const WriteOptions& options) {
    const std::vector<std::string> problems = validate(tileset);
    if (!problems.empty()) {
        return Error{fmt::format("a tileset with {} problems is not written; the first: {}",
                                 problems.size(),
                                 problems.front())};
    }
    Json asset = Json::object().set("version", tileset.asset.version);
    if (!tileset.asset.tilesetVersion.empty()) {
        asset.set("tilesetVersion", tileset.asset.tilesetVersion);
    }
    Json json = Json::object().set("asset", asset);
    if (!tileset.schema.isNull()) {
        json.set("schema", tileset.schema);
    }
    if (!tileset.metadata.isNull()) {
        json.set("metadata", tileset.metadata);
    }
    json.set("geometricError", tileset.geometricErrorMetres);
    if (!tileset.extensionsUsed.empty()) {
        json.set("extensionsUsed", namesJson(tileset.extensionsUsed));
    }
    if (!tileset.extensionsRequired.empty()) {
        json.set("extensionsRequired", namesJson(tileset.extensionsRequired));
    }
    json.set("root", tileJson(tileset.root, std::nullopt));
    if (!tileset.extras.isNull()) {
        json.set("extras", tileset.extras);
    }
    return json.dump(options.pretty);
}

} // namespace tiles3d::tileset
