#include "pipeline/oblique/remainder.h"

#include "pipeline/oblique/tile_content.h"
#include "tiles3d/gltf/glb.h"
#include "tiles3d/mesh/mesh.h"

#include <algorithm>

namespace pipeline::oblique {

using tiles3d::base::Result;
using tiles3d::tileset::Limits;
namespace gltf = tiles3d::gltf;

namespace {

bool isCovered(const glm::dvec3& point, const std::vector<Limits>& covered) {
    return std::ranges::any_of(covered, [&](const Limits& limits) {
        return point.x >= limits.minimum.x && point.x <= limits.maximum.x &&
               point.y >= limits.minimum.y && point.y <= limits.maximum.y;
    });
}

void keepUncovered(gltf::Primitive& primitive,
                   const glm::dvec3& origin,
                   const std::vector<Limits>& covered) {
    std::vector<bool> isPointCovered;
    isPointCovered.reserve(primitive.mesh.positions.size());
    for (const glm::vec3& position : primitive.mesh.positions) {
        isPointCovered.push_back(isCovered(origin + glm::dvec3(position), covered));
    }
    std::vector<std::uint32_t> kept;
    const std::vector<std::uint32_t>& all = primitive.mesh.indices;
    for (std::size_t i = 0; i + 2 < all.size(); i += 3) {
        if (!isPointCovered[all[i]] || !isPointCovered[all[i + 1]] || !isPointCovered[all[i + 2]]) {
            kept.insert(kept.end(), {all[i], all[i + 1], all[i + 2]});
        }
    }
    primitive.mesh.indices = std::move(kept);
    tiles3d::mesh::compactVerticesInPlace(primitive.mesh);
}

} // namespace

Result<Remainder> remainder(tiles3d::base::ByteView glb,
                            const std::vector<Limits>& covered,
                            double positionStepMetres,
                            scan::Geometry geometry) {
    Result<gltf::Model> model = gltf::readGlb(glb);
    if (!model) {
        return model.error();
    }
    for (gltf::Primitive& primitive : model->primitives) {
        keepUncovered(primitive, model->origin, covered);
    }
    std::erase_if(model->primitives,
                  [](const gltf::Primitive& primitive) { return primitive.mesh.indices.empty(); });
    Remainder rest;
    if (model->primitives.empty()) {
        return rest;
    }
    rest.limits = decodedLimits(*model, positionStepMetres);
    for (const gltf::Primitive& primitive : model->primitives) {
        rest.triangles += primitive.mesh.indices.size() / 3;
    }
    Result<tiles3d::base::Bytes> written = gltf::writeGlb(
        *model, {.codec = codecOf(geometry), .positionStepMetres = positionStepMetres});
    if (!written) {
        return written.error();
    }
    rest.glb = *std::move(written);
    return rest;
}

} // namespace pipeline::oblique
