#include "pipeline/sample/yards.h"

#include "pipeline/sample/noise.h"
#include "pipeline/sample/street_paint.h"

#include <algorithm>
#include <cmath>

namespace pipeline::sample {

namespace {

struct Yard {
    const Cell& cell;
    glm::dvec2 at;     ///< City frame.
    glm::dvec2 offset; ///< From the cell's middle.
    glm::dvec2 half;   ///< Half the cell's size.
    double rim = 0.0;  ///< Metres to the nearest edge of the cell.
    std::uint64_t seed = 0;
};

/// Parking bays of 2.5 m along v, lines white.
glm::vec3 parkingColour(const Yard& yard) {
    const double bay = std::abs(yard.at.x / 2.5 - std::round(yard.at.x / 2.5)) * 2.5;
    return bay < 0.06 ? glm::vec3(0.75F) : asphaltColour(yard.seed, yard.at.x, yard.at.y);
}

glm::vec3 housingYard(const Yard& yard) {
    const double x = yard.at.x;
    const double y = yard.at.y;
    const bool drive = std::abs(yard.offset.x) < 2.6;
    if (drive) {
        return pavingColour(yard.seed, x, y, 1.2, {0.55F, 0.53F, 0.50F});
    }
    const double path = smoothNoise(yard.cell.key, x / 13.0, y / 13.0);
    if (std::abs(path - 0.5) < 0.045) {
        return pavingColour(yard.seed, x, y, 0.4, {0.66F, 0.60F, 0.50F});
    }
    if (yard.rim < 0.35) {
        return {0.58F, 0.54F, 0.48F}; // the wall round the quarter
    }
    return lawnColour(yard.seed, x, y);
}

glm::vec3 oldTownYard(const Yard& yard) {
    const double dirt = fractalNoise(yard.seed + 71, yard.at.x / 5.0, yard.at.y / 5.0, 3);
    const glm::vec3 base =
        pavingColour(yard.seed, yard.at.x, yard.at.y, 0.9, {0.52F, 0.48F, 0.43F});
    return base * static_cast<float>(0.78 + 0.4 * dirt);
}

glm::vec3 towersYard(const Yard& yard) {
    if (yard.rim < 4.0) {
        const bool bed =
            smoothNoise(yard.cell.key, yard.at.x / 6.0, yard.at.y / 6.0) > 0.55 && yard.rim > 0.8;
        return bed ? lawnColour(yard.seed, yard.at.x, yard.at.y)
                   : pavingColour(yard.seed, yard.at.x, yard.at.y, 0.8, {0.64F, 0.60F, 0.55F});
    }
    return pavingColour(yard.seed, yard.at.x, yard.at.y, 1.6, {0.58F, 0.55F, 0.52F});
}

glm::vec3 commerceYard(const Yard& yard) {
    const bool parking =
        yard.offset.y > 0.10 * yard.half.y && yard.offset.y < 0.46 * yard.half.y && yard.rim > 5.0;
    return parking ? parkingColour(yard)
                   : pavingColour(yard.seed, yard.at.x, yard.at.y, 1.0, {0.66F, 0.63F, 0.60F});
}

/// A running track with six lanes round a football field, drawn in the southern half.
glm::vec3 sportsColour(const Yard& yard, const glm::dvec2& from, const glm::dvec2& half) {
    const double straight = half.x - half.y;
    const double dx = std::max(0.0, std::abs(from.x) - straight);
    const double radius = std::hypot(dx, from.y);
    constexpr double kLane = 0.95;
    constexpr double kTrack = 5.7;
    if (radius > half.y) {
        return pavingColour(yard.seed, yard.at.x, yard.at.y, 1.2, {0.57F, 0.60F, 0.55F});
    }
    const double fromEdge = half.y - radius;
    if (fromEdge < kTrack) {
        const double lane = fromEdge - std::floor(fromEdge / kLane) * kLane;
        const auto shade =
            static_cast<float>(0.95 + 0.1 * smoothNoise(yard.seed, yard.at.x, yard.at.y));
        return lane < 0.09 ? glm::vec3(0.82F) : glm::vec3(0.60F, 0.26F, 0.19F) * shade;
    }
    const bool line = std::abs(from.x) < 0.08 ||
                      std::abs(std::hypot(from.x, from.y) - 4.5) < 0.08 ||
                      std::abs(std::abs(from.x) - (straight + 1.0)) < 0.08;
    const bool mown = std::fmod(std::abs(from.x), 8.0) < 4.0;
    return line ? glm::vec3(0.80F)
                : lawnColour(yard.seed, yard.at.x, yard.at.y) * (mown ? 0.92F : 1.08F);
}

glm::vec3 schoolYard(const Yard& yard) {
    const glm::dvec2 centre{0.0, -0.38 * yard.half.y};
    const glm::dvec2 half{yard.half.x * 0.72, yard.half.y * 0.52};
    return sportsColour(yard, yard.offset - centre, half);
}

glm::vec3 parkYard(const Yard& yard) {
    const double x = yard.at.x;
    const double y = yard.at.y;
    const glm::dvec2 toPond =
        (yard.offset + glm::dvec2(0.3, 0.25) * yard.half) / (yard.half * glm::dvec2(0.42, 0.36));
    const double wobble = 0.25 * (smoothNoise(yard.cell.key, x / 7.0, y / 7.0) - 0.5);
    const double pond = std::hypot(toPond.x, toPond.y) + wobble;
    if (pond < 1.0) {
        return glm::vec3(0.20F, 0.33F, 0.31F) *
               static_cast<float>(0.9 + 0.2 * smoothNoise(yard.seed, x, y));
    }
    if (pond < 1.08) {
        return {0.60F, 0.57F, 0.52F};
    }
    const double path = smoothNoise(yard.cell.key + 1, x / 19.0, y / 19.0);
    if (std::abs(path - 0.5) < 0.04 || (pond > 1.2 && pond < 1.3)) {
        return pavingColour(yard.seed, x, y, 0.5, {0.68F, 0.62F, 0.52F});
    }
    return lawnColour(yard.seed, x, y);
}

glm::vec3 plazaYard(const Yard& yard) {
    const glm::dvec2 from = yard.offset - glm::dvec2(0.0, -0.36 * yard.half.y);
    const double radius = std::hypot(from.x, from.y);
    if (radius < 2.0) {
        return {0.72F, 0.70F, 0.66F};
    }
    if (radius > 4.0 && radius < 7.5) { // a ring of water round the column
        return glm::vec3(0.25F, 0.45F, 0.50F) *
               static_cast<float>(0.9 +
                                  0.25 * smoothNoise(yard.seed, yard.at.x * 2.0, yard.at.y * 2.0));
    }
    const bool ring = std::fmod(radius, 5.0) < 0.5 && radius < 22.0;
    const bool lawn = std::abs(yard.offset.x) > 0.62 * yard.half.x && yard.rim > 3.0 &&
                      yard.offset.y < 0.1 * yard.half.y;
    if (lawn) {
        return lawnColour(yard.seed, yard.at.x, yard.at.y);
    }
    return pavingColour(yard.seed,
                        yard.at.x,
                        yard.at.y,
                        1.0,
                        ring ? glm::vec3(0.52F, 0.38F, 0.33F) : glm::vec3(0.72F, 0.69F, 0.64F));
}

glm::vec3 farmYard(const Yard& yard) {
    const glm::dvec2 local = yard.at - yard.cell.low;
    const double field = std::floor(local.x / 15.0);
    const std::uint64_t key = hashOf(yard.cell.key, static_cast<std::int64_t>(field));
    const double inField = local.x - field * 15.0;
    if (inField < 0.7 || yard.rim < 1.0) {
        return {0.50F, 0.43F, 0.32F}; // a path of earth
    }
    const double row = std::fmod(local.y + (chance(key, 1, 0.5) ? 0.0 : inField * 0.2), 1.1);
    const auto shade = static_cast<float>((row < 0.55 ? 0.82 : 1.1) *
                                          (0.85 + 0.3 * smoothNoise(yard.seed, local.x, local.y)));
    const bool ripe = chance(key, 2, 0.35);
    const bool bare = chance(key, 3, 0.25);
    const glm::vec3 crop = ripe ? glm::vec3(0.52F, 0.46F, 0.20F) : glm::vec3(0.25F, 0.38F, 0.13F);
    return (bare ? glm::vec3(0.44F, 0.35F, 0.25F) : crop) * shade;
}

} // namespace

glm::vec3 yardColour(const Cell& cell, const glm::dvec2& city, std::uint64_t seed) {
    const glm::dvec2 half = (cell.high - cell.low) * 0.5;
    const glm::dvec2 offset = city - (cell.low + cell.high) * 0.5;
    const double rim = std::min(half.x - std::abs(offset.x), half.y - std::abs(offset.y));
    const Yard yard{cell, city, offset, half, rim, seed};
    switch (cell.use) {
    case LandUse::Slabs:
        return housingYard(yard);
    case LandUse::OldTown:
        return oldTownYard(yard);
    case LandUse::Towers:
        return towersYard(yard);
    case LandUse::Commerce:
        return commerceYard(yard);
    case LandUse::School:
        return schoolYard(yard);
    case LandUse::Park:
        return parkYard(yard);
    case LandUse::Plaza:
        return plazaYard(yard);
    case LandUse::Farm:
        return farmYard(yard);
    case LandUse::Nature:
        break;
    }
    return lawnColour(seed, city.x, city.y);
}

} // namespace pipeline::sample
