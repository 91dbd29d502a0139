#include "tests/support/switching_shot.h"

#include "tiles3d/geo/enu_frame.h"
#include "tiles3d/tileset/bounding_volume.h"

#include <fmt/format.h>
#include <glm/geometric.hpp>
#include <glm/vec4.hpp>

#include <algorithm>
#include <cmath>
#include <variant>

namespace tests {

namespace {

namespace camera = viewer::camera;
namespace geo = tiles3d::geo;
namespace tileset = tiles3d::tileset;

constexpr double kErrorPixels = 16.0; // the selection's limit
constexpr double kMostPixels = 4096.0;

double pixelsPerRadian() {
    const camera::Lens lens;
    return lens.heightPixels / (2.0 * std::tan(lens.verticalFovRadians / 2.0));
}

/// The eye on the line through the box's centre whose distance to the box is `distanceMetres`.
glm::dvec3 eyeAt(const tileset::Box& boxEcef, const glm::dvec3& direction, double distanceMetres) {
    double near = 0.0; // from the centre; by bisection, which holds for any box
    double far = distanceMetres + 2.0 * glm::length(boxEcef.halfAxes * glm::dvec3(1.0));
    constexpr int kSteps = 60;
    for (int step = 0; step < kSteps; ++step) {
        const double middle = (near + far) / 2.0;
        const glm::dvec3 eye = boxEcef.centre - direction * middle;
        (tileset::distanceTo(boxEcef, eye) < distanceMetres ? near : far) = middle;
    }
    return boxEcef.centre - direction * far;
}

struct PictureSize {
    double widthPixels = 0.0;
    double heightPixels = 0.0;
};

/// What holds the box and a rim of some pixels.
PictureSize sizeAround(const tileset::Box& boxEcef, const camera::CameraAxes& axes) {
    constexpr double kRimPixels = 4.0;
    const glm::dvec3 right = glm::cross(axes.direction, axes.up);
    double halfWidth = 0.0;
    double halfHeight = 0.0;
    for (unsigned corner = 0; corner < 8; ++corner) {
        const glm::dvec3 sign{(corner & 1U) != 0 ? 1.0 : -1.0,
                              (corner & 2U) != 0 ? 1.0 : -1.0,
                              (corner & 4U) != 0 ? 1.0 : -1.0};
        const glm::dvec3 ray = boxEcef.centre + boxEcef.halfAxes * sign - axes.eye;
        const double pixels = pixelsPerRadian() / glm::dot(ray, axes.direction);
        halfWidth = std::max(halfWidth, std::abs(glm::dot(ray, right)) * pixels);
        halfHeight = std::max(halfHeight, std::abs(glm::dot(ray, axes.up)) * pixels);
    }
    return {2.0 * std::ceil(halfWidth + kRimPixels), 2.0 * std::ceil(halfHeight + kRimPixels)};
}

camera::CameraPose poseAt(const tileset::Box& boxEcef, geo::Angle pitch, double distanceMetres) {
    const geo::EnuFrame local(geo::toCartographic({boxEcef.centre}));
    const double radians = pitch.radians();
    const glm::dvec3 forward{0.0, std::cos(radians), std::sin(radians)};
    const glm::dvec3 up{0.0, -std::sin(radians), std::cos(radians)};
    const glm::dvec3 direction(local.toEcefMatrix() * glm::dvec4(forward, 0.0));
    const glm::dvec3 eye = eyeAt(boxEcef, direction, distanceMetres);
    return camera::poseOf({.eye = local.fromEcef({eye}).metres, .direction = forward, .up = up},
                          local);
}

} // namespace

double switchingMetresPerPixel(const tiles3d::select::Node& node) {
    return node.geometricErrorMetres / kErrorPixels;
}

tiles3d::base::Result<Shot>
switchingShot(const tiles3d::select::Node& node, geo::Angle pitch, int samples) {
    const auto* box = std::get_if<tileset::Box>(&node.volumeEcef);
    if (box == nullptr) {
        return tiles3d::base::Error{"a node's volume is not a box"};
    }
    const auto pose = poseAt(*box, pitch, switchingMetresPerPixel(node) * pixelsPerRadian());
    const PictureSize size = sizeAround(*box, camera::axesInEcef(pose));
    if (std::max(size.widthPixels, size.heightPixels) > kMostPixels) {
        return tiles3d::base::Error{fmt::format(
            "a node is {:.0f} x {:.0f} pixels large where it switches, more than {:.0f}",
            size.widthPixels,
            size.heightPixels,
            kMostPixels)};
    }
    return Shot{pose,
                {.verticalFovRadians = 2.0 * std::atan(size.heightPixels / 2.0 / pixelsPerRadian()),
                 .widthPixels = size.widthPixels * samples,
                 .heightPixels = size.heightPixels * samples}};
}

} // namespace tests
