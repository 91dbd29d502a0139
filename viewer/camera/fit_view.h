#pragma once

#include "tiles3d/geo/angle.h"
#include "tiles3d/select/select.h"
#include "viewer/camera/camera_pose.h"

#include <vector>

namespace viewer::camera {

struct FitOptions {
    tiles3d::geo::Angle heading;
    tiles3d::geo::Angle pitch = tiles3d::geo::Angle::degrees(-35.0);
    double margin = 0.04; ///< Part of the picture left free on each side.
};

/// Corners of the volumes that outline the whole city, ECEF: those of the known tiles without
/// children, or of the nearest ancestors that keep the count below 20,000.
/// Tighter than the root's one box, and never reads a file.
std::vector<glm::dvec3> outlineOf(const tiles3d::select::SelectionTree& tree);

/// How far the points reach to the sides of the scene's origin: the largest |east| or |north|,
/// metres.
double halfExtentOf(const std::vector<glm::dvec3>& pointsEcef, const tiles3d::geo::EnuFrame& scene);

/// About the height of the land that the city lies on, ellipsoidal, metres: a tenth of the points
/// lie lower, since a few volumes may be far too large. 0 without points.
double groundHeightOf(const std::vector<glm::dvec3>& pointsEcef);

/// The nearest camera of that direction that has all points in the picture.
/// REQUIRES: at least one point.
CameraPose fitView(const std::vector<glm::dvec3>& pointsEcef,
                   const tiles3d::geo::EnuFrame& scene,
                   const Lens& lens,
                   const FitOptions& options = {});

} // namespace viewer::camera
