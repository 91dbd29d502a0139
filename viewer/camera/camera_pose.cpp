#include "viewer/camera/camera_pose.h"

#include <glm/geometric.hpp>
#include <glm/vec2.hpp>
#include <glm/vec4.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace viewer::camera {

namespace {

namespace geo = tiles3d::geo;
namespace select = tiles3d::select;

glm::dvec3 rotated(const glm::dmat4& matrix, const glm::dvec3& vector) {
    return glm::dvec3(matrix * glm::dvec4(vector, 0.0));
}

CameraAxes moved(const CameraAxes& axes, const glm::dmat4& matrix, const glm::dvec3& eye) {
    return {
        .eye = eye, .direction = rotated(matrix, axes.direction), .up = rotated(matrix, axes.up)};
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

} // namespace

ViewAngles anglesOf(const CameraAxes& axes) {
    // Without roll direction = (f cos p, sin p) and up = (-f sin p, cos p), so both together know
    // the heading f wherever the camera looks.
    constexpr double kRightAngle = std::numbers::pi / 2.0;
    const double pitch =
        std::clamp(std::atan2(axes.direction.z, axes.up.z), -kRightAngle, kRightAngle);
    const glm::dvec3 forward = axes.direction * std::cos(pitch) - axes.up * std::sin(pitch);
    return {.heading = geo::Angle::radians(std::atan2(forward.x, forward.y)),
            .pitch = geo::Angle::radians(pitch)};
}

CameraAxes axesAt(const glm::dvec3& eye, const ViewAngles& angles) {
    const double heading = angles.heading.radians();
    const double pitch = angles.pitch.radians();
    const glm::dvec3 forward{std::sin(heading), std::cos(heading), 0.0};
    const glm::dvec3 vertical{0.0, 0.0, 1.0};
    return {.eye = eye,
            .direction = forward * std::cos(pitch) + vertical * std::sin(pitch),
            .up = vertical * std::cos(pitch) - forward * std::sin(pitch)};
}

CameraAxes axesInEcef(const CameraPose& pose) {
    const geo::EnuFrame local(pose.position);
    const CameraAxes axes = axesAt(glm::dvec3(0.0), {pose.heading, pose.pitch});
    return moved(axes, local.toEcefMatrix(), geo::toEcef(pose.position).metres);
}

CameraAxes axesInScene(const CameraPose& pose, const geo::EnuFrame& scene) {
    const CameraAxes ecef = axesInEcef(pose);
    return moved(ecef, scene.fromEcefMatrix(), scene.fromEcef({ecef.eye}).metres);
}

CameraPose poseOf(const CameraAxes& axes, const geo::EnuFrame& scene) {
    CameraPose pose;
    pose.position = geo::toCartographic(scene.toEcef({axes.eye}));
    const geo::EnuFrame local(pose.position);
    const glm::dmat4 sceneToLocal = local.fromEcefMatrix() * scene.toEcefMatrix();
    const ViewAngles angles = anglesOf(moved(axes, sceneToLocal, glm::dvec3(0.0)));
    pose.heading = angles.heading;
    pose.pitch = angles.pitch;
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

std::vector<select::ViewState> viewStates(const CameraPose& pose, const Lens& lens) {
    constexpr double kSmallPixels = 1024.0;
    std::vector<select::ViewState> views{viewState(pose, lens)};
    if (lens.part) {
        const double longest = std::max(lens.widthPixels, lens.heightPixels);
        const double reduction = std::min(1.0, kSmallPixels / longest);
        views.push_back(viewState(pose,
                                  {.verticalFovRadians = lens.verticalFovRadians,
                                   .widthPixels = lens.widthPixels * reduction,
                                   .heightPixels = lens.heightPixels * reduction}));
    }
    return views;
}

} // namespace viewer::camera
