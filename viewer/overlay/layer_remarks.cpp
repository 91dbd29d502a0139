#include "viewer/overlay/layer_remarks.h"

#include <fmt/format.h>
#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <limits>

namespace viewer::overlay {

using pipeline::planning::Feature;
using pipeline::planning::Geometry;
using pipeline::planning::Polygon;
using pipeline::planning::VectorLayer;

namespace {

double largest(const glm::dvec2& v) {
    return std::max(v.x, v.y);
}

/// The offset of the plane's origin from the box of the points; zero inside.
glm::dvec2 offsetOf(const std::vector<glm::dvec2>& points) {
    glm::dvec2 low(std::numeric_limits<double>::infinity());
    glm::dvec2 high(-low);
    for (const glm::dvec2& point : points) {
        low = glm::min(low, point);
        high = glm::max(high, point);
    }
    return glm::max(glm::max(low, -high), glm::dvec2(0.0));
}

/// Of the nearest surface or line; infinite if there is none.
glm::dvec2 offsetOf(const Geometry& geometry) {
    glm::dvec2 nearest(std::numeric_limits<double>::infinity());
    const auto take = [&](const std::vector<glm::dvec2>& points) {
        const glm::dvec2 offset = offsetOf(points);
        if (largest(offset) < largest(nearest)) {
            nearest = offset;
        }
    };
    for (const Polygon& polygon : geometry.polygons) {
        take(polygon.outer);
    }
    std::ranges::for_each(geometry.lines, take);
    return nearest;
}

} // namespace

bool reaches(const Geometry& geometry, double halfExtentMetres) {
    return largest(offsetOf(geometry)) <= halfExtentMetres;
}

std::vector<std::string> remarksOn(const VectorLayer& layer, double halfExtentMetres) {
    if (layer.features.empty()) {
        return {fmt::format("layer {} is empty", layer.name)};
    }
    std::vector<std::string> remarks;
    const auto hasPoints = [](const Feature& feature) { return !feature.geometry.points.empty(); };
    if (const auto count = std::ranges::count_if(layer.features, hasPoints); count > 0) {
        remarks.push_back(fmt::format(
            "layer {}: {} features are points, which are not draped", layer.name, count));
    }
    double nearest = std::numeric_limits<double>::infinity();
    bool isSeen = false;
    for (const Feature& feature : layer.features) {
        const glm::dvec2 offset = offsetOf(feature.geometry);
        isSeen = isSeen || largest(offset) <= halfExtentMetres;
        nearest = std::min(nearest, glm::length(offset));
    }
    if (!isSeen && nearest < std::numeric_limits<double>::infinity()) {
        constexpr double kKilometre = 1000.0;
        remarks.push_back(
            fmt::format("layer {} lies off the city, {:.1f} km from its middle; is its "
                        "CRS right (meridian, zone prefix, swapped axes)?",
                        layer.name,
                        nearest / kKilometre));
    }
    return remarks;
}

} // namespace viewer::overlay
