#pragma once

#include "pipeline/sources/model_files.h"
#include "pipeline/sources/model_reader.h"
#include "tiles3d/base/result.h"

#include <glm/vec3.hpp>

struct aiScene;

namespace pipeline::sources {

struct SceneOptions {
    bool isGltf = false;
    UpAxis up = UpAxis::Y;
    glm::dvec3 shift{0.0}; ///< Of the file's coordinates: what was subtracted before Assimp.
    std::size_t maxVertices = 0;
};

/// Appends all triangles of the scene and the materials they use to `out`. Fails as
/// readDesignModel() does.
tiles3d::base::Status convertScene(const aiScene& scene,
                                   ModelFiles& files,
                                   const SceneOptions& options,
                                   DesignModel& out);

} // namespace pipeline::sources
