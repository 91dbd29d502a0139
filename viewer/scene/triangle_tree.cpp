#include "viewer/scene/triangle_tree.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace viewer::scene {

namespace {

/// Of boxes in a box, of triangles in the lowest: more would look at more triangles, fewer at more
/// boxes; 4, 8 and 16 are alike within a tenth.
constexpr std::size_t kFanOut = 8;

using Corners = std::array<glm::vec3, 3>;

Corners cornersOf(const stream::MeshPart& part, std::size_t triangle) {
    Corners corners;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const std::size_t at = triangle * 3 + i;
        corners.at(i) =
            part.positions[part.longIndices.empty() ? part.shortIndices[at] : part.longIndices[at]];
    }
    return corners;
}

void include(Box<glm::vec3>& box, const Box<glm::vec3>& other) {
    box.minimum = glm::min(box.minimum, other.minimum);
    box.maximum = glm::max(box.maximum, other.maximum);
}

Box<glm::vec3> boxOf(const Corners& corners) {
    return {glm::min(corners[0], glm::min(corners[1], corners[2])),
            glm::max(corners[0], glm::max(corners[1], corners[2]))};
}

/// Ten bits with two zeros between each.
std::uint32_t spread(std::uint32_t bits) {
    bits = (bits | (bits << 16U)) & 0x030000FFU;
    bits = (bits | (bits << 8U)) & 0x0300F00FU;
    bits = (bits | (bits << 4U)) & 0x030C30C3U;
    return (bits | (bits << 2U)) & 0x09249249U;
}

/// Place on a Morton curve through 1024^3 cells.
/// Source: Morton, "A computer oriented geodetic data base" (1966).
std::uint32_t curvePlace(const glm::vec3& point, const Box<glm::vec3>& all) {
    constexpr float kCells = 1023.0F;
    const glm::vec3 extent = glm::max(all.maximum - all.minimum, glm::vec3(1e-6F));
    const glm::vec3 cell = (point - all.minimum) / extent * kCells;
    return spread(static_cast<std::uint32_t>(cell.x)) |
           (spread(static_cast<std::uint32_t>(cell.y)) << 1U) |
           (spread(static_cast<std::uint32_t>(cell.z)) << 2U);
}

std::vector<std::uint32_t> curveOrder(const stream::MeshPart& part) {
    Box<glm::vec3> all{glm::vec3(std::numeric_limits<float>::max()),
                       glm::vec3(std::numeric_limits<float>::lowest())};
    for (const glm::vec3& position : part.positions) {
        include(all, {position, position});
    }
    std::vector<std::pair<std::uint32_t, std::uint32_t>> places; // on the curve; triangle
    places.reserve(part.triangleCount());
    for (std::uint32_t i = 0; i < part.triangleCount(); ++i) {
        const Corners corners = cornersOf(part, i);
        const glm::vec3 middle = (corners[0] + corners[1] + corners[2]) / 3.0F;
        places.emplace_back(curvePlace(glm::clamp(middle, all.minimum, all.maximum), all), i);
    }
    std::ranges::sort(places);
    std::vector<std::uint32_t> order(places.size());
    std::ranges::transform(places, order.begin(), [](const auto& place) { return place.second; });
    return order;
}

/// One box for every kFanOut of `boxes`.
std::vector<Box<glm::vec3>> boxesAbove(const std::vector<Box<glm::vec3>>& boxes) {
    std::vector<Box<glm::vec3>> above;
    above.reserve(boxes.size() / kFanOut + 1);
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        if (i % kFanOut == 0) {
            above.push_back(boxes[i]);
        }
        include(above.back(), boxes[i]);
    }
    return above;
}

/// Source: Moller and Trumbore, "Fast, minimum storage ray/triangle intersection" (1997).
double hit(const Ray& ray, const Corners& corners, double nearest) {
    const glm::dvec3 a(corners[0]);
    const glm::dvec3 ab = glm::dvec3(corners[1]) - a;
    const glm::dvec3 ac = glm::dvec3(corners[2]) - a;
    const glm::dvec3 p = glm::cross(ray.direction, ac);
    const double determinant = glm::dot(ab, p);
    if (determinant == 0.0) {
        return nearest;
    }
    const glm::dvec3 toOrigin = ray.origin - a;
    const double u = glm::dot(toOrigin, p) / determinant;
    const glm::dvec3 q = glm::cross(toOrigin, ab);
    const double v = glm::dot(ray.direction, q) / determinant;
    const double distance = glm::dot(ac, q) / determinant;
    const bool isInside = u >= 0.0 && v >= 0.0 && u + v <= 1.0;
    return isInside && distance >= 0.0 ? std::min(nearest, distance) : nearest;
}

} // namespace

TriangleTree::TriangleTree(const stream::MeshPart& part) : order_(curveOrder(part)) {
    Boxes boxes(order_.size());
    std::ranges::transform(order_, boxes.begin(), [&](std::uint32_t triangle) {
        return boxOf(cornersOf(part, triangle));
    });
    while (!boxes.empty()) {
        boxes = boxesAbove(boxes);
        levels_.push_back(boxes);
        if (boxes.size() == 1) {
            break;
        }
    }
}

struct TriangleTree::Search {
    const stream::MeshPart& part;
    const Ray& ray;
    double nearest;
};

void TriangleTree::search(Search& search, std::size_t level, std::size_t index) const {
    if (entry(search.ray, levels_[level][index], search.nearest) > search.nearest) {
        return;
    }
    const std::size_t count = level == 0 ? order_.size() : levels_[level - 1].size();
    const std::size_t end = std::min(count, (index + 1) * kFanOut);
    for (std::size_t i = index * kFanOut; i < end; ++i) {
        if (level == 0) {
            search.nearest = hit(search.ray, cornersOf(search.part, order_[i]), search.nearest);
        } else {
            this->search(search, level - 1, i);
        }
    }
}

double
TriangleTree::nearestHit(const stream::MeshPart& part, const Ray& ray, double nearest) const {
    if (levels_.empty()) {
        return nearest;
    }
    Search state{part, ray, nearest};
    search(state, levels_.size() - 1, 0);
    return state.nearest;
}

std::size_t TriangleTree::byteCount() const {
    std::size_t boxes = 0;
    for (const Boxes& level : levels_) {
        boxes += level.size();
    }
    return order_.size() * sizeof(std::uint32_t) + boxes * sizeof(Box<glm::vec3>);
}

} // namespace viewer::scene
