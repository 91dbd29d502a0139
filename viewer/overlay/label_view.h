#pragma once

#include "tiles3d/geo/ellipsoid.h"

#include <glm/mat4x4.hpp>
#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <algorithm>
#include <functional>
#include <optional>

namespace viewer::overlay {

/// The city as labels ask for it. Each answer may take a tenth of a millisecond.
struct LabelSurface {
    /// Ellipsoidal height of the highest surface at a position's longitude and latitude; none
    /// where there is no surface yet.
    std::function<std::optional<double>(const tiles3d::geo::Cartographic&)> height;
    /// Nothing stands between two points of the scene, but right before the second.
    std::function<bool(const glm::dvec3& eye, const glm::dvec3& point)> isSeen;
};

/// How far before a point on the surface something may stand and not hide it: levels of detail
/// differ in height.
inline double hidingDistance(double distanceMetres) {
    constexpr double kShare = 0.02;
    constexpr double kLeastMetres = 1.5;
    return distanceMetres - std::max(kShare * distanceMetres, kLeastMetres);
}

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
