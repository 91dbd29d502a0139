#include "pipeline/planning/gcj02.h"

#include <glm/common.hpp>
#include <glm/trigonometric.hpp>

#include <array>
#include <cmath>
#include <numbers>

namespace pipeline::planning {

namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kSemiMajorMetres = 6378245.0; // Krasovsky 1940
constexpr double kEccentricitySquared = 0.00669342162296594323;
const glm::dvec2 kOriginDegrees(105.0, 35.0);

/// Degrees per half wave, and its height in metres.
struct Wave {
    double halfDegrees;
    double metres;
};

double sumOf(const std::array<Wave, 4>& waves, double degrees) {
    double sum = 0.0;
    for (const Wave& wave : waves) {
        sum += wave.metres * std::sin(degrees / wave.halfDegrees * kPi);
    }
    return sum * 2.0 / 3.0;
}

/// Metres east and north of a place, given relative to the origin in degrees.
glm::dvec2 offsetMetres(const glm::dvec2& p) {
    const double root = std::sqrt(std::abs(p.x));
    const double ripples =
        (20.0 * std::sin(6.0 * p.x * kPi) + 20.0 * std::sin(2.0 * p.x * kPi)) * 2.0 / 3.0;
    constexpr std::array<Wave, 4> kEast{{{1.0, 20.0}, {3.0, 40.0}, {12.0, 150.0}, {30.0, 300.0}}};
    constexpr std::array<Wave, 4> kNorth{{{1.0, 20.0}, {3.0, 40.0}, {12.0, 160.0}, {30.0, 320.0}}};
    const double east = 300.0 + p.x + 2.0 * p.y + 0.1 * p.x * p.x + 0.1 * p.x * p.y + 0.1 * root +
                        ripples + sumOf(kEast, p.x);
    const double north = -100.0 + 2.0 * p.x + 3.0 * p.y + 0.2 * p.y * p.y + 0.1 * p.x * p.y +
                         0.2 * root + ripples + sumOf(kNorth, p.y);
    return {east, north};
}

} // namespace

glm::dvec2 toGcj02(const glm::dvec2& wgs84Degrees) {
    const double latitude = glm::radians(wgs84Degrees.y);
    const double w = 1.0 - kEccentricitySquared * std::sin(latitude) * std::sin(latitude);
    const glm::dvec2 radii(kSemiMajorMetres / std::sqrt(w) * std::cos(latitude),
                           kSemiMajorMetres * (1.0 - kEccentricitySquared) / (w * std::sqrt(w)));
    return wgs84Degrees + glm::degrees(offsetMetres(wgs84Degrees - kOriginDegrees) / radii);
}

glm::dvec2 fromGcj02(const glm::dvec2& gcj02Degrees) {
    // The offset changes by less than 1 per cent of a step, so each round gains two digits.
    constexpr int kMostRounds = 12;
    constexpr double kSmallestStepDegrees = 1e-10; // 0.01 mm
    glm::dvec2 place = gcj02Degrees;
    for (int round = 0; round < kMostRounds; ++round) {
        const glm::dvec2 step = gcj02Degrees - toGcj02(place);
        place += step;
        if (std::abs(step.x) < kSmallestStepDegrees && std::abs(step.y) < kSmallestStepDegrees) {
            break;
        }
    }
    return place;
}

} // namespace pipeline::planning
