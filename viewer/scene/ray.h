#pragma once

#include <glm/vec3.hpp>

namespace viewer::scene {

/// A half-line in the scene frame, metres.
struct Ray {
    glm::dvec3 origin{0.0};
    glm::dvec3 direction{0.0, 0.0, -1.0}; ///< Need not be a unit vector.
};

} // namespace viewer::scene
