#include "tests/viewer/camera/box_city.h"

#include <glm/vector_relational.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace tests::camera {

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

bool isInside(const glm::dvec3& point, const BuildingBlock& box) {
    return glm::all(glm::greaterThan(point, box.lowest)) &&
           glm::all(glm::lessThan(point, box.highest));
}

/// The ray's parameter where it enters the box.
double hitOn(const viewer::scene::Ray& ray, const BuildingBlock& box) {
    double enters = 0.0;
    double leaves = kNever;
    for (int axis = 0; axis < 3; ++axis) {
        const double inverse = 1.0 / ray.direction[axis];
        const double a = (box.lowest[axis] - ray.origin[axis]) * inverse;
        const double b = (box.highest[axis] - ray.origin[axis]) * inverse;
        enters = std::max(enters, std::min(a, b));
        leaves = std::min(leaves, std::max(a, b));
    }
    if (enters <= 0.0 || enters > leaves) {
        return kNever;
    }
    return enters;
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
            if (isInside(ray.origin, box)) {
                return std::nullopt;
            }
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
