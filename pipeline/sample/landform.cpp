#include "pipeline/sample/landform.h"

#include "pipeline/sample/noise.h"

#include <algorithm>
#include <cmath>

namespace pipeline::sample {

namespace {

constexpr double kHomeHillHeight = 44.0;
constexpr double kHomeHillRadius = 62.0;
constexpr double kFarHillHeight = 120.0;

/// The first 600 m are composed by hand; beyond them noise takes over.
double farness(const glm::dvec2& position) {
    const double dx = position.x - 200.0;
    const double dy = position.y - 200.0;
    return smoothStep(450.0, 1100.0, std::sqrt(dx * dx + dy * dy));
}

double homeHill(const glm::dvec2& position) {
    const double dx = (position.x - kHomeHill.x) / 1.15;
    const double dy = position.y - kHomeHill.y;
    return std::exp(-(dx * dx + dy * dy) / (2.0 * kHomeHillRadius * kHomeHillRadius / 2.2));
}

} // namespace

double Landform::shoreNorthing(double east) const {
    const double bays = 420.0 * (smoothNoise(seed_ + 11, east / 1700.0, 0.5) - 0.5);
    const double far = smoothStep(500.0, 1500.0, std::abs(east - 200.0));
    const double curve = 13.0 * std::sin(east / 72.0 + 0.6) + 6.0 * std::sin(east / 31.0);
    const double detail = 3.0 * (smoothNoise(seed_ + 12, east / 14.0, 0.5) - 0.5);
    return 62.0 + curve * (1.0 - 0.5 * far) + detail + far * bays;
}

double Landform::inland(const glm::dvec2& position) const {
    constexpr double kMeanSlopeCosine = 0.97;
    return (position.y - shoreNorthing(position.x)) * kMeanSlopeCosine;
}

double Landform::hilliness(const glm::dvec2& position) const {
    const double noise = fractalNoise(seed_ + 21, position.x / 900.0, position.y / 900.0, 2);
    const double far = farness(position) * smoothStep(0.56, 0.85, noise);
    const double nearShore = smoothStep(35.0, 110.0, inland(position));
    return std::min(1.0, (homeHill(position) + far) * nearShore);
}

double Landform::height(const glm::dvec2& position) const {
    const double inlandMetres = inland(position);
    if (inlandMetres <= 0.0) {
        return 0.0;
    }
    const double beach = 2.2 * smoothStep(0.0, 17.0, inlandMetres);
    const double seawall = 1.6 * smoothStep(17.0, 18.5, inlandMetres);
    const double plain = 5.5 * smoothStep(18.0, 420.0, inlandMetres);
    const double swell = 1.2 * smoothNoise(seed_ + 31, position.x / 140.0, position.y / 140.0) *
                         smoothStep(20.0, 80.0, inlandMetres);
    const double hill = hilliness(position);
    const double rough = fractalNoise(seed_ + 32, position.x / 38.0, position.y / 38.0, 3) - 0.5;
    const double far = farness(position);
    const double summit = std::lerp(kHomeHillHeight, kFarHillHeight, far);
    return beach + seawall + plain + swell + hill * summit +
           rough * 9.0 * smoothStep(0.05, 0.5, hill);
}

} // namespace pipeline::sample
