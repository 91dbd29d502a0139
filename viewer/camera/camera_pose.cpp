#include "viewer/camera/camera_pose.h"

#include "viewer/scene/frame_graph.h"

#include <glm/geometric.hpp>
#include <glm/vec4.hpp>

#include <algorithm>
#include <cmath>

namespace viewer::camera {

namespace {

namespace geo = tiles3d::geo;

/// Below this horizontal part of the direction (0.06 degrees off the vertical) `up` says the
/// heading.
constexpr double kVertical = 1e-3;

glm::dvec3 rotated(const glm::dmat4& matrix, const glm::dvec3& vector) {
    return glm::dvec3(matrix * glm::dvec4(vector, 0.0));
}

osg::Vec3d toOsg(const glm::dvec3& v) {
    return {v.x, v.y, v.z};
}

} // namespace

CameraAxes axesInEcef(const CameraPose& pose) {
    const geo::EnuFrame local(pose.position);
    const double heading = pose.heading.radians();
    const double pitch = pose.pitch.radians();
    const glm::dvec3 forward{std::sin(heading), std::cos(heading), 0.0};
    const glm::dvec3 vertical{0.0, 0.0, 1.0};
    const glm::dvec3 direction = forward * std::cos(pitch) + vertical * std::sin(pitch);
    const glm::dvec3 up = vertical * std::cos(pitch) - forward * std::sin(pitch);
    return {.eye = geo::toEcef(pose.position).metres,
            .direction = rotated(local.toEcefMatrix(), direction),
            .up = rotated(local.toEcefMatrix(), up)};
}

CameraAxes axesInScene(const CameraPose& pose, const geo::EnuFrame& scene) {
    const CameraAxes ecef = axesInEcef(pose);
    return {.eye = scene.fromEcef({ecef.eye}).metres,
            .direction = rotated(scene.fromEcefMatrix(), ecef.direction),
            .up = rotated(scene.fromEcefMatrix(), ecef.up)};
}

CameraPose poseOf(const CameraAxes& axes, const geo::EnuFrame& scene) {
    CameraPose pose;
    pose.position = geo::toCartographic(scene.toEcef({axes.eye}));
    const geo::EnuFrame local(pose.position);
    const glm::dmat4 sceneToLocal = local.fromEcefMatrix() * scene.toEcefMatrix();
    const glm::dvec3 direction = glm::normalize(rotated(sceneToLocal, axes.direction));
    const glm::dvec3 up = rotated(sceneToLocal, axes.up);
    const bool isVertical = std::hypot(direction.x, direction.y) < kVertical;
    const glm::dvec3 forward = isVertical ? up * (direction.z < 0.0 ? 1.0 : -1.0) : direction;
    pose.heading = geo::Angle::radians(std::atan2(forward.x, forward.y));
    pose.pitch = geo::Angle::radians(std::asin(std::clamp(direction.z, -1.0, 1.0)));
    return pose;
}

tiles3d::select::ViewState viewState(const CameraPose& pose, const Lens& lens) {
    const CameraAxes axes = axesInEcef(pose);
    return {.positionEcef = axes.eye,
            .direction = axes.direction,
            .up = axes.up,
            .verticalFovRadians = lens.verticalFovRadians,
            .viewportWidthPixels = lens.widthPixels,
            .viewportHeightPixels = lens.heightPixels};
}

scene::FrameCamera
frameCamera(const CameraPose& pose, const Lens& lens, const geo::EnuFrame& scene) {
    const CameraAxes axes = axesInScene(pose, scene);
    scene::FrameCamera camera;
    camera.eyeInScene = toOsg(axes.eye);
    camera.sceneToEye.makeLookAt(toOsg(axes.eye), toOsg(axes.eye + axes.direction), toOsg(axes.up));
    camera.eyeToClip = scene::reversedPerspective(lens.verticalFovRadians, lens.aspect());
    return camera;
}

} // namespace viewer::camera
