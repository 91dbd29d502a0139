#include "viewer/camera/zoom_pan.h"

#include <cmath>

namespace viewer::camera {

namespace {

constexpr double kRho = 1.4;
constexpr double kRho2 = kRho * kRho;
/// Centres closer than this part of the width: a pure zoom, where the paper's b divides by 0.
constexpr double kNoTravel = 1e-6;

} // namespace

ZoomPan::ZoomPan(double startWidth, double endWidth, double travel)
    : startWidth_(startWidth), endWidth_(endWidth), travel_(travel) {
    if (travel_ < kNoTravel * startWidth_) {
        length_ = std::abs(std::log(endWidth_ / startWidth_)) / kRho;
        return;
    }
    const double widths = endWidth_ * endWidth_ - startWidth_ * startWidth_;
    const double travels = kRho2 * kRho2 * travel_ * travel_;
    // ln(-b + sqrt(b^2 + 1)) of the paper is asinh(-b), which keeps its digits for large b.
    startSlope_ = std::asinh(-(widths + travels) / (2.0 * startWidth_ * kRho2 * travel_));
    const double endSlope = std::asinh(-(widths - travels) / (2.0 * endWidth_ * kRho2 * travel_));
    length_ = (endSlope - startSlope_) / kRho;
}

ZoomPan::State ZoomPan::at(double part) const {
    if (part <= 0.0) {
        return {startWidth_, 0.0};
    }
    if (part >= 1.0) {
        return {endWidth_, travel_};
    }
    if (travel_ < kNoTravel * startWidth_) {
        return {startWidth_ * std::pow(endWidth_ / startWidth_, part), travel_ * part};
    }
    const double slope = kRho * length_ * part + startSlope_;
    // w0/rho^2 (cosh r0 tanh r - sinh r0) of the paper, as one difference: sinh(r - r0) / cosh r.
    return {startWidth_ * std::cosh(startSlope_) / std::cosh(slope),
            startWidth_ / kRho2 * std::sinh(slope - startSlope_) / std::cosh(slope)};
}

} // namespace viewer::camera
