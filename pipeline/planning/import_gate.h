#pragma once

#include "pipeline/planning/plane_box.h"
#include "tiles3d/base/result.h"

#include <glm/vec2.hpp>

#include <string>
#include <vector>

namespace pipeline::planning {

/// The plane's box round a box of longitudes and latitudes, its curved edges included. Fails on a
/// plane CRS that is none.
tiles3d::base::Result<PlaneBox> planeBoxOf(const glm::dvec2& southWestDegrees,
                                           const glm::dvec2& northEastDegrees,
                                           const std::string& planeCrs);

/// For a layer that does not meet the city: what would bring it there, in words, found by trying:
/// swapped axes, a zone's number in front of eastings or missing there, the other zones of
/// CGCS2000's Gauss-Kruger grids, degrees, UTM, Web Mercator. `points` as they stand in the layer.
/// A GdalRuntime must exist.
std::string waysIntoCity(const std::vector<glm::dvec2>& points,
                         const std::string& planeCrs,
                         const PlaneBox& city);

} // namespace pipeline::planning
