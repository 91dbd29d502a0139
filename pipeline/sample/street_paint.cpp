#include "pipeline/sample/street_paint.h"

#include "pipeline/sample/noise.h"

#include <algorithm>
#include <cmath>

namespace pipeline::sample {

namespace {

constexpr glm::vec3 kWhite{0.80F, 0.80F, 0.78F};
constexpr glm::vec3 kYellow{0.82F, 0.64F, 0.20F};

bool within(double value, double centre, double halfWidth) {
    return std::abs(value - centre) < halfWidth;
}

/// Position within a repeating pattern, in [0, period).
double cycle(double value, double period) {
    return value - std::floor(value / period) * period;
}

bool isZebra(const StreetSpot& spot) {
    return spot.toCrossing > 1.2 && spot.toCrossing < 4.8 && cycle(spot.across, 1.1) < 0.55;
}

bool isStopLine(const Street& street, const StreetSpot& spot) {
    return spot.toCrossing > 5.8 && spot.toCrossing < 6.2 &&
           std::abs(spot.across) < street.carriageway - 0.3;
}

bool isLaneLine(const Street& street, double across, double along) {
    if (!street.isBoulevard) {
        return false;
    }
    const bool dashed = cycle(along, 9.0) < 4.0;
    return dashed && (within(across, 5.7, 0.09) || within(across, 9.0, 0.09));
}

glm::vec3 medianColour(const StreetSpot& spot, double across) {
    if (across > 1.55) {
        return {0.66F, 0.65F, 0.62F}; // kerb
    }
    const auto shade = static_cast<float>(
        0.7 + 0.5 * fractalNoise(spot.seed + 3, spot.across * 1.6, spot.along * 1.6, 2));
    const bool flowers = smoothNoise(spot.seed + 4, spot.along / 3.0, 0.5) > 0.62 && across < 0.8;
    return (flowers ? glm::vec3(0.52F, 0.22F, 0.30F) : glm::vec3(0.20F, 0.33F, 0.12F)) * shade;
}

} // namespace

glm::vec3 asphaltColour(std::uint64_t seed, double x, double y) {
    const double patches = smoothNoise(seed + 61, x / 7.0, y / 7.0);
    const double grain = cellNoise(seed + 62, x * 9.0, y * 9.0);
    const auto grey = static_cast<float>(0.30 + 0.06 * (patches - 0.5) + 0.05 * (grain - 0.5));
    return glm::vec3(grey, grey, grey * 1.02F);
}

glm::vec3 carriagewayColour(const Street& street, const StreetSpot& spot) {
    const double across = std::abs(spot.across);
    if (street.isBoulevard && across < 1.8 && spot.toCrossing > 7.0) {
        return medianColour(spot, across);
    }
    glm::vec3 colour = asphaltColour(spot.seed, spot.across, spot.along);
    if (isZebra(spot) || isStopLine(street, spot)) {
        return colour * 0.15F + kWhite * 0.82F;
    }
    if (spot.toCrossing > 6.0) {
        const bool centre = !street.isBoulevard && (within(across, 0.16, 0.07));
        if (centre) {
            return kYellow;
        }
        if (isLaneLine(street, across, spot.along) ||
            within(across, street.carriageway - 0.35, 0.06)) {
            return kWhite;
        }
    }
    // Tyres polish two tracks per lane.
    const double track = std::abs(cycle(across, 1.7) - 0.85);
    colour *= static_cast<float>(1.0 + 0.05 * track);
    return colour;
}

glm::vec3 pavingColour(std::uint64_t seed, double x, double y, double size, const glm::vec3& base) {
    const double joint = std::min(cycle(x, size), cycle(y, size));
    const double tone = cellNoise(seed + 63, x / size, y / size) - 0.5;
    const double dirt = smoothNoise(seed + 64, x / 3.0, y / 3.0) - 0.5;
    const auto shade =
        static_cast<float>(1.0 + 0.10 * tone + 0.10 * dirt - (joint < 0.06 ? 0.14 : 0.0));
    return base * shade;
}

glm::vec3 pavementColour(std::uint64_t seed, double x, double y, double fromKerb) {
    if (fromKerb < 0.22) {
        return {0.70F, 0.69F, 0.66F};
    }
    const bool guide = within(fromKerb, 2.2, 0.17); // the yellow line of tactile slabs
    return pavingColour(
        seed, x, y, 0.6, guide ? glm::vec3(0.72F, 0.60F, 0.30F) : glm::vec3(0.60F, 0.57F, 0.53F));
}

glm::vec3 lawnColour(std::uint64_t seed, double x, double y) {
    const double broad = fractalNoise(seed + 65, x / 11.0, y / 11.0, 2);
    const double fine = fractalNoise(seed + 66, x * 2.4, y * 2.4, 2);
    const auto dry = static_cast<float>(smoothStep(0.35, 0.8, broad));
    const auto shade = static_cast<float>(0.80 + 0.40 * fine);
    return (glm::vec3(0.22F, 0.34F, 0.12F) * (1.0F - dry) + glm::vec3(0.39F, 0.41F, 0.20F) * dry) *
           shade;
}

} // namespace pipeline::sample
