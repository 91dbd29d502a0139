#include "pipeline/oblique/block_task.h"

#include <algorithm>
#include <array>

namespace pipeline::oblique {

using tiles3d::base::Json;

namespace {

constexpr std::array<std::pair<std::string_view, LossKind>, 7> kKinds{
    {{"missing", LossKind::Missing},
     {"unreadable", LossKind::Unreadable},
     {"empty", LossKind::Empty},
     {"cycle", LossKind::Cycle},
     {"orphan", LossKind::Orphan},
     {"geometry", LossKind::Geometry},
     {"image", LossKind::Image}}};

Json numbers(std::initializer_list<double> values) {
    Json array = Json::array();
    for (const double value : values) {
        array.push(value);
    }
    return array;
}

glm::dvec3 vectorFrom(const Json& array, std::size_t at = 0) {
    const auto& items = array.items();
    glm::dvec3 vector(0.0);
    for (std::size_t i = 0; i < 3 && at + i < items.size(); ++i) {
        vector[static_cast<int>(i)] = items[at + i].numberOr(0.0);
    }
    return vector;
}

std::uint64_t count(const Json& value) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(value.integerOr(0), 0));
}

Json toJson(const LevelTotals& level) {
    return Json::object()
        .set("files", level.files)
        .set("tiles", level.tiles)
        .set("triangles", level.triangles)
        .set("texels", level.texels)
        .set("source_bytes", level.sourceBytes)
        .set("image_bytes", level.imageBytes)
        .set("content_bytes", level.contentBytes)
        .set("metres_per_pixel", level.metresPerPixel)
        .set("geometric_error", level.geometricErrorMetres);
}

LevelTotals levelFrom(const Json& json) {
    return {.files = count(json["files"]),
            .tiles = count(json["tiles"]),
            .triangles = count(json["triangles"]),
            .texels = count(json["texels"]),
            .sourceBytes = count(json["source_bytes"]),
            .imageBytes = count(json["image_bytes"]),
            .contentBytes = count(json["content_bytes"]),
            .metresPerPixel = json["metres_per_pixel"].numberOr(0.0),
            .geometricErrorMetres = json["geometric_error"].numberOr(0.0)};
}

} // namespace

void LevelTotals::add(const LevelTotals& other) {
    files += other.files;
    tiles += other.tiles;
    triangles += other.triangles;
    texels += other.texels;
    sourceBytes += other.sourceBytes;
    imageBytes += other.imageBytes;
    contentBytes += other.contentBytes;
    metresPerPixel = std::max(metresPerPixel, other.metresPerPixel);
    geometricErrorMetres = std::max(geometricErrorMetres, other.geometricErrorMetres);
}

std::string toWord(LossKind kind) {
    return std::string(
        std::ranges::find(kKinds, kind, &decltype(kKinds)::value_type::second)->first);
}

Json lossesJson(const std::vector<Loss>& losses) {
    Json array = Json::array();
    for (const Loss& loss : losses) {
        array.push(Json::object()
                       .set("kind", toWord(loss.kind))
                       .set("file", loss.file)
                       .set("reason", loss.reason));
    }
    return array;
}

std::vector<Loss> lossesFrom(const Json& array) {
    std::vector<Loss> losses;
    for (const Json& item : array.items()) {
        const std::string word = item["kind"].stringOr("");
        const auto* const kind =
            std::ranges::find(kKinds, word, &decltype(kKinds)::value_type::first);
        losses.push_back({.kind = kind != kKinds.end() ? kind->second : LossKind::Unreadable,
                          .file = item["file"].stringOr(""),
                          .reason = item["reason"].stringOr("")});
    }
    return losses;
}

Json boxJson(const tiles3d::tileset::Box& box) {
    Json json = numbers({box.centre.x, box.centre.y, box.centre.z});
    for (int axis = 0; axis < 3; ++axis) {
        for (int i = 0; i < 3; ++i) {
            json.push(box.halfAxes[axis][i]);
        }
    }
    return json;
}

tiles3d::tileset::Box boxFrom(const Json& json) {
    tiles3d::tileset::Box box{.centre = vectorFrom(json)};
    for (int axis = 0; axis < 3; ++axis) {
        box.halfAxes[axis] = vectorFrom(json, 3 + 3 * static_cast<std::size_t>(axis));
    }
    return box;
}

Json toJson(const BlockResult& result) {
    const glm::dvec3& centre = result.centreDegrees;
    Json levels = Json::object();
    for (const auto& [level, totals] : result.levels) {
        levels.set(std::to_string(level), toJson(totals));
    }
    Json irregularities = Json::object();
    for (const auto& [what, files] : result.irregularities) {
        irregularities.set(what, files);
    }
    Json unlinked = Json::array();
    for (const std::size_t link : result.unlinked) {
        unlinked.push(std::uint64_t{link});
    }
    Json json = Json::object()
                    .set("has_tiles", result.hasTiles)
                    .set("box", boxJson(result.boxEcef))
                    .set("geometric_error", result.geometricErrorMetres)
                    .set("metres_per_pixel", result.metresPerPixel)
                    .set("centre", numbers({centre.x, centre.y, centre.z}))
                    .set("levels", levels)
                    .set("tiles", result.tiles)
                    .set("contents", result.contents)
                    .set("chain_tiles", result.chainTiles)
                    .set("degenerate_triangles", result.degenerateTriangles)
                    .set("superseded_triangles", result.supersededTriangles)
                    .set("converted_files", result.convertedFiles)
                    .set("input_files", result.inputFiles)
                    .set("fit_residual", result.fitResidualMetres)
                    .set("position_step", result.positionStepMetres)
                    .set("losses", lossesJson(result.losses))
                    .set("irregularities", irregularities)
                    .set("unlinked", unlinked)
                    .set("cells", toJson(Coverage{.range = result.cells}));
    if (result.coverage) {
        json.set("coverage", toJson(*result.coverage));
    }
    return json;
}

BlockResult blockResultFrom(const Json& json) {
    BlockResult result;
    result.hasTiles = json["has_tiles"].boolOr(false);
    result.boxEcef = boxFrom(json["box"]);
    result.geometricErrorMetres = json["geometric_error"].numberOr(0.0);
    result.metresPerPixel = json["metres_per_pixel"].numberOr(0.0);
    result.centreDegrees = vectorFrom(json["centre"]);
    for (const auto& [level, totals] : json["levels"].members()) {
        result.levels[std::stoi(level)] = levelFrom(totals);
    }
    result.tiles = count(json["tiles"]);
    result.contents = count(json["contents"]);
    result.chainTiles = count(json["chain_tiles"]);
    result.degenerateTriangles = count(json["degenerate_triangles"]);
    result.supersededTriangles = count(json["superseded_triangles"]);
    result.convertedFiles = count(json["converted_files"]);
    result.inputFiles = count(json["input_files"]);
    result.fitResidualMetres = json["fit_residual"].numberOr(0.0);
    result.positionStepMetres = json["position_step"].numberOr(0.0);
    result.losses = lossesFrom(json["losses"]);
    for (const auto& [what, files] : json["irregularities"].members()) {
        result.irregularities[what] = count(files);
    }
    for (const Json& link : json["unlinked"].items()) {
        result.unlinked.push_back(count(link));
    }
    result.cells = coverageFrom(json["cells"]).range;
    if (json.has("coverage")) {
        result.coverage = coverageFrom(json["coverage"]);
    }
    return result;
}

} // namespace pipeline::oblique
