#pragma once

#include <glm/mat4x4.hpp>
#include <glm/vec3.hpp>

namespace viewer::overlay {

/// What a frame looks at, in the scene's frame.
struct DrapeView {
    glm::dmat4 clipFromScene{1.0}; ///< Clip w is the depth along the view's direction, metres.
    glm::dvec3 eye{0.0};
    double metresPerPixelAtOne = 1.0; ///< Of what faces the camera 1 m in front of it.
    int widthPixels = 1;              ///< Of what is drawn, with all its samples.
    int heightPixels = 1;
    double lowMetres = 0.0; ///< Heights between which the city lies.
    double highMetres = 0.0;

    bool operator==(const DrapeView&) const = default;
};

} // namespace viewer::overlay
