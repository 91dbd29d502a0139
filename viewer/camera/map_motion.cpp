#include "viewer/camera/map_motion.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace viewer::camera {

namespace {

constexpr double kLowestPitch = -std::numbers::pi / 2.0;
constexpr double kHighestPitch = 20.0 * std::numbers::pi / 180.0;
/// A ray flatter than this to the plane (2.3 degrees) would pan by more than 25 times the eye's
/// height above it.
constexpr double kFlattestSlope = 0.04;

/// Rodrigues' formula; `axis` is a unit vector.
glm::dvec3 turned(const glm::dvec3& v, const glm::dvec3& axis, double radians) {
    return v * std::cos(radians) + glm::cross(axis, v) * std::sin(radians) +
           axis * glm::dot(axis, v) * (1.0 - std::cos(radians));
}

/// `ray` turned towards `sign * normal` until it is no flatter to the plane than allowed. A ray
/// right against it has no side to turn to and stays.
glm::dvec3 inclined(const glm::dvec3& ray, const glm::dvec3& normal, double sign) {
    const double height = sign * glm::dot(ray, normal);
    const glm::dvec3 along = ray - normal * (sign * height);
    const double length = glm::length(along);
    if (height >= kFlattestSlope * length || length == 0.0) {
        return ray;
    }
    return along / length + normal * (sign * kFlattestSlope);
}

} // namespace

glm::dvec3 directionThrough(const CameraAxes& axes, const Lens& lens, const glm::dvec2& pixel) {
    const double tangent = std::tan(lens.verticalFovRadians / 2.0);
    const double x = (2.0 * pixel.x / lens.widthPixels - 1.0) * tangent * lens.aspect();
    const double y = (2.0 * pixel.y / lens.heightPixels - 1.0) * tangent;
    const glm::dvec3 right = glm::cross(axes.direction, axes.up);
    return glm::normalize(axes.direction + right * x + axes.up * y);
}

Grip gripOn(const glm::dvec3& point, const glm::dvec3& eye) {
    constexpr double kFlatSlope = 0.06; // 3.4 degrees
    const glm::dvec3 sight = glm::normalize(point - eye);
    if (std::abs(sight.z) >= kFlatSlope) {
        return {.point = point};
    }
    return {.point = point, .normal = glm::normalize(glm::dvec3(sight.x, sight.y, 0.0))};
}

CameraAxes
panned(const CameraAxes& axes, const Lens& lens, const Grip& grip, const glm::dvec2& pixel) {
    const glm::dvec3 toPlane = grip.point - axes.eye;
    const double distance = glm::dot(toPlane, grip.normal);
    const glm::dvec3 ray =
        inclined(directionThrough(axes, lens, pixel), grip.normal, distance < 0.0 ? -1.0 : 1.0);
    CameraAxes moved = axes;
    moved.eye += toPlane - ray * (distance / glm::dot(ray, grip.normal));
    return moved;
}

glm::dvec3 pointOnLevel(const scene::Ray& ray, double heightMetres) {
    const double drop = heightMetres - ray.origin.z;
    const glm::dvec3 direction =
        inclined(glm::normalize(ray.direction), {0.0, 0.0, 1.0}, drop < 0.0 ? -1.0 : 1.0);
    return ray.origin + direction * (drop / direction.z);
}

CameraAxes orbited(const CameraAxes& axes, const glm::dvec3& centre, double turn, double tilt) {
    const double pitch = anglesOf(axes).pitch.radians();
    const double allowedTilt =
        std::clamp(pitch + tilt, std::min(kLowestPitch, pitch), std::max(kHighestPitch, pitch)) -
        pitch;
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
