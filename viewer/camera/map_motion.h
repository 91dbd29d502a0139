#pragma once

#include "viewer/camera/camera_pose.h"
#include "viewer/scene/ray.h"

#include <glm/vec2.hpp>

namespace viewer::camera {

// Motions of a map-like camera in the scene's frame. Pure: axes in, axes out; no roll ever appears.
// `pixel` is measured from the picture's lower left corner.

/// Unit vector from the eye through a pixel.
glm::dvec3 directionThrough(const CameraAxes& axes, const Lens& lens, const glm::dvec2& pixel);

/// Where a pixel's ray leaves the eye, with what a drag holds there.
struct Grip {
    glm::dvec3 point{0.0};
    glm::dvec3 normal{0.0, 0.0, 1.0}; ///< Of the plane that slides along itself; unit vector.
};

/// A grip on a point that is seen. Seen steeper than 3.4 degrees from above or below, it slides in
/// its level; seen flatter, in the upright plane that faces the eye: a level would run away there.
Grip gripOn(const glm::dvec3& point, const glm::dvec3& eye);

/// Moves the camera in the grip's plane so that its point comes to lie under `pixel`: the ground
/// sticks to the cursor. A ray within 2.3 degrees of the plane, or on its far side, is taken as one
/// of 2.3 degrees: over the horizon the ground follows to the sides only, without a jump.
CameraAxes
panned(const CameraAxes& axes, const Lens& lens, const Grip& grip, const glm::dvec2& pixel);

/// Turns the camera about `centre`: `turn` to the right and `tilt` upwards, radians. The pitch
/// stays within -90 to 20 degrees, or goes no further out.
CameraAxes orbited(const CameraAxes& axes, const glm::dvec3& centre, double turn, double tilt);

/// Where the ray meets the level `heightMetres`, with the flattest ray as in panned().
glm::dvec3 pointOnLevel(const scene::Ray& ray, double heightMetres);

/// Moves the eye to `factor` times its distance from `target`, so that the target stays under its
/// pixel; stops kClosestMetres before it and kFarthestMetres from it.
CameraAxes zoomed(const CameraAxes& axes, const glm::dvec3& target, double factor);

inline constexpr double kClosestMetres = 2.0;
inline constexpr double kFarthestMetres = 200000.0;

} // namespace viewer::camera
