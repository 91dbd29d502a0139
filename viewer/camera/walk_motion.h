#pragma once

#include "viewer/camera/pick.h"

#include <glm/vec2.hpp>

namespace viewer::camera {

inline constexpr double kEyeHeightMetres = 1.7;
inline constexpr double kHighestStepMetres = 0.5;

/// A person on foot, scene frame.
struct WalkState {
    glm::dvec3 eye{0.0};
    double groundMetres = 0.0; ///< Height of what the person stands on, or falls to.
    double fallMetresPerSecond = 0.0;
    bool isSettled = false; ///< At eye height above the ground.
};

/// A person who stands on `ground`.
WalkState standingOn(const glm::dvec3& ground);

/// `state` after `seconds` (at most 0.1 at a time) of walking with `velocity`, metres per second
/// east and north.
/// The ground is the first surface below the eye, so a person walks under arcades and bridges.
/// Steps up to kHighestStepMetres are climbed; anything higher, and what a ray ahead meets at knee
/// or eye height within 0.3 m, is a wall: the person slides along it. Where there is no ground the
/// person does not go. Deeper steps are fallen down. A surface that appears above the eye (a finer
/// tile) lifts the person onto it.
/// Picks once when standing, three times walking freely, up to eight times along a wall.
WalkState
walked(const WalkState& state, const glm::dvec2& velocity, double seconds, const Pick& pick);

} // namespace viewer::camera
