#include "viewer/camera/camera_pose.h"

#include "viewer/scene/frame_graph.h"

#include <glm/geometric.hpp>
#include <glm/vec2.hpp>
#include <glm/vec4.hpp>

#include <algorithm>
#include <cmath>

namespace viewer::camera {

namespace {

namespace geo = tiles3d::geo;
namespace select = tiles3d::select;

/// Below this horizontal part of the direction (0.06 degrees off the vertical) `up` says the
/// heading.
constexpr double kVertical = 1e-3;

glm::dvec3 rotated(const glm::dmat4& matrix, const glm::dvec3& vector) {
    return glm::dvec3(matrix * glm::dvec4(vector, 0.0));
}

osg::Vec3d toOsg(const glm::dvec3& v) {
    return {v.x, v.y, v.z};
}

/// The least upright view through the middle of the part that has its corners in the picture.
select::ViewState viewOfPart(const select::ViewState& whole, const PicturePart& part) {
    constexpr double kAhead = 1e-6; // of a corner at right angles to the middle or behind
    const double pixelsPerUnit =
        whole.viewportHeightPixels / (2.0 * std::tan(whole.verticalFovRadians / 2.0));
    const glm::dvec3 right = glm::cross(whole.direction, whole.up);
    const auto through = [&](double across, double down) {
        return glm::normalize(
            whole.direction * pixelsPerUnit +
            right * (part.left + across * part.widthPixels - whole.viewportWidthPixels / 2.0) -
            whole.up * (part.top + down * part.heightPixels - whole.viewportHeightPixels / 2.0));
    };
    select::ViewState view = whole;
    view.direction = through(0.5, 0.5);
    const glm::dvec3 across = glm::normalize(glm::cross(view.direction, whole.up));
    view.up = glm::cross(across, view.direction);
    double tangentAcross = 0.0;
    double tangentUp = 0.0;
    for (const glm::dvec2& corner : {glm::dvec2(0, 0), {1, 0}, {0, 1}, {1, 1}}) {
        const glm::dvec3 ray = through(corner.x, corner.y);
        const double ahead = std::max(glm::dot(ray, view.direction), kAhead);
        tangentAcross = std::max(tangentAcross, std::abs(glm::dot(ray, across)) / ahead);
        tangentUp = std::max(tangentUp, std::abs(glm::dot(ray, view.up)) / ahead);
    }
    view.verticalFovRadians = 2.0 * std::atan(tangentUp);
    view.viewportWidthPixels = 2.0 * pixelsPerUnit * tangentAcross;
    view.viewportHeightPixels = 2.0 * pixelsPerUnit * tangentUp;
    return view;
}

/// Stretches the part to all of clip space.
osg::Matrixd clipOfPart(const Lens& lens) {
    const PicturePart& part = *lens.part;
    const double across = lens.widthPixels / part.widthPixels;
    const double up = lens.heightPixels / part.heightPixels;
    const double middleX = (2.0 * part.left + part.widthPixels) / lens.widthPixels - 1.0;
    const double middleY = 1.0 - (2.0 * part.top + part.heightPixels) / lens.heightPixels;
    return osg::Matrixd::translate(-middleX, -middleY, 0.0) * osg::Matrixd::scale(across, up, 1.0);
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

select::ViewState viewState(const CameraPose& pose, const Lens& lens) {
    const CameraAxes axes = axesInEcef(pose);
    const select::ViewState whole{.positionEcef = axes.eye,
                                  .direction = axes.direction,
                                  .up = axes.up,
                                  .verticalFovRadians = lens.verticalFovRadians,
                                  .viewportWidthPixels = lens.widthPixels,
                                  .viewportHeightPixels = lens.heightPixels};
    return lens.part ? viewOfPart(whole, *lens.part) : whole;
}

scene::FrameCamera
frameCamera(const CameraPose& pose, const Lens& lens, const geo::EnuFrame& scene) {
    const CameraAxes axes = axesInScene(pose, scene);
    scene::FrameCamera camera;
    camera.eyeInScene = toOsg(axes.eye);
    camera.sceneToEye.makeLookAt(toOsg(axes.eye), toOsg(axes.eye + axes.direction), toOsg(axes.up));
    camera.eyeToClip = scene::reversedPerspective(lens.verticalFovRadians, lens.aspect());
    if (lens.part) {
        camera.eyeToClip.postMult(clipOfPart(lens));
    }
    return camera;
}

} // namespace viewer::camera
