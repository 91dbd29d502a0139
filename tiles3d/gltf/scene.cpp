#include "tiles3d/gltf/scene.h"

#include <glm/gtc/quaternion.hpp>
#include <tiny_gltf.h>

#include <algorithm>
#include <optional>
#include <set>

namespace tiles3d::gltf {

using base::Error;
using base::Result;

namespace {

using Matrices = std::vector<glm::dmat4>;

glm::dmat4
composed(const glm::dvec3& translation, const glm::dquat& rotation, const glm::dvec3& scale) {
    glm::dmat4 matrix = glm::mat4_cast(rotation);
    for (int axis = 0; axis < 3; ++axis) {
        matrix[axis] *= scale[axis];
    }
    matrix[3] = glm::dvec4(translation, 1.0);
    return matrix;
}

glm::dmat4 localMatrix(const tinygltf::Node& node) {
    if (node.matrix.size() == 16) {
        glm::dmat4 matrix(1.0);
        std::copy(node.matrix.begin(), node.matrix.end(), &matrix[0][0]);
        return matrix;
    }
    const auto vector = [](const std::vector<double>& numbers, double otherwise) {
        return numbers.size() == 3 ? glm::dvec3(numbers[0], numbers[1], numbers[2])
                                   : glm::dvec3(otherwise);
    };
    const std::vector<double>& r = node.rotation;
    const glm::dquat rotation =
        r.size() == 4 ? glm::dquat(r[3], r[0], r[1], r[2]) : glm::dquat(1.0, 0.0, 0.0, 0.0);
    return composed(vector(node.translation, 0.0), rotation, vector(node.scale, 1.0));
}

/// A column of EXT_mesh_gpu_instancing, if there is one.
template <typename Vector>
Result<std::vector<Vector>> column(const tinygltf::Value& attributes,
                                   const char* name,
                                   Accessors& accessors,
                                   Result<std::vector<Vector>> (Accessors::*read)(int)) {
    const tinygltf::Value& accessor = attributes.Get(name);
    return accessor.IsNumber() ? (accessors.*read)(accessor.GetNumberAsInt())
                               : std::vector<Vector>{};
}

Result<Matrices> instancesOf(const tinygltf::Value& extension, Accessors& accessors) {
    const tinygltf::Value& attributes = extension.Get("attributes");
    const auto positions = column(attributes, "TRANSLATION", accessors, &Accessors::vectors3);
    const auto rotations = column(attributes, "ROTATION", accessors, &Accessors::vectors4);
    const auto scales = column(attributes, "SCALE", accessors, &Accessors::vectors3);
    if (!positions || !rotations || !scales) {
        return base::within("instances",
                            !positions   ? positions.error()
                            : !rotations ? rotations.error()
                                         : scales.error());
    }
    const std::size_t count = std::max({positions->size(), rotations->size(), scales->size()});
    const auto fits = [count](std::size_t size) { return size == 0 || size == count; };
    if (!fits(positions->size()) || !fits(rotations->size()) || !fits(scales->size())) {
        return Error{"instances with another number of rotations or scales than of positions"};
    }
    Matrices matrices;
    matrices.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const glm::dvec3 translation(positions->empty() ? glm::vec3(0.0F) : (*positions)[i]);
        const glm::dvec3 scale(scales->empty() ? glm::vec3(1.0F) : (*scales)[i]);
        const glm::vec4 r =
            rotations->empty() ? glm::vec4(0.0F, 0.0F, 0.0F, 1.0F) : (*rotations)[i];
        matrices.push_back(
            composed(translation, glm::normalize(glm::dquat(r.w, r.x, r.y, r.z)), scale));
    }
    return matrices;
}

std::vector<int> sceneNodes(const tinygltf::Model& gltf) {
    if (gltf.scenes.empty()) {
        return {};
    }
    const bool isThere =
        gltf.defaultScene >= 0 && static_cast<std::size_t>(gltf.defaultScene) < gltf.scenes.size();
    return gltf.scenes[isThere ? static_cast<std::size_t>(gltf.defaultScene) : 0].nodes;
}

} // namespace

Result<std::vector<Placed>> placePrimitives(const tinygltf::Model& gltf, Accessors& accessors) {
    struct Visit {
        int node = 0;
        glm::dmat4 above{1.0};
    };
    std::vector<Visit> pending;
    for (const int node : sceneNodes(gltf)) {
        pending.insert(pending.begin(), {.node = node});
    }
    const auto once = std::make_shared<const Matrices>(1, glm::dmat4(1.0));
    std::set<int> seen;
    std::vector<Placed> placed;
    while (!pending.empty()) {
        const Visit visit = pending.back();
        pending.pop_back();
        if (visit.node < 0 || static_cast<std::size_t>(visit.node) >= gltf.nodes.size() ||
            !seen.insert(visit.node).second) {
            return Error{"a scene whose nodes are not a tree"};
        }
        const tinygltf::Node& node = gltf.nodes[static_cast<std::size_t>(visit.node)];
        const glm::dmat4 matrix = visit.above * localMatrix(node);
        for (auto child = node.children.rbegin(); child != node.children.rend(); ++child) {
            pending.push_back({*child, matrix});
        }
        if (node.mesh < 0 || static_cast<std::size_t>(node.mesh) >= gltf.meshes.size()) {
            continue;
        }
        auto instances = once;
        const auto extension = node.extensions.find("EXT_mesh_gpu_instancing");
        if (extension != node.extensions.end()) {
            auto read = instancesOf(extension->second, accessors);
            if (!read) {
                return read.error();
            }
            instances = std::make_shared<const Matrices>(*std::move(read));
        }
        for (const auto& primitive : gltf.meshes[static_cast<std::size_t>(node.mesh)].primitives) {
            placed.push_back({&primitive, matrix, instances});
        }
    }
    return placed;
}

} // namespace tiles3d::gltf
