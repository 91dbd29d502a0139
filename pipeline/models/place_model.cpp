#include "pipeline/models/place_model.h"

#include "pipeline/oblique/tile_content.h"
#include "pipeline/sources/model_reader.h"
#include "tiles3d/base/file.h"
#include "tiles3d/geo/enu_frame.h"
#include "tiles3d/gltf/glb.h"
#include "tiles3d/gltf/quantization.h"
#include "tiles3d/tileset/tileset_io.h"

#include <fmt/format.h>
#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <glm/gtc/matrix_transform.hpp>

#include <algorithm>
#include <system_error>
#include <utility>

namespace pipeline::models {

using tiles3d::base::Error;
using tiles3d::base::Json;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::toUtf8;
namespace fs = std::filesystem;
namespace gltf = tiles3d::gltf;
namespace ts = tiles3d::tileset;

namespace {

constexpr double kPositionStepMetres = 0.001;

/// The file as the engine blames it and the ledger lists it.
std::string fileOf(const ModelTask& task) {
    return task.placed.source.path.filename().native();
}

Result<sources::DesignModel> read(const ModelTask& task, const engine::UnitContext& context) {
    const scan::ModelSource& source = task.placed.source;
    const std::string file = fileOf(task);
    const auto quarantined =
        std::ranges::find(context.quarantined, file, &engine::Quarantined::file);
    if (quarantined != context.quarantined.end()) {
        return Error{quarantined->reason};
    }
    const engine::WatchedFile watched(context.watch, file);
    return sources::readDesignModel(source.path,
                                    {.up = source.up, .metresPerUnit = source.metresPerUnit});
}

/// Metres from the point that stands at the position, in place of the file's unit.
void scaleInPlace(gltf::Model& model, const glm::dvec3& stands, double metresPerUnit) {
    const glm::dvec3 middle = (model.origin - stands) * metresPerUnit;
    const glm::dvec3 origin = glm::floor(middle); // whole metres lie on every grid
    for (gltf::Primitive& primitive : model.primitives) {
        for (glm::vec3& position : primitive.mesh.positions) {
            const glm::dvec3 own = model.origin - stands + glm::dvec3(position);
            position = glm::vec3(own * metresPerUnit - origin);
        }
    }
    model.origin = origin;
}

/// A model that is no building, however large, or in another place's coordinates.
Status checkReach(const ts::Limits& limits) {
    constexpr double kFarthestMetres = 50000.0;
    const glm::dvec3 reach = glm::max(glm::abs(limits.minimum), glm::abs(limits.maximum));
    const double farthest = std::max({reach.x, reach.y, reach.z});
    if (farthest <= kFarthestMetres) {
        return ok();
    }
    return Error{
        fmt::format("it reaches {:.0f} km from its position: give \"origin\", the point of "
                    "its own coordinates that stands there, or another \"unit\"",
                    farthest / 1000.0)};
}

void describe(const sources::DesignModel& design, ModelResult& result) {
    result.sourceBytes = design.bytes;
    result.degenerateTriangles = design.degenerateTriangles;
    result.files = design.files;
    result.irregularities = design.irregularities;
    for (const sources::LostPart& lost : design.losses) {
        result.losses.push_back({oblique::LossKind::Image, lost.file, lost.reason});
    }
    for (const gltf::Primitive& primitive : design.model.primitives) {
        result.triangles += primitive.mesh.indices.size() / 3;
    }
    for (const tiles3d::image::EncodedImage& image : design.model.images) {
        result.texels += std::uint64_t{image.width} * image.height;
    }
}

Result<std::string> tilesetJson(const ModelTask& task, const ts::Box& box, double errorMetres) {
    ts::Tileset tileset{.geometricErrorMetres = errorMetres};
    tileset.schema = modelSchema();
    tileset.metadata = modelMetadata(task.placed.source);
    tileset.root.boundingVolume = box;
    tileset.root.transform = modelToEcef(task.placed);
    tileset.root.contents.push_back({.uri = "model.glb"});
    return ts::toJson(tileset);
}

Status write(const ModelTask& task, const std::string& tileset, const tiles3d::base::Bytes& glb) {
    std::error_code error;
    fs::remove_all(task.output, error);
    for (const Status& done : {tiles3d::base::makeFolder(task.output),
                               tiles3d::base::writeFile(task.output / "model.glb", glb)}) {
        if (!done) {
            return done;
        }
    }
    return tiles3d::base::writeFile(task.output / "tileset.json", std::string_view(tileset));
}

/// The model in metres, with all that is known of it in `result`.
Result<tiles3d::base::Bytes>
encode(sources::DesignModel& design, const ModelTask& task, ModelResult& result) {
    const scan::ModelSource& source = task.placed.source;
    scaleInPlace(design.model, source.origin, design.metresPerUnit * source.scale);
    if (const Status near = checkReach(oblique::decodedLimits(design.model, 0.0)); !near) {
        return near.error();
    }
    const auto codec = oblique::codecOf(task.geometry);
    auto glb = gltf::writeGlb(
        design.model, {.codec = codec, .positionStepMetres = kPositionStepMetres, .isSmall = true});
    if (glb) {
        describe(design, result);
        const bool isPlain = codec == gltf::GeometryCodec::Plain;
        result.positionStepMetres = isPlain ? 0.0 : gltf::gridStep(kPositionStepMetres);
        result.contentBytes = glb->size();
    }
    return glb;
}

/// The box of a model in its own axes, as a client decodes it.
ts::Box boxOf(const gltf::Model& model, const ModelResult& result) {
    return ts::boxAround(oblique::decodedLimits(model, result.positionStepMetres));
}

double diagonal(const ts::Box& box) {
    return 2.0 * glm::length(box.halfAxes[0] + box.halfAxes[1] + box.halfAxes[2]);
}

} // namespace

glm::dmat4 modelToEcef(const scan::PlacedModel& placed) {
    const glm::dmat4 turn =
        glm::rotate(glm::dmat4(1.0), -placed.heading.radians(), glm::dvec3(0.0, 0.0, 1.0));
    return tiles3d::geo::EnuFrame(placed.position).toEcefMatrix() * turn;
}

Json modelSchema() {
    const auto text = [](const char* description) {
        return Json::object()
            .set("type", "STRING")
            .set("required", true)
            .set("description", description);
    };
    const Json properties = Json::object()
                                .set("id", text("Unique in the city").set("semantic", "ID"))
                                .set("name", text("For people").set("semantic", "NAME"))
                                .set("source", text("The file it was made from"));
    const Json model = Json::object()
                           .set("name", "Design model")
                           .set("description", "A project that is not built yet")
                           .set("properties", properties);
    return Json::object()
        .set("id", "city3d_model")
        .set("classes", Json::object().set("model", model));
}

Json modelMetadata(const scan::ModelSource& source) {
    return Json::object()
        .set("class", "model")
        .set("properties",
             Json::object()
                 .set("id", source.id)
                 .set("name", source.name)
                 .set("source", toUtf8(source.path.filename())));
}

Result<ModelResult> placeModel(const ModelTask& task, const engine::UnitContext& context) {
    ModelResult result;
    const tiles3d::geo::Cartographic& position = task.placed.position;
    result.centreDegrees = {
        position.longitude.degrees(), position.latitude.degrees(), position.heightMetres};
    const auto lost = [&](const Error& error) {
        result.losses.push_back(
            {oblique::LossKind::Unreadable, tiles3d::base::validUtf8(fileOf(task)), error.message});
        return result;
    };
    Result<sources::DesignModel> design = read(task, context);
    if (!design) {
        return lost(design.error());
    }
    const auto glb = encode(*design, task, result);
    if (!glb) {
        return lost(glb.error());
    }
    const ts::Box box = boxOf(design->model, result);
    result.hasTiles = true;
    result.boxEcef = std::get<ts::Box>(ts::transformed(box, modelToEcef(task.placed)));
    result.geometricErrorMetres = diagonal(box);
    const auto tileset = tilesetJson(task, box, result.geometricErrorMetres);
    if (!tileset) {
        return tileset.error();
    }
    const Status written = write(task, *tileset, *glb);
    return written ? Result<ModelResult>(std::move(result)) : written.error();
}

} // namespace pipeline::models
