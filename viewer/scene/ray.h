#pragma once

#include <glm/vec3.hpp>

#include <algorithm>
#include <limits>

namespace viewer::scene {

/// A half-line in the scene frame, metres.
struct Ray {
    glm::dvec3 origin{0.0};
    glm::dvec3 direction{0.0, 0.0, -1.0}; ///< Need not be a unit vector.
};

/// A box between two corners, of float or double vectors, with its faces.
template <typename Vector>
struct Box {
    Vector minimum{0};
    Vector maximum{0};
};

/// Where the ray enters the box, in units of its direction and not below 0; above `nearest` if it
/// does not meet it before that. A ray within a face of the box meets it.
template <typename Vector>
double entry(const Ray& ray, const Box<Vector>& box, double nearest) {
    double enter = 0.0;
    double leave = nearest;
    for (int axis = 0; axis < 3; ++axis) {
        const double below = static_cast<double>(box.minimum[axis]) - ray.origin[axis];
        const double above = static_cast<double>(box.maximum[axis]) - ray.origin[axis];
        if (ray.direction[axis] == 0.0) { // dividing by it would give 0 / 0 in a face
            if (below > 0.0 || above < 0.0) {
                return std::numeric_limits<double>::infinity();
            }
            continue;
        }
        const double a = below / ray.direction[axis];
        const double b = above / ray.direction[axis];
        enter = std::max(enter, std::min(a, b));
        leave = std::min(leave, std::max(a, b));
    }
    return enter <= leave ? enter : std::numeric_limits<double>::infinity();
}

} // namespace viewer::scene
