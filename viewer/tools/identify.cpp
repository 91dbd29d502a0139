#include "viewer/tools/identify.h"

#include "viewer/tools/ring.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace viewer::tools {

namespace {

namespace planning = pipeline::planning;

using Line = std::vector<glm::dvec2>;

PlaneBox boxOfLine(const Line& line) {
    if (line.empty()) {
        constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
        return {glm::dvec2(kNaN), glm::dvec2(kNaN)}; // never found
    }
    PlaneBox box{line.front(), line.front()};
    for (const glm::dvec2& point : line) {
        box.lowest = glm::min(box.lowest, point);
        box.highest = glm::max(box.highest, point);
    }
    return box;
}

bool contains(const planning::Polygon& polygon, const glm::dvec2& place) {
    return isInside(place, polygon.outer) &&
           std::ranges::none_of(polygon.holes, [&place](const planning::Ring& hole) {
               return isInside(place, hole);
           });
}

double distanceToLine(const glm::dvec2& place, const Line& line) {
    double nearest = line.size() == 1 ? glm::distance(place, line.front())
                                      : std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        nearest = std::min(nearest, distanceToSegment(place, line[i], line[i + 1]));
    }
    return nearest;
}

} // namespace

FeatureIndex::FeatureIndex(Layers layers)
    : layers_(std::move(layers)), parts_(partsOf(layers_)), tree_(boxes()) {}

std::vector<FeatureIndex::Part> FeatureIndex::partsOf(const Layers& layers) {
    std::vector<Part> parts;
    const auto add = [&parts](Part part, std::size_t count) {
        for (part.index = 0; part.index < count; ++part.index) {
            parts.push_back(part);
        }
    };
    for (std::size_t layer = 0; layer < layers.size(); ++layer) {
        const auto& features = layers[layer]->features;
        for (std::size_t feature = 0; feature < features.size(); ++feature) {
            const planning::Geometry& geometry = features[feature].geometry;
            add({layer, feature, PartKind::Polygon}, geometry.polygons.size());
            add({layer, feature, PartKind::Line}, geometry.lines.size());
            add({layer, feature, PartKind::Point}, geometry.points.size());
        }
    }
    return parts;
}

const planning::Geometry& FeatureIndex::geometryOf(const Part& part) const {
    return layers_[part.layer]->features[part.feature].geometry;
}

PlaneBox FeatureIndex::boxOf(const Part& part) const {
    const planning::Geometry& geometry = geometryOf(part);
    switch (part.kind) {
    case PartKind::Polygon:
        return boxOfLine(geometry.polygons[part.index].outer);
    case PartKind::Line:
        return boxOfLine(geometry.lines[part.index]);
    case PartKind::Point:
        break;
    }
    return boxOfLine({geometry.points[part.index]});
}

std::vector<PlaneBox> FeatureIndex::boxes() const {
    std::vector<PlaneBox> boxes;
    for (const Part& part : parts_) {
        boxes.push_back(boxOf(part));
    }
    return boxes;
}

std::optional<double> FeatureIndex::distanceTo(const Part& part, const glm::dvec2& place) const {
    const planning::Geometry& geometry = geometryOf(part);
    switch (part.kind) {
    case PartKind::Polygon:
        return contains(geometry.polygons[part.index], place) ? std::optional(0.0) : std::nullopt;
    case PartKind::Line:
        return distanceToLine(place, geometry.lines[part.index]);
    case PartKind::Point:
        break;
    }
    return glm::distance(place, geometry.points[part.index]);
}

std::vector<FeatureHit> FeatureIndex::at(const glm::dvec2& place, double toleranceMetres) const {
    const glm::dvec2 reach(toleranceMetres);
    std::vector<FeatureHit> hits;
    for (const std::size_t index : tree_.meeting({place - reach, place + reach})) {
        const Part& part = parts_[index];
        const std::optional<double> distance = distanceTo(part, place);
        if (!distance || *distance > toleranceMetres) {
            continue;
        }
        const bool isSame =
            !hits.empty() && hits.back().layer == part.layer && hits.back().feature == part.feature;
        if (isSame) {
            hits.back().distanceMetres = std::min(hits.back().distanceMetres, *distance);
        } else {
            hits.push_back({part.layer, part.feature, *distance});
        }
    }
    return hits;
}

} // namespace viewer::tools
