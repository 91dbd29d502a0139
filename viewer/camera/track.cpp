#include "viewer/camera/track.h"

#include <algorithm>
#include <cstddef>

namespace viewer::camera {

namespace {

double secant(const Track::Knot& a, const Track::Knot& b) {
    return (b.value - a.value) / (b.seconds - a.seconds);
}

/// The weighted harmonic mean of the slopes on both sides; 0 on peaks.
double innerSlope(const Track::Knot& before, const Track::Knot& at, const Track::Knot& after) {
    const double left = secant(before, at);
    const double right = secant(at, after);
    if (left * right <= 0.0) {
        return 0.0;
    }
    const double leftSeconds = at.seconds - before.seconds;
    const double rightSeconds = after.seconds - at.seconds;
    const double leftWeight = 2.0 * rightSeconds + leftSeconds;
    const double rightWeight = rightSeconds + 2.0 * leftSeconds;
    return (leftWeight + rightWeight) / (leftWeight / left + rightWeight / right);
}

} // namespace

Track::Track(std::vector<Knot> knots) {
    for (std::size_t i = 0; i < knots.size(); ++i) {
        const bool isEnd = i == 0 || i + 1 == knots.size();
        const double slope = isEnd ? 0.0 : innerSlope(knots[i - 1], knots[i], knots[i + 1]);
        knots_.push_back({knots[i].seconds, knots[i].value, knots[i].slope.value_or(slope)});
    }
}

double Track::at(double seconds) const {
    const auto after = std::ranges::upper_bound(knots_, seconds, {}, &Cubic::seconds);
    if (after == knots_.begin()) {
        return knots_.front().value;
    }
    if (after == knots_.end()) {
        return knots_.back().value;
    }
    const Cubic& a = *(after - 1);
    const Cubic& b = *after;
    const double span = b.seconds - a.seconds;
    const double t = (seconds - a.seconds) / span;
    const double u = 1.0 - t;
    return u * u * ((1.0 + 2.0 * t) * a.value + t * span * a.slope) +
           t * t * ((1.0 + 2.0 * u) * b.value - u * span * b.slope);
}

} // namespace viewer::camera
