#include "viewer/overlay/simplify.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <utility>

namespace viewer::overlay {

namespace {

double distanceTo(const glm::dvec2& a, const glm::dvec2& b, const glm::dvec2& point) {
    const glm::dvec2 along = b - a;
    const double length = std::max(glm::dot(along, along), 1e-300);
    const double t = glm::clamp(glm::dot(point - a, along) / length, 0.0, 1.0);
    return glm::distance(point, a + along * t);
}

} // namespace

std::vector<glm::dvec2> simplifiedLine(const std::vector<glm::dvec2>& line,
                                       double toleranceMetres) {
    if (line.size() < 3 || toleranceMetres <= 0.0) {
        return line;
    }
    std::vector<bool> isKept(line.size(), false);
    isKept.front() = true;
    isKept.back() = true;
    std::vector<std::pair<std::size_t, std::size_t>> open{{0, line.size() - 1}};
    while (!open.empty()) {
        const auto [first, last] = open.back();
        open.pop_back();
        double most = toleranceMetres;
        std::size_t farthest = 0;
        for (std::size_t i = first + 1; i < last; ++i) {
            const double distance = distanceTo(line[first], line[last], line[i]);
            if (distance > most) {
                most = distance;
                farthest = i;
            }
        }
        if (farthest != 0) {
            isKept[farthest] = true;
            open.emplace_back(first, farthest);
            open.emplace_back(farthest, last);
        }
    }
    std::vector<glm::dvec2> kept;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (isKept[i]) {
            kept.push_back(line[i]);
        }
    }
    return kept;
}

std::vector<glm::dvec2> simplifiedRing(const std::vector<glm::dvec2>& ring,
                                       double toleranceMetres) {
    if (ring.empty()) {
        return {};
    }
    std::vector<glm::dvec2> closed = ring;
    closed.push_back(ring.front());
    closed = simplifiedLine(closed, toleranceMetres);
    closed.pop_back();
    return closed.size() < 3 ? std::vector<glm::dvec2>() : closed;
}

} // namespace viewer::overlay
