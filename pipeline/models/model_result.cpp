#include "pipeline/models/model_result.h"

#include "tiles3d/base/uri.h"

#include <algorithm>

namespace pipeline::models {

using tiles3d::base::Json;

namespace {

Json textsJson(const std::vector<std::string>& texts) {
    Json array = Json::array();
    for (const std::string& text : texts) {
        array.push(text);
    }
    return array;
}

/// Names may be any bytes, JSON may not.
Json filesJson(const std::vector<std::string>& files) {
    Json array = Json::array();
    for (const std::string& file : files) {
        array.push(tiles3d::base::encodeUriPath(file));
    }
    return array;
}

std::uint64_t count(const Json& value) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(value.integerOr(0), 0));
}

} // namespace

Json toJson(const ModelResult& result) {
    return Json::object()
        .set("has_tiles", result.hasTiles)
        .set("box", oblique::boxJson(result.boxEcef))
        .set("longitude", result.centreDegrees.x)
        .set("latitude", result.centreDegrees.y)
        .set("ellipsoidal_height", result.centreDegrees.z)
        .set("geometric_error", result.geometricErrorMetres)
        .set("position_step", result.positionStepMetres)
        .set("triangles", result.triangles)
        .set("degenerate_triangles", result.degenerateTriangles)
        .set("texels", result.texels)
        .set("source_bytes", result.sourceBytes)
        .set("content_bytes", result.contentBytes)
        .set("losses", oblique::lossesJson(result.losses))
        .set("irregularities", textsJson(result.irregularities))
        .set("files", filesJson(result.files));
}

ModelResult modelResultFrom(const Json& json) {
    ModelResult result;
    result.hasTiles = json["has_tiles"].boolOr(false);
    result.boxEcef = oblique::boxFrom(json["box"]);
    result.centreDegrees = {json["longitude"].numberOr(0.0),
                            json["latitude"].numberOr(0.0),
                            json["ellipsoidal_height"].numberOr(0.0)};
    result.geometricErrorMetres = json["geometric_error"].numberOr(0.0);
    result.positionStepMetres = json["position_step"].numberOr(0.0);
    result.triangles = count(json["triangles"]);
    result.degenerateTriangles = count(json["degenerate_triangles"]);
    result.texels = count(json["texels"]);
    result.sourceBytes = count(json["source_bytes"]);
    result.contentBytes = count(json["content_bytes"]);
    result.losses = oblique::lossesFrom(json["losses"]);
    for (const Json& text : json["irregularities"].items()) {
        result.irregularities.push_back(text.stringOr(""));
    }
    for (const Json& file : json["files"].items()) {
        result.files.push_back(tiles3d::base::decodeUri(file.stringOr("")));
    }
    return result;
}

} // namespace pipeline::models
