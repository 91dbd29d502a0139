#include "tiles3d/gltf/model_check.h"

#include <fmt/format.h>
#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace tiles3d::gltf {

using base::Error;
using base::ok;
using base::Status;

namespace {

Status checkPrimitive(const Primitive& primitive, const Model& model) {
    const mesh::TriangleMesh& mesh = primitive.mesh;
    const auto isInside = [&](std::uint32_t index) { return index < mesh.positions.size(); };
    const auto isFinite = [](const auto& v) { return std::isfinite(v[0]) && std::isfinite(v[1]); };
    if (mesh.indices.size() % 3 != 0 || !std::ranges::all_of(mesh.indices, isInside)) {
        return Error{fmt::format("a mesh whose {} indices leave its {} vertices",
                                 mesh.indices.size(),
                                 mesh.positions.size())};
    }
    if (!std::ranges::all_of(
            mesh.positions,
            [&](const glm::vec3& p) { return isFinite(p) && std::isfinite(p.z); }) ||
        !std::ranges::all_of(mesh.uvs, isFinite)) {
        return Error{"a mesh with positions or texture coordinates that are not finite"};
    }
    if (!mesh.uvs.empty() && mesh.uvs.size() != mesh.positions.size()) {
        return Error{"a mesh with another number of texture coordinates than of positions"};
    }
    constexpr float kLengthTolerance = 0.001F;
    const auto isUnit = [](const glm::vec3& normal) {
        return std::abs(glm::length(normal) - 1.0F) < kLengthTolerance; // also false for NaN
    };
    if ((!mesh.normals.empty() && mesh.normals.size() != mesh.positions.size()) ||
        !std::ranges::all_of(mesh.normals, isUnit)) {
        return Error{"a mesh with normals that are not of length 1 or not one per position"};
    }
    if (primitive.material >= model.materials.size()) {
        return Error{"a primitive without its material"};
    }
    const bool isTextured = model.materials[primitive.material].image.has_value();
    if (isTextured && mesh.uvs.empty() && !mesh.indices.empty()) {
        return Error{"a mesh with a texture and without texture coordinates"};
    }
    return ok();
}

} // namespace

Status checkWritable(const Model& model) {
    const glm::dvec3& origin = model.origin;
    if (!std::isfinite(origin.x) || !std::isfinite(origin.y) || !std::isfinite(origin.z)) {
        return Error{"an origin that is not finite"};
    }
    for (const Material& material : model.materials) {
        if (material.image && *material.image >= model.images.size()) {
            return Error{"a material without its image"};
        }
        const glm::vec4& c = material.baseColour;
        if (!(glm::clamp(c, 0.0F, 1.0F) == c)) { // also false for NaN
            return Error{
                fmt::format("a base colour ({}, {}, {}, {}) beyond 0 to 1", c.r, c.g, c.b, c.a)};
        }
    }
    for (const Primitive& primitive : model.primitives) {
        if (const Status checked = checkPrimitive(primitive, model); !checked) {
            return checked.error();
        }
    }
    for (const image::EncodedImage& image : model.images) {
        if (image.format == image::ImageFormat::Unknown) {
            return Error{"an image that is neither JPEG, PNG nor WebP"};
        }
    }
    return ok();
}

} // namespace tiles3d::gltf
