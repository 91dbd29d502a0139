#include "viewer/tools/ring.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace viewer::tools {

namespace {

double cross(const glm::dvec2& a, const glm::dvec2& b) {
    return a.x * b.y - a.y * b.x;
}

/// -1, 0 or 1: on which side of the line from `a` to `b` a point is.
int sideOf(const glm::dvec2& a, const glm::dvec2& b, const glm::dvec2& point) {
    const double side = cross(b - a, point - a);
    return (side > 0.0 ? 1 : 0) - (side < 0.0 ? 1 : 0);
}

/// Of a point on the line through `a` and `b`.
bool isBetween(const glm::dvec2& a, const glm::dvec2& b, const glm::dvec2& point) {
    return glm::dot(point - a, point - b) <= 0.0;
}

bool meet(const glm::dvec2& a, const glm::dvec2& b, const glm::dvec2& c, const glm::dvec2& d) {
    const int c1 = sideOf(a, b, c);
    const int d1 = sideOf(a, b, d);
    const int a1 = sideOf(c, d, a);
    const int b1 = sideOf(c, d, b);
    return (c1 * d1 < 0 && a1 * b1 < 0) || (c1 == 0 && isBetween(a, b, c)) ||
           (d1 == 0 && isBetween(a, b, d)) || (a1 == 0 && isBetween(c, d, a)) ||
           (b1 == 0 && isBetween(c, d, b));
}

std::vector<glm::dvec2> withoutRepeats(std::vector<glm::dvec2> ring) {
    ring.erase(std::unique(ring.begin(), ring.end()), ring.end());
    while (ring.size() > 1 && ring.front() == ring.back()) {
        ring.pop_back();
    }
    return ring;
}

/// The corner at `b` turns right back.
bool foldsBack(const glm::dvec2& a, const glm::dvec2& b, const glm::dvec2& c) {
    return sideOf(a, b, c) == 0 && glm::dot(a - b, c - b) > 0.0;
}

} // namespace

RingPlane planeOf(const std::vector<glm::dvec3>& ring) {
    constexpr double kNoArea = 1e-12; // of the squared extent: rounding
    RingPlane plane;
    for (const glm::dvec3& point : ring) {
        plane.centre += point / static_cast<double>(ring.size());
    }
    glm::dvec3 doubled{0.0};
    double extent = 0.0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const glm::dvec3 a = ring[i] - plane.centre;
        doubled += glm::cross(a, ring[(i + 1) % ring.size()] - plane.centre);
        extent = std::max(extent, glm::dot(a, a));
    }
    const double length = glm::length(doubled);
    if (length > kNoArea * extent) {
        plane.normal = doubled / length;
        plane.squareMetres = length / 2.0;
    }
    return plane;
}

std::vector<glm::dvec2> onPlane(const std::vector<glm::dvec3>& ring, const RingPlane& plane) {
    const glm::dvec3 aside =
        std::abs(plane.normal.z) > 0.5 ? glm::dvec3(0.0, 1.0, 0.0) : glm::dvec3(0.0, 0.0, 1.0);
    const glm::dvec3 x = glm::normalize(glm::cross(aside, plane.normal));
    const glm::dvec3 y = glm::cross(plane.normal, x);
    std::vector<glm::dvec2> flat;
    for (const glm::dvec3& point : ring) {
        const glm::dvec3 offset = point - plane.centre;
        flat.emplace_back(glm::dot(offset, x), glm::dot(offset, y));
    }
    return flat;
}

bool crossesItself(const std::vector<glm::dvec2>& ring) {
    const std::vector<glm::dvec2> corners = withoutRepeats(ring);
    const std::size_t count = corners.size();
    const auto at = [&corners, count](std::size_t i) { return corners[i % count]; };
    for (std::size_t i = 0; i < count; ++i) {
        if (count > 2 && foldsBack(at(i), at(i + 1), at(i + 2))) {
            return true;
        }
        for (std::size_t j = i + 2; j < count; ++j) {
            const bool isNeighbour = (j + 1) % count == i;
            if (!isNeighbour && meet(at(i), at(i + 1), at(j), at(j + 1))) {
                return true;
            }
        }
    }
    return false;
}

} // namespace viewer::tools
