#pragma once

#include "viewer/camera/camera_pose.h"

#include <glm/vec2.hpp>

namespace viewer::camera {

// Motions of a map-like camera in the scene's frame. Pure: axes in, axes out; no roll ever appears.
// `pixel` is measured from the picture's lower left corner.

/// Unit vector from the eye through a pixel.
glm::dvec3 directionThrough(const CameraAxes& axes, const Lens& lens, const glm::dvec2& pixel);

/// Moves the camera level so that `grabbed` comes to lie under `pixel`: the ground sticks to the
/// cursor. Nothing moves if the pixel looks above the horizon of the grabbed point's height.
CameraAxes panned(const CameraAxes& axes,
                  const Lens& lens,
                  const glm::dvec3& grabbed,
                  const glm::dvec2& pixel);

/// Turns the camera about `centre`: `turn` to the right and `tilt` upwards, radians. The pitch
/// stays within -89.5 to 20 degrees.
CameraAxes orbited(const CameraAxes& axes, const glm::dvec3& centre, double turn, double tilt);

/// Moves the eye to `factor` times its distance from `target`, so that the target stays under its
/// pixel; stops kClosestMetres before it and kFarthestMetres from it.
CameraAxes zoomed(const CameraAxes& axes, const glm::dvec3& target, double factor);

inline constexpr double kClosestMetres = 2.0;
inline constexpr double kFarthestMetres = 200000.0;

} // namespace viewer::camera
