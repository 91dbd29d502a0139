#include "pipeline/oblique/geometric_error.h"

#include <cmath>

namespace pipeline::oblique {

namespace {

constexpr double kUnsetRange = 1e29; // OSG's "for ever" is 1e30 and comes back as a float

/// f = H / (2 tan(fovy / 2)) for H = 1080 pixels, fovy = 60 degrees.
const double kReferenceFocalPixels = 1080.0 / (2.0 * std::sqrt(1.0 / 3.0));

bool isUsable(double value) {
    return std::isfinite(value) && value > 0.0 && value < kUnsetRange;
}

} // namespace

std::optional<double> handoverMetresPerPixel(const sources::SwitchRange& range) {
    if (!isUsable(range.value)) {
        return std::nullopt;
    }
    if (range.mode == sources::SwitchRange::Mode::DistanceFromEyePoint) {
        return range.value / kReferenceFocalPixels;
    }
    if (!isUsable(range.radiusMetres)) {
        return std::nullopt;
    }
    return 2.0 * range.radiusMetres / range.value;
}

std::optional<double> geometricErrorMetres(const sources::SwitchRange& range) {
    const std::optional<double> handover = handoverMetresPerPixel(range);
    return handover ? std::optional(kScreenSpaceErrorPixels * *handover) : std::nullopt;
}

} // namespace pipeline::oblique
