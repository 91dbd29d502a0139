#pragma once

#include "pipeline/oblique/block_task.h"
#include "tiles3d/base/json.h"
#include "tiles3d/tileset/bounding_volume.h"

#include <glm/vec3.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace pipeline::models {

/// What comes back from placing a design model; small whatever the model's size.
struct ModelResult {
    bool hasTiles = false;             ///< False if the model could not be read: see losses.
    tiles3d::tileset::Box boxEcef;     ///< Contains every vertex.
    glm::dvec3 centreDegrees{0.0};     ///< Longitude, latitude, ellipsoidal height of its position.
    double geometricErrorMetres = 0.0; ///< Of the tileset: the box's diagonal.
    double positionStepMetres = 0.0;   ///< Of the quantisation; 0 for plain.
    std::uint64_t triangles = 0;
    std::uint64_t degenerateTriangles = 0; ///< Dropped.
    std::uint64_t texels = 0;
    std::uint64_t sourceBytes = 0; ///< Of the model and the files that it names.
    std::uint64_t contentBytes = 0;
    std::vector<oblique::Loss> losses;
    std::vector<std::string> irregularities;
    /// Files that were read or looked for, relative to the model's folder: what it depends on.
    std::vector<std::string> files;
};

tiles3d::base::Json toJson(const ModelResult& result);
/// Lenient: what is missing keeps its default; the text comes from toJson().
ModelResult modelResultFrom(const tiles3d::base::Json& json);

} // namespace pipeline::models
