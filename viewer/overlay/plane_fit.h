#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/crs/transform.h"
#include "tiles3d/geo/enu_frame.h"

#include <glm/vec2.hpp>

#include <array>

namespace viewer::overlay {

/// From the scene frame (ENU metres) to plane coordinates, as a polynomial that a shader can run:
/// 1, x, y, z, xx, yy, zz, xy, xz, yz and the ten of third order, of the offset over `scaleMetres`.
struct PlaneFit {
    double scaleMetres = 1.0;
    std::array<glm::dvec2, 20> terms{};
    double residualMetres = 0.0; ///< Largest distance from PROJ at points between the nodes.

    glm::dvec2 toPlane(const glm::dvec3& scenePoint) const;
};

/// Fits within `halfExtentMetres` of the scene's origin, and 1,000 m up and down.
/// Fails where PROJ does.
tiles3d::base::Result<PlaneFit> fitPlane(const tiles3d::crs::Transform& plane,
                                         const tiles3d::geo::EnuFrame& scene,
                                         double halfExtentMetres);

} // namespace viewer::overlay
