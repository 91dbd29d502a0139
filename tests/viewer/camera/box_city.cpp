#include "tests/viewer/camera/box_city.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace tests::camera {

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

/// The ray's parameter where it enters the box from outside, or leaves it from inside.
double hitOn(const viewer::scene::Ray& ray, const BuildingBlock& box) {
    double enters = -kNever;
    double leaves = kNever;
    for (int axis = 0; axis < 3; ++axis) {
        const double inverse = 1.0 / ray.direction[axis];
        const double a = (box.lowest[axis] - ray.origin[axis]) * inverse;
        const double b = (box.highest[axis] - ray.origin[axis]) * inverse;
        enters = std::max(enters, std::min(a, b));
        leaves = std::min(leaves, std::max(a, b));
    }
    if (!(enters <= leaves) || leaves <= 0.0) {
        return kNever;
    }
    return enters > 0.0 ? enters : leaves;
}

} // namespace

BoxCity::BoxCity(std::vector<BuildingBlock> boxes)
    : boxes_(std::make_shared<std::vector<BuildingBlock>>(std::move(boxes))),
      picks_(std::make_shared<std::size_t>(0)) {}

viewer::camera::Pick BoxCity::pick() const {
    return [boxes = boxes_,
            picks = picks_](const viewer::scene::Ray& ray) -> std::optional<glm::dvec3> {
        ++*picks;
        double nearest = kNever;
        for (const BuildingBlock& box : *boxes) {
            nearest = std::min(nearest, hitOn(ray, box));
        }
        return nearest < kNever ? std::optional(ray.origin + ray.direction * nearest)
                                : std::nullopt;
    };
}

BuildingBlock levelGround(double reach) {
    constexpr double kThick = 100.0;
    return {{-reach, -reach, -kThick}, {reach, reach, 0.0}};
}

} // namespace tests::camera
