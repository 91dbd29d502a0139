#include "tests/support/random_cameras.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace tests {

namespace camera = viewer::camera;

namespace {

constexpr camera::Lens kPicture{.widthPixels = 640.0, .heightPixels = 360.0};

} // namespace

int cameraCount(const char* variable, int usual) {
    const char* wanted = std::getenv(variable);
    return wanted != nullptr ? std::atoi(wanted) : usual;
}

tiles3d::select::ViewState viewOf(const Shot& shot) {
    return camera::viewState(shot.pose, shot.lens);
}

glm::dvec3 directionOf(double headingRadians, double pitchRadians) {
    return {std::sin(headingRadians) * std::cos(pitchRadians),
            std::cos(headingRadians) * std::cos(pitchRadians),
            std::sin(pitchRadians)};
}

Shot RandomCameras::next() {
    const double heading = between(-3.14159, 3.14159);
    const glm::dvec3 direction = directionOf(heading, between(-1.57, -0.35));
    const glm::dvec3 target{between(limits_.minimum.x, limits_.maximum.x),
                            between(limits_.minimum.y, limits_.maximum.y),
                            limits_.minimum.z};
    const double heightMetres =
        limits_.maximum.z - limits_.minimum.z + 30.0 * std::pow(100.0, between(0.0, 1.0));
    const glm::dvec3 eye = target + direction * (heightMetres / direction.z);
    Shot shot{.pose = camera::poseOf({.eye = eye, .direction = direction}, scene_),
              .lens = kPicture};
    shot.lens.verticalFovRadians /= std::pow(30.0, between(0.0, 1.0));
    return shot;
}

bool RandomCameras::seesOnlyCity(const Shot& shot, double marginMetres) const {
    const auto axes = camera::axesInScene(shot.pose, scene_);
    const glm::dvec3 right = glm::cross(axes.direction, axes.up);
    const double tangent = std::tan(shot.lens.verticalFovRadians / 2.0);
    const double aspect = shot.lens.aspect();
    for (const auto& [x, y] : {std::pair{-aspect, -1.0},
                               std::pair{aspect, -1.0},
                               std::pair{-aspect, 1.0},
                               std::pair{aspect, 1.0}}) {
        const glm::dvec3 ray = axes.direction + tangent * (x * right + y * axes.up);
        if (!isInside(axes.eye, ray, marginMetres)) {
            return false;
        }
    }
    return true;
}

/// Through top and bottom, so that the ray cannot come in below the ground at the edge.
bool RandomCameras::isInside(const glm::dvec3& eye,
                             const glm::dvec3& ray,
                             double marginMetres) const {
    return ray.z < 0.0 &&
           std::ranges::all_of(std::array{limits_.minimum.z, limits_.maximum.z}, [&](double z) {
               const glm::dvec3 at = eye + ray * ((z - eye.z) / ray.z);
               return at.x > limits_.minimum.x + marginMetres &&
                      at.x < limits_.maximum.x - marginMetres &&
                      at.y > limits_.minimum.y + marginMetres &&
                      at.y < limits_.maximum.y - marginMetres;
           });
}

} // namespace tests
