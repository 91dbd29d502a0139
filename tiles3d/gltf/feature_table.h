#pragma once

#include "tiles3d/base/bytes.h"
#include "tiles3d/base/json.h"
#include "tiles3d/base/result.h"

#include <glm/mat4x4.hpp>
#include <glm/vec3.hpp>

#include <vector>

namespace tiles3d::gltf {

/// The feature table of a b3dm or i3dm.
struct FeatureTable {
    base::Json json; ///< null where it is no JSON
    base::ByteView binary;
};

/// RTC_CENTER; zero if there is none.
glm::dvec3 rtcCentreOf(const FeatureTable& table);

/// Where the instances of an i3dm stand: its model (z-up) -> tile frame relative to `rtcCentre`,
/// which is what "east, north and up" is found from.
/// Fails on properties beyond the binary part, on none that says a position, and on more than a
/// million instances. Numbers that are not finite become 0, directions that are none the axes.
/// Source: 3D Tiles 1.1, "Instanced 3D Model"; Cigolle and others, A Survey of Efficient
/// Representations for Independent Unit Vectors, 2014 (oct32p).
base::Result<std::vector<glm::dmat4>> instancesOf(const FeatureTable& table,
                                                  const glm::dvec3& rtcCentre);

} // namespace tiles3d::gltf
