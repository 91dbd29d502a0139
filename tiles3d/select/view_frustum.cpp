#include "tiles3d/select/view_frustum.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <variant>

namespace tiles3d::select {

namespace {

using tileset::BoundingVolume;
using tileset::Box;
using tileset::Sphere;

glm::dvec3 centreOf(const BoundingVolume& volume) {
    if (const auto* sphere = std::get_if<Sphere>(&volume)) {
        return sphere->centre;
    }
    if (const auto* box = std::get_if<Box>(&volume)) {
        return box->centre;
    }
    return tileset::boxAround(std::get<tileset::Region>(volume)).centre;
}

/// How far the volume reaches from its centre along a unit direction, metres.
double reachOf(const BoundingVolume& volume, const glm::dvec3& direction) {
    if (const auto* sphere = std::get_if<Sphere>(&volume)) {
        return sphere->radiusMetres;
    }
    const auto* own = std::get_if<Box>(&volume);
    const Box box = own != nullptr ? *own : tileset::boxAround(std::get<tileset::Region>(volume));
    const glm::dvec3 along = direction * box.halfAxes; // dot with each column
    return std::abs(along.x) + std::abs(along.y) + std::abs(along.z);
}

glm::dvec3 rightOf(const glm::dvec3& direction, const glm::dvec3& up) {
    constexpr double kParallel = 1e-9;
    const glm::dvec3 right = glm::cross(direction, up);
    if (glm::length(right) > kParallel) {
        return glm::normalize(right);
    }
    const bool alongX = std::abs(direction.x) > 0.5;
    const glm::dvec3 other = alongX ? glm::dvec3(0.0, 1.0, 0.0) : glm::dvec3(1.0, 0.0, 0.0);
    return glm::normalize(glm::cross(direction, other));
}

} // namespace

ViewFrustum::ViewFrustum(const ViewState& view)
    : eye_(view.positionEcef), direction_(glm::normalize(view.direction)) {
    const glm::dvec3 right = rightOf(direction_, view.up);
    const glm::dvec3 up = glm::cross(right, direction_);
    const double tanVertical = std::tan(view.verticalFovRadians / 2.0);
    const double tanHorizontal = tanVertical * view.viewportWidthPixels / view.viewportHeightPixels;
    inwardNormals_ = {direction_,
                      glm::normalize(direction_ * tanVertical + up),
                      glm::normalize(direction_ * tanVertical - up),
                      glm::normalize(direction_ * tanHorizontal + right),
                      glm::normalize(direction_ * tanHorizontal - right)};
    pixelsPerRadian_ = view.viewportHeightPixels / (2.0 * tanVertical);
}

Overlap ViewFrustum::overlapOf(const BoundingVolume& volumeEcef) const {
    const glm::dvec3 offset = centreOf(volumeEcef) - eye_;
    Overlap overlap = Overlap::Inside;
    for (const glm::dvec3& normal : inwardNormals_) {
        const double depth = glm::dot(normal, offset);
        const double reach = reachOf(volumeEcef, normal);
        if (depth + reach < 0.0) {
            return Overlap::Outside;
        }
        if (depth - reach < 0.0) {
            overlap = Overlap::Crosses;
        }
    }
    return overlap;
}

double ViewFrustum::distanceTo(const Node& node) const {
    constexpr double kNearestMetres = 1e-7; // an eye inside the volume
    return std::max(tileset::distanceTo(node.volumeEcef, eye_), kNearestMetres);
}

double ViewFrustum::screenSpaceErrorPixels(const Node& node) const {
    return node.geometricErrorMetres * pixelsPerRadian_ / distanceTo(node);
}

double ViewFrustum::angleOutside(const BoundingVolume& volumeEcef) const {
    const glm::dvec3 offset = centreOf(volumeEcef) - eye_;
    double metresOutside = 0.0;
    for (const glm::dvec3& normal : inwardNormals_) {
        metresOutside =
            std::max(metresOutside, -glm::dot(normal, offset) - reachOf(volumeEcef, normal));
    }
    return metresOutside > 0.0 ? std::asin(std::min(metresOutside / glm::length(offset), 1.0))
                               : 0.0;
}

double ViewFrustum::urgency(const BoundingVolume& volumeEcef) const {
    const glm::dvec3 offset = centreOf(volumeEcef) - eye_;
    return glm::length(offset) - glm::dot(offset, direction_);
}

} // namespace tiles3d::select
