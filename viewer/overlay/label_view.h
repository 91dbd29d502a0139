#pragma once

#include <glm/mat4x4.hpp>
#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

namespace viewer::overlay {

/// A frame as labels see it, in the scene's frame. A picture that is drawn in parts has its labels
/// laid out as a whole.
struct LabelView {
    glm::dmat4 clipFromScene{1.0}; ///< Of the whole picture; w is the depth in metres.
    glm::dvec3 eye{0.0};
    glm::dvec2 picturePixels{1.0};
    glm::dvec2 partLowerLeft{0.0}; ///< What is drawn of it, from its lower left corner.
    glm::dvec2 partPixels{1.0};
    double metresPerPixelAtOne = 1.0; ///< Of what faces the camera 1 m in front of it.
    double groundMetres = 0.0;        ///< About the height of the land.

    bool operator==(const LabelView&) const = default;
};

} // namespace viewer::overlay
