#pragma once

#include "pipeline/engine/engine.h"
#include "pipeline/models/model_result.h"
#include "pipeline/scan/city_project.h"
#include "pipeline/scan/placed_model.h"
#include "tiles3d/base/json.h"
#include "tiles3d/base/result.h"

#include <glm/mat4x4.hpp>

#include <filesystem>

namespace pipeline::models {

/// All that one design model's tileset depends on, besides its files.
struct ModelTask {
    scan::PlacedModel placed;
    std::filesystem::path output; ///< OUT/models/ID; replaced whole.
    scan::Geometry geometry = scan::Geometry::Draco;
};

/// From a model's own axes in metres (z up) to ECEF: the frame at its position, turned by its
/// heading. Rigid: its sizes are true metres, not those of a plane, and it stands on the tangent
/// plane at its position.
glm::dmat4 modelToEcef(const scan::PlacedModel& placed);

/// 3D Metadata 1.0: the class "model" with id, name and source (the file's name); for
/// Tileset::schema.
tiles3d::base::Json modelSchema();

/// A model's own values, for Tileset::metadata.
tiles3d::base::Json modelMetadata(const scan::ModelSource& source);

/// Makes OUT/models/ID/model.glb and tileset.json: one tile, complete at its first sight (its error
/// is 0), lit, textures' bytes kept, positions on a grid of at most 1 mm (none for plain). The
/// tileset's own error is its box's diagonal: a client shows it from where it is larger than some
/// pixels.
/// A model that cannot be read, or that reaches farther than 50 km from its
/// position (its unit is wrong, or its coordinates are those of another place), is a loss and has
/// no tiles; a texture that cannot be is a loss of the model. Fails on a failed output. Same
/// inputs, same bytes.
tiles3d::base::Result<ModelResult> placeModel(const ModelTask& task,
                                              const engine::UnitContext& context);

} // namespace pipeline::models
