#include "viewer/camera/spline_way.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace viewer::camera {

namespace {

namespace geo = tiles3d::geo;

constexpr std::size_t kSteps = 256; // of a leg's table of metres

glm::dvec4 withHeight(const geo::Cartographic& place) {
    return {geo::toEcef(place).metres, place.heightMetres};
}

/// The centripetal knot distance: the root of the metres between.
double knotDistance(const glm::dvec4& a, const glm::dvec4& b) {
    constexpr double kSamePlaceMetres = 1e-6;
    const double metres = glm::distance(glm::dvec3(a), glm::dvec3(b));
    return metres < kSamePlaceMetres ? 0.0 : std::sqrt(metres);
}

/// The rate at `at` per unit of knots, from both neighbours; from one where the other coincides.
glm::dvec4 rateAt(const glm::dvec4& before, const glm::dvec4& at, const glm::dvec4& after) {
    const double left = knotDistance(before, at);
    const double right = knotDistance(at, after);
    if (left == 0.0 || right == 0.0) {
        return left + right == 0.0 ? glm::dvec4(0.0)
               : left == 0.0       ? (after - at) / right
                                   : (at - before) / left;
    }
    return (at - before) / left - (after - before) / (left + right) + (after - at) / right;
}

} // namespace

SplineWay::Leg SplineWay::makeLeg(const std::array<glm::dvec4, 4>& points) {
    const double span = knotDistance(points[1], points[2]);
    Leg leg{.from = points[1],
            .to = points[2],
            .fromRate = rateAt(points[0], points[1], points[2]) * span,
            .toRate = rateAt(points[1], points[2], points[3]) * span};
    leg.measure();
    return leg;
}

geo::Cartographic SplineWay::Leg::at(double parameter) const {
    const double t = parameter;
    const double u = 1.0 - t;
    const glm::dvec4 point = u * u * ((1.0 + 2.0 * t) * from + t * fromRate) +
                             t * t * ((1.0 + 2.0 * u) * to - u * toRate);
    geo::Cartographic place = geo::toCartographic({glm::dvec3(point)});
    place.heightMetres = point.w;
    return place;
}

void SplineWay::Leg::measure() {
    if (from == to) {
        metres.assign(kSteps + 1, 0.0); // not the rounding of so many steps
        return;
    }
    metres.assign(1, 0.0);
    glm::dvec3 last = geo::toEcef(at(0.0)).metres;
    for (std::size_t i = 1; i <= kSteps; ++i) {
        const double parameter = static_cast<double>(i) / static_cast<double>(kSteps);
        const glm::dvec3 next = geo::toEcef(at(parameter)).metres;
        metres.push_back(metres.back() + glm::distance(last, next));
        last = next;
    }
}

SplineWay::SplineWay(const std::vector<geo::Cartographic>& places)
    : starts_{0.0}, first_(places.front()) {
    std::vector<glm::dvec4> points(places.size());
    std::ranges::transform(places, points.begin(), withHeight);
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        // A neighbour beyond the end coincides with it, which rateAt() takes for none.
        const std::size_t before = i == 0 ? i : i - 1;
        const std::size_t after = std::min(i + 2, points.size() - 1);
        legs_.push_back(makeLeg({points[before], points[i], points[i + 1], points[after]}));
        starts_.push_back(starts_.back() + legs_.back().metres.back());
    }
}

geo::Cartographic SplineWay::at(double metres) const {
    if (legs_.empty()) {
        return first_;
    }
    const auto next = std::ranges::upper_bound(starts_, metres);
    const auto place = std::clamp<std::ptrdiff_t>(
        next - starts_.begin() - 1, 0, static_cast<std::ptrdiff_t>(legs_.size()) - 1);
    const auto index = static_cast<std::size_t>(place);
    const Leg& leg = legs_[index];
    const double along = std::clamp(metres - starts_[index], 0.0, leg.metres.back());
    const auto above = std::ranges::lower_bound(leg.metres, along);
    if (above == leg.metres.begin()) {
        return leg.at(0.0);
    }
    const double low = *(above - 1);
    const double step = static_cast<double>(above - leg.metres.begin() - 1);
    const double within = (along - low) / (*above - low);
    return leg.at((step + within) / static_cast<double>(kSteps));
}

} // namespace viewer::camera
