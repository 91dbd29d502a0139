#include "pipeline/planning/plane_ring.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cstddef>

namespace pipeline::planning {

namespace {

double cross(const glm::dvec2& a, const glm::dvec2& b) {
    return a.x * b.y - a.y * b.x;
}

} // namespace

double signedArea(const std::vector<glm::dvec2>& ring) {
    double doubled = 0.0;
    for (std::size_t i = 1; i + 1 < ring.size(); ++i) {
        doubled += cross(ring[i] - ring[0], ring[i + 1] - ring[0]);
    }
    return doubled / 2.0;
}

double perimeter(const std::vector<glm::dvec2>& ring) {
    double metres = 0.0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        metres += glm::distance(ring[i], ring[(i + 1) % ring.size()]);
    }
    return metres;
}

bool isInside(const glm::dvec2& point, const std::vector<glm::dvec2>& ring) {
    bool isIn = false;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        isIn ^= isWestOf(point, ring[i], ring[(i + 1) % ring.size()]);
    }
    return isIn;
}

double distanceToSegment(const glm::dvec2& point, const glm::dvec2& a, const glm::dvec2& b) {
    const glm::dvec2 along = b - a;
    const double length2 = glm::dot(along, along);
    const double part =
        length2 > 0.0 ? std::clamp(glm::dot(point - a, along) / length2, 0.0, 1.0) : 0.0;
    return glm::distance(point, a + along * part);
}

} // namespace pipeline::planning
