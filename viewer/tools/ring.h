#pragma once

#include "pipeline/planning/plane_ring.h"

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <vector>

namespace viewer::tools {

// Closed rings; the first point is not repeated.

/// The plane that a ring in space lies in, as nearly as it does.
struct RingPlane {
    glm::dvec3 centre{0.0};           ///< Mean of the points.
    glm::dvec3 normal{0.0, 0.0, 1.0}; ///< Unit vector; level where the ring has no area.
    double squareMetres = 0.0;        ///< Area of the ring seen along the normal.
};

/// REQUIRES: at least one point.
/// Source: Newell's method; Sutherland, Sproull and Schumacker, "A characterization of ten
/// hidden-surface algorithms" (1974).
RingPlane planeOf(const std::vector<glm::dvec3>& ring);

/// The ring seen along the plane's normal, around its centre.
std::vector<glm::dvec2> onPlane(const std::vector<glm::dvec3>& ring, const RingPlane& plane);

using pipeline::planning::distanceToSegment;
using pipeline::planning::isInside;
using pipeline::planning::perimeter;
using pipeline::planning::signedArea;

/// Whether two edges that are no neighbours meet, or neighbours fold back on each other. Compares
/// all pairs: for rings that people draw.
bool crossesItself(const std::vector<glm::dvec2>& ring);

} // namespace viewer::tools
