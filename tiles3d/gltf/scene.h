#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/gltf/accessors.h"

#include <glm/mat4x4.hpp>

#include <memory>
#include <vector>

namespace tinygltf {
class Model;
struct Primitive;
} // namespace tinygltf

namespace tiles3d::gltf {

/// A primitive as stored, and where it stands.
struct Placed {
    const tinygltf::Primitive* primitive = nullptr;
    glm::dmat4 node{1.0}; ///< Its node's frame -> the glTF's.
    /// Each instance's frame -> the node's: at least one.
    std::shared_ptr<const std::vector<glm::dmat4>> instances;
};

/// Every primitive of the scene's node tree, in its order. Bounded: a node is visited once.
/// Fails if the nodes are no tree, and on instances (EXT_mesh_gpu_instancing) that are damaged.
base::Result<std::vector<Placed>> placePrimitives(const tinygltf::Model& gltf,
                                                  Accessors& accessors);

} // namespace tiles3d::gltf
