#pragma once

#include "tiles3d/geo/angle.h"
#include "viewer/camera/camera_pose.h"

#include <glm/vec3.hpp>

namespace viewer::tools {

struct ScaleBar {
    double metres = 0.0; ///< 1, 2 or 5 times a power of ten.
    double pixels = 0.0;
};

/// The longest round bar that fits into `mostPixels`; nothing (0, 0) unless both are above 0.
ScaleBar scaleBar(double metresPerPixel, double mostPixels);

/// How many metres one pixel covers at a point in front of the camera, square to the view; 0 for a
/// point behind it. All in one frame.
double
metresPerPixelAt(const glm::dvec3& point, const camera::CameraAxes& axes, const camera::Lens& lens);

/// How far a compass needle turns clockwise from the top of the picture to show north, 0 to 360.
tiles3d::geo::Angle needleAngle(tiles3d::geo::Angle heading);

} // namespace viewer::tools
