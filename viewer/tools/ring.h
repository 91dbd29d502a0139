#pragma once

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

/// Positive if counter-clockwise. Exact to rounding also far from the origin.
double signedArea(const std::vector<glm::dvec2>& ring);

/// Length of the closed ring.
double perimeter(const std::vector<glm::dvec2>& ring);

/// Whether two edges that are no neighbours meet, or neighbours fold back on each other. Compares
/// all pairs: for rings that people draw.
bool crossesItself(const std::vector<glm::dvec2>& ring);

/// Even-odd rule. A point on an edge that two rings share is in exactly one of them.
bool isInside(const glm::dvec2& point, const std::vector<glm::dvec2>& ring);

/// Metres from a point to the nearest of the segment from `a` to `b`.
double distanceToSegment(const glm::dvec2& point, const glm::dvec2& a, const glm::dvec2& b);

} // namespace viewer::tools
