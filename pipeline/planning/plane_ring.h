#pragma once

#include <glm/vec2.hpp>

#include <vector>

namespace pipeline::planning {

// Closed rings in a plane; the first point is not repeated.

/// Positive if counter-clockwise. Exact to rounding also far from the origin.
double signedArea(const std::vector<glm::dvec2>& ring);

/// Length of the closed ring.
double perimeter(const std::vector<glm::dvec2>& ring);

/// Whether the way from `point` to the far east passes the edge between `p` and `q`: a point whose
/// way passes an odd number of edges is inside of them. Of two areas that share an edge, a point on
/// it is in exactly one.
inline bool isWestOf(const glm::dvec2& point, const glm::dvec2& p, const glm::dvec2& q) {
    // From the lower end, so that both areas at an edge reckon it alike to the last bit.
    const glm::dvec2& low = p.y < q.y ? p : q;
    const glm::dvec2& high = p.y < q.y ? q : p;
    const bool spans = low.y <= point.y && point.y < high.y;
    return spans &&
           (high.x - low.x) * (point.y - low.y) - (high.y - low.y) * (point.x - low.x) > 0.0;
}

/// Even-odd rule by isWestOf().
bool isInside(const glm::dvec2& point, const std::vector<glm::dvec2>& ring);

/// Metres from a point to the nearest of the segment from `a` to `b`.
double distanceToSegment(const glm::dvec2& point, const glm::dvec2& a, const glm::dvec2& b);

} // namespace pipeline::planning
