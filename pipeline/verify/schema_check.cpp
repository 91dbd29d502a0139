#include "pipeline/verify/schema_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace pipeline::verify {

using tiles3d::base::Json;

namespace {

constexpr std::size_t kMatrixNumbers = 16;

bool isNumbers(const Json& json, std::size_t count) {
    return json.isArray() && json.items().size() == count &&
           std::ranges::all_of(json.items(), [](const Json& item) { return item.isNumber(); });
}

/// One walk over one tileset's JSON, whose depth the parser has bounded.
class SchemaCheck {
public:
    explicit SchemaCheck(const Note& note) : note_(note) {}

    void checkTop(const Json& json) {
        const std::string version = json["asset"]["version"].stringOr("");
        if (version != "1.1") {
            error("asset", "version is \"" + version + "\", not \"1.1\"");
        }
        if (json["asset"].has("gltfUpAxis")) {
            error("asset", "gltfUpAxis is not part of 3D Tiles 1.1");
        }
        if (!json["geometricError"].isNumber()) {
            error("", "the tileset has no geometricError");
        }
        for (const Json& name : json["extensionsRequired"].items()) {
            const auto& used = json["extensionsUsed"].items();
            if (std::ranges::none_of(used, [&name](const Json& item) {
                    return item.stringOr("") == name.stringOr("?");
                })) {
                error("",
                      "extensionsRequired names \"" + name.stringOr("") +
                          "\", extensionsUsed does not");
            }
        }
        if (!json["root"].has("refine")) {
            error("root", "the root states no refine");
        }
        checkMetadataSchema(json);
        checkTile(json["root"], "root");
    }

private:
    void error(const std::string& where, const std::string& message) {
        note_(Severity::Error, where, message);
    }

    void checkMetadataSchema(const Json& json) {
        classes_ = json["schema"]["classes"];
        if (json.has("schema") && json.has("schemaUri")) {
            error("schema", "the tileset has both a schema and a schemaUri");
        }
        if (json.has("schema") && (json["schema"]["id"].stringOr("").empty() ||
                                   (json["schema"].has("classes") && !classes_.isObject()))) {
            error("schema", "is not an object with an id and classes");
        }
    }

    void checkMetadata(const Json& tile, const std::string& where) {
        const std::string name = tile["metadata"]["class"].stringOr("");
        if (tile.has("metadata") && (name.empty() || !classes_.has(name))) {
            error(where, "metadata of class \"" + name + "\", which the schema has not");
        }
    }

    void checkTile(const Json& tile, const std::string& where) {
        if (!tile.isObject()) {
            error(where, "is not an object");
            return;
        }
        checkVolume(tile["boundingVolume"], where, "boundingVolume");
        if (!tile["geometricError"].isNumber()) {
            error(where, "has no geometricError that is a number");
        }
        const std::string refine = tile["refine"].stringOr("");
        if (tile.has("refine") && refine != "ADD" && refine != "REPLACE") {
            error(where, "refine is \"" + refine + "\", neither ADD nor REPLACE");
        }
        if (tile.has("transform") && !isNumbers(tile["transform"], kMatrixNumbers)) {
            error(where, "transform is not 16 numbers");
        }
        checkContents(tile, where);
        checkMetadata(tile, where);
        checkImplicitTiling(tile, where);
        checkNames(tile, where);
        checkChildren(tile, where);
    }

    /// Its limits are for tiles3d::tileset to check.
    void checkImplicitTiling(const Json& tile, const std::string& where) {
        if (!tile.has("implicitTiling")) {
            return;
        }
        const Json& implicit = tile["implicitTiling"];
        const std::string scheme = implicit["subdivisionScheme"].stringOr("");
        if (scheme != "QUADTREE" && scheme != "OCTREE") {
            error(where, "subdivisionScheme is \"" + scheme + "\", neither QUADTREE nor OCTREE");
        }
        for (const char* const levels : {"subtreeLevels", "availableLevels"}) {
            if (!implicit[levels].isInteger()) {
                error(where, fmt::format("implicitTiling has no {} that is an integer", levels));
            }
        }
        if (implicit["subtrees"]["uri"].stringOr("").empty()) {
            error(where, "implicitTiling has no subtrees with a uri");
        }
        if (tile.has("metadata")) {
            error(where, "metadata beside implicitTiling; those of its tiles lie in the subtrees");
        }
    }

    void checkVolume(const Json& volume, const std::string& where, const std::string& what) {
        struct Kind {
            const char* name = nullptr;
            std::size_t numbers = 0;
        };
        constexpr std::array<Kind, 3> kKinds{{{"box", 12}, {"region", 6}, {"sphere", 4}}};
        const auto isGiven = [&volume](const Kind& kind) { return volume.has(kind.name); };
        const auto isSound = [&volume](const Kind& kind) {
            return isNumbers(volume[kind.name], kind.numbers);
        };
        if (std::ranges::count_if(kKinds, isGiven) != 1 || std::ranges::none_of(kKinds, isSound)) {
            error(where, what + " is not one of box (12 numbers), region (6) or sphere (4)");
        }
    }

    void checkContents(const Json& tile, const std::string& where) {
        if (tile.has("contents")) {
            error(where, "\"contents\" is not read by all clients; one \"content\" a tile");
        }
        for (const Json& content : tile["contents"].items()) {
            checkContent(content, where);
        }
        if (tile.has("content")) {
            checkContent(tile["content"], where);
        }
    }

    void checkContent(const Json& content, const std::string& where) {
        if (content.has("url")) {
            error(where, "content has \"url\", the name before version 1.0");
        } else if (content["uri"].stringOr("").empty()) {
            error(where, "content has no uri");
        }
        if (content.has("boundingVolume")) {
            checkVolume(content["boundingVolume"], where, "the content's boundingVolume");
        }
    }

    void checkNames(const Json& tile, const std::string& where) {
        constexpr std::array<std::string_view, 13> kNames{"boundingVolume",
                                                          "viewerRequestVolume",
                                                          "geometricError",
                                                          "refine",
                                                          "transform",
                                                          "content",
                                                          "contents",
                                                          "metadata",
                                                          "implicitTiling",
                                                          "children",
                                                          "extensions",
                                                          "extras",
                                                          "url"};
        for (const Json::Member& member : tile.members()) {
            if (std::ranges::find(kNames, member.first) == kNames.end()) {
                note_(Severity::Warning, where, "\"" + member.first + "\" is no member of a tile");
            }
        }
    }

    void checkChildren(const Json& tile, const std::string& where) {
        if (!tile.has("children")) {
            return;
        }
        const auto& children = tile["children"].items();
        if (children.empty()) {
            error(where, "children is empty; it is left out where there are none");
        }
        for (std::size_t i = 0; i < children.size(); ++i) {
            checkTile(children[i], fmt::format("{}/children[{}]", where, i));
        }
    }

    const Note& note_;
    Json classes_; ///< Of the metadata's schema.
};

} // namespace

void checkSchema(const Json& json, const Note& note) {
    SchemaCheck(note).checkTop(json);
}

} // namespace pipeline::verify
