#include "viewer/camera/map_motion.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace viewer::camera {

namespace {

constexpr double kLowestPitch = -89.5 * std::numbers::pi / 180.0;
constexpr double kHighestPitch = 20.0 * std::numbers::pi / 180.0;
/// A ray flatter than this (1.1 degrees) would pan by more than 50 times the eye's height.
constexpr double kFlattestSlope = 0.02;

/// Rodrigues' formula; `axis` is a unit vector.
glm::dvec3 turned(const glm::dvec3& v, const glm::dvec3& axis, double radians) {
    return v * std::cos(radians) + glm::cross(axis, v) * std::sin(radians) +
           axis * glm::dot(axis, v) * (1.0 - std::cos(radians));
}

} // namespace

glm::dvec3 directionThrough(const CameraAxes& axes, const Lens& lens, const glm::dvec2& pixel) {
    const double tangent = std::tan(lens.verticalFovRadians / 2.0);
    const double x = (2.0 * pixel.x / lens.widthPixels - 1.0) * tangent * lens.aspect();
    const double y = (2.0 * pixel.y / lens.heightPixels - 1.0) * tangent;
    const glm::dvec3 right = glm::cross(axes.direction, axes.up);
    return glm::normalize(axes.direction + right * x + axes.up * y);
}

CameraAxes panned(const CameraAxes& axes,
                  const Lens& lens,
                  const glm::dvec3& grabbed,
                  const glm::dvec2& pixel) {
    const glm::dvec3 ray = directionThrough(axes, lens, pixel);
    const double drop = grabbed.z - axes.eye.z;
    const bool meetsLevel = std::abs(ray.z) > kFlattestSlope && drop / ray.z > 0.0;
    if (!meetsLevel) {
        return axes;
    }
    const glm::dvec3 under = axes.eye + ray * (drop / ray.z);
    CameraAxes moved = axes;
    moved.eye += glm::dvec3(grabbed.x - under.x, grabbed.y - under.y, 0.0);
    return moved;
}

CameraAxes orbited(const CameraAxes& axes, const glm::dvec3& centre, double turn, double tilt) {
    const double pitch = std::asin(std::clamp(axes.direction.z, -1.0, 1.0));
    const double allowedTilt = std::clamp(pitch + tilt, kLowestPitch, kHighestPitch) - pitch;
    const glm::dvec3 right = glm::normalize(glm::cross(axes.direction, axes.up));
    const glm::dvec3 vertical{0.0, 0.0, 1.0};
    const auto rotate = [&](const glm::dvec3& v) {
        return turned(turned(v, right, allowedTilt), vertical, -turn);
    };
    return {.eye = centre + rotate(axes.eye - centre),
            .direction = glm::normalize(rotate(axes.direction)),
            .up = glm::normalize(rotate(axes.up))};
}

CameraAxes zoomed(const CameraAxes& axes, const glm::dvec3& target, double factor) {
    const glm::dvec3 offset = axes.eye - target;
    const double distance = glm::length(offset);
    if (distance <= kClosestMetres && factor < 1.0) {
        return axes;
    }
    const double wanted = std::clamp(distance * factor, kClosestMetres, kFarthestMetres);
    CameraAxes moved = axes;
    moved.eye = target + offset * (wanted / std::max(distance, 1e-9));
    return moved;
}

} // namespace viewer::camera
