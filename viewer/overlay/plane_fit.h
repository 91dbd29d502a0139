#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/crs/transform.h"
#include "tiles3d/geo/enu_frame.h"

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <array>

namespace viewer::overlay {

/// PlaneFit near one point of the scene, to the second order: what a shader runs for each pixel.
struct PlaneExpansion {
    glm::dvec3 focus{0.0}; ///< The point, scene frame.
    glm::dvec3 at{0.0};    ///< East, north and height there.
    /// East, north and height per monomial of the offset from `focus` in metres: x, y, z, xx, yy,
    /// zz, xy, xz, yz.
    std::array<glm::dvec3, 9> terms{};

    /// What one metre in the scene's x, y and z does to one of them.
    glm::dvec3 east() const { return {terms[0].x, terms[1].x, terms[2].x}; }
    glm::dvec3 north() const { return {terms[0].y, terms[1].y, terms[2].y}; }
    glm::dvec3 up() const { return {terms[0].z, terms[1].z, terms[2].z}; }

    glm::dvec3 toPlane(const glm::dvec3& scenePoint) const;
    glm::dvec2 eyeOnPlane(const glm::dvec3& eye) const { return glm::dvec2(toPlane(eye)); }
};

/// From the scene frame (ENU metres) to plane coordinates and height above the ellipsoid, as a
/// polynomial: 1, x, y, z, xx, yy, zz, xy, xz, yz, xxx, yyy, zzz, xxy, xxz, yyx, yyz, zzx, zzy, xyz
/// of the offset over `scaleMetres`.
struct PlaneFit {
    double scaleMetres = 1.0;
    std::array<glm::dvec3, 20> terms{};
    double residualMetres = 0.0; ///< Largest distance from PROJ at points between the nodes.

    glm::dvec3 toPlane(const glm::dvec3& scenePoint) const;
    /// Near `scenePoint`, or the nearest point of what the fit was made for.
    PlaneExpansion expandedAt(const glm::dvec3& scenePoint) const;
};

/// Fits within `halfExtentMetres` of the scene's origin, and 1,000 m up and down.
/// Fails where PROJ does.
tiles3d::base::Result<PlaneFit> fitPlane(const tiles3d::crs::Transform& plane,
                                         const tiles3d::geo::EnuFrame& scene,
                                         double halfExtentMetres);

} // namespace viewer::overlay
