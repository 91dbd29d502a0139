#include "viewer/camera/walk_motion.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace viewer::camera {

namespace {

constexpr double kBodyRadiusMetres = 0.3;
constexpr double kKneeMetres = kHighestStepMetres + 0.05; // passes over what can be climbed
constexpr glm::dvec3 kDown{0.0, 0.0, -1.0};

glm::dvec2 level(const glm::dvec3& v) {
    return {v.x, v.y};
}

double feetOf(const WalkState& state) {
    return std::max(state.groundMetres, state.eye.z - kEyeHeightMetres);
}

/// The wall that a step runs into, nearer than a body's radius after it.
std::optional<glm::dvec3>
wallAhead(const WalkState& state, const glm::dvec2& step, const Pick& pick) {
    const double length = glm::length(step);
    const glm::dvec3 direction(step / length, 0.0);
    for (const double height : {feetOf(state) + kKneeMetres, state.eye.z}) {
        const auto hit = pick({{state.eye.x, state.eye.y, height}, direction});
        if (hit && glm::length(level(*hit - state.eye)) < length + kBodyRadiusMetres) {
            return hit;
        }
    }
    return std::nullopt;
}

/// Level direction out of the wall, from a second ray beside the first; straight back where the
/// second does not meet the same wall.
glm::dvec2 wallNormal(const WalkState& state,
                      const glm::dvec3& hit,
                      const glm::dvec2& direction,
                      const Pick& pick) {
    constexpr double kAsideMetres = 0.05;
    constexpr double kSameWallMetres = 0.5;
    const glm::dvec2 right{direction.y, -direction.x};
    const glm::dvec3 origin(level(state.eye) + right * kAsideMetres, hit.z);
    const auto beside = pick({origin, glm::dvec3(direction, 0.0)});
    if (!beside || glm::length(level(*beside - hit)) > kSameWallMetres) {
        return -direction;
    }
    const glm::dvec2 along = glm::normalize(level(*beside - hit));
    const glm::dvec2 normal{along.y, -along.x};
    return glm::dot(normal, direction) < 0.0 ? normal : -normal;
}

/// The part of a step that walls leave.
glm::dvec2 alongWalls(const WalkState& state, const glm::dvec2& step, const Pick& pick) {
    const auto hit = wallAhead(state, step, pick);
    if (!hit) {
        return step;
    }
    const glm::dvec2 normal = wallNormal(state, *hit, glm::normalize(step), pick);
    const double room = glm::dot(level(state.eye - *hit), normal) - kBodyRadiusMetres;
    const double into = -glm::dot(step, normal);
    const glm::dvec2 slid = step + normal * std::max(into - std::max(room, 0.0), 0.0);
    constexpr double kNoStepMetres = 1e-6;
    const bool isFree = glm::length(slid) > kNoStepMetres && !wallAhead(state, slid, pick);
    return isFree ? slid : glm::dvec2(0.0);
}

/// The height of what is below the eye, or of what the eye has come under.
std::optional<double> groundAt(const glm::dvec3& eye, const Pick& pick) {
    if (const auto below = pick({eye, kDown})) {
        return below->z;
    }
    constexpr double kAboveMetres = 50.0;
    const auto over = pick({eye - kDown * kAboveMetres, kDown});
    return over ? std::optional(over->z) : std::nullopt;
}

/// Towards eye height above the ground: small steps glide, deep ones fall.
void settleInPlace(WalkState& state, double seconds) {
    constexpr double kGravity = 9.81;
    constexpr double kFastestFall = 50.0;
    constexpr double kGlideSeconds = 0.08;
    constexpr double kCloseMetres = 1e-3;
    const double target = state.groundMetres + kEyeHeightMetres;
    const double rise = target - state.eye.z;
    const bool isFalling = rise < -kHighestStepMetres || state.fallMetresPerSecond > 0.0;
    if (rise < 0.0 && isFalling) {
        state.fallMetresPerSecond =
            std::min(state.fallMetresPerSecond + kGravity * seconds, kFastestFall);
        state.eye.z = std::max(state.eye.z - state.fallMetresPerSecond * seconds, target);
    } else if (std::abs(rise) < kCloseMetres || rise > kEyeHeightMetres) {
        state.eye.z = target; // arrived, or lifted out of the ground
    } else {
        state.eye.z += rise * (1.0 - std::exp(-seconds / kGlideSeconds));
    }
    state.isSettled = state.eye.z == target;
    if (state.isSettled) {
        state.fallMetresPerSecond = 0.0;
    }
}

} // namespace

WalkState standingOn(const glm::dvec3& ground) {
    return {.eye = ground + glm::dvec3(0.0, 0.0, kEyeHeightMetres),
            .groundMetres = ground.z,
            .isSettled = true};
}

WalkState
walked(const WalkState& state, const glm::dvec2& velocity, double seconds, const Pick& pick) {
    constexpr double kLongestSeconds = 0.1;
    const double time = std::clamp(seconds, 0.0, kLongestSeconds);
    WalkState next = state;
    std::optional<double> ground;
    if (glm::length(velocity) * time > 0.0) {
        next.eye += glm::dvec3(alongWalls(state, velocity * time, pick), 0.0);
        ground = groundAt(next.eye, pick);
        const bool isWall = ground && *ground - feetOf(state) > kHighestStepMetres;
        if (!ground || isWall) {
            next = state;
            ground.reset();
        }
    }
    if (!ground) {
        ground = groundAt(next.eye, pick);
    }
    next.groundMetres = ground.value_or(next.groundMetres);
    settleInPlace(next, time);
    return next;
}

} // namespace viewer::camera
