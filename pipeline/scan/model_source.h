#pragma once

#include "pipeline/sources/up_axis.h"
#include "tiles3d/base/json.h"
#include "tiles3d/base/result.h"

#include <glm/vec3.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::scan {

/// A design model as city.json places it.
struct ModelSource {
    std::filesystem::path path; ///< OBJ, FBX, DAE, glTF or GLB file.
    std::string id;             ///< Unique; the folder of its tiles. Without one: the file's name.
    std::string name;           ///< For people; without one the id.
    /// Where the model's origin stands: longitude and latitude in degrees, or coordinates of `crs`;
    /// and a height.
    glm::dvec3 position{0.0};
    std::string crs; ///< SRS text; empty: longitude and latitude.
    /// What overrides the project's, as for a delivery.
    std::optional<std::string> heightDatum;
    /// By which the model is turned, clockwise seen from above, from north: the plane's where the
    /// position is one in a plane, else true north. At 0 its y points north (z up), or its -z (y
    /// up).
    double headingDegrees = 0.0;
    double scale = 1.0;
    std::optional<double> metresPerUnit; ///< See sources::ModelReadOptions.
    std::optional<sources::UpAxis> up;   ///< Likewise.
    /// Which of its own coordinates stands at `position`, z up, in its own unit: for drawings in
    /// the city's coordinates.
    glm::dvec3 origin{0.0};
};

/// Reads "models" of city.json, an array; null is none. Paths are relative to `folder`. Fails,
/// naming the member, on a wrong type, an unknown word, a number that is not finite or a scale that
/// is not positive, an entry without path or position, an id that is no folder's name (empty, "..",
/// with a slash, longer than 200 bytes) or is there twice.
tiles3d::base::Result<std::vector<ModelSource>> readModels(const tiles3d::base::Json& models,
                                                           const std::filesystem::path& folder);

} // namespace pipeline::scan
