#pragma once

#include <glm/common.hpp>
#include <glm/vec2.hpp>

#include <limits>

namespace pipeline::planning {

/// A closed rectangle of plane coordinates, metres. Made empty: it holds nothing and grows by
/// add().
struct PlaneBox {
    glm::dvec2 low{std::numeric_limits<double>::infinity()};
    glm::dvec2 high{-std::numeric_limits<double>::infinity()};

    bool isEmpty() const { return !(low.x <= high.x && low.y <= high.y); }
    void add(const glm::dvec2& point) {
        low = glm::min(low, point);
        high = glm::max(high, point);
    }
    bool overlaps(const PlaneBox& other) const {
        return low.x <= other.high.x && other.low.x <= high.x && low.y <= other.high.y &&
               other.low.y <= high.y;
    }
    PlaneBox grownBy(double metres) const { return {low - metres, high + metres}; }

    bool operator==(const PlaneBox&) const = default;
};

} // namespace pipeline::planning
