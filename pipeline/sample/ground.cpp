#include "pipeline/sample/ground.h"

#include "pipeline/sample/noise.h"
#include "pipeline/sample/street_paint.h"
#include "pipeline/sample/yards.h"

#include <algorithm>
#include <cmath>

namespace pipeline::sample {

namespace {

constexpr double kNone = 1e3;

glm::vec3 blend(const glm::vec3& a, const glm::vec3& b, double share) {
    const auto t = static_cast<float>(share);
    return a * (1.0F - t) + b * t;
}

glm::vec3 seaColour(const Spot& spot, std::uint64_t seed) {
    const double depth = smoothStep(0.0, 60.0, -spot.inland);
    const double swell = fractalNoise(seed + 81, spot.world.x / 9.0, spot.world.y / 4.0, 3);
    const double ripple = fractalNoise(seed + 82, spot.world.x * 0.8, spot.world.y * 1.3, 2);
    glm::vec3 colour = blend({0.26F, 0.44F, 0.42F}, {0.09F, 0.22F, 0.29F}, depth);
    colour *= static_cast<float>(0.82 + 0.22 * swell + 0.14 * ripple);
    // Two broken lines of foam where the waves run out.
    const double wave = 3.0 * smoothNoise(seed + 83, spot.world.x / 12.0, 0.5);
    for (const double line : {1.2, 7.5}) {
        const double foam = 1.0 - std::abs(-spot.inland - line - wave) / (line < 2.0 ? 1.3 : 0.7);
        const double broken = fractalNoise(seed + 84, spot.world.x * 0.9, spot.world.y * 0.9, 2);
        colour = blend(colour,
                       {0.86F, 0.90F, 0.90F},
                       std::clamp(foam, 0.0, 1.0) * smoothStep(0.3, 0.6, broken));
    }
    return colour;
}

glm::vec3 beachColour(const Spot& spot, std::uint64_t seed) {
    const double grain = fractalNoise(seed + 85, spot.world.x * 1.7, spot.world.y * 1.7, 3);
    const double wet =
        1.0 -
        smoothStep(1.0, 5.0, spot.inland + 1.5 * smoothNoise(seed + 86, spot.world.x / 6.0, 0.5));
    return blend({0.80F, 0.71F, 0.55F}, {0.52F, 0.45F, 0.35F}, wet) *
           static_cast<float>(0.88 + 0.24 * grain);
}

glm::vec3 shoreRoadColour(const Spot& spot, std::uint64_t seed) {
    const Street road{(kShoreRoadFrom + kShoreRoadTo) / 2.0, 4.6, 5.0, false};
    StreetSpot at;
    at.across = spot.inland - road.centre;
    at.along = spot.world.x;
    at.seed = seed;
    if (std::abs(at.across) < road.carriageway) {
        return carriagewayColour(road, at);
    }
    return pavementColour(seed, spot.world.x, spot.world.y, std::abs(at.across) - road.carriageway);
}

glm::vec3 promenadeColour(const Spot& spot, std::uint64_t seed) {
    if (spot.inland < kPromenadeFrom + 0.5) {
        return {0.72F, 0.70F, 0.66F}; // the top of the sea wall
    }
    const double waves = std::sin(spot.world.x * 1.3 + 1.6 * std::sin(spot.inland * 1.1));
    const glm::vec3 base =
        waves > 0.0 ? glm::vec3(0.70F, 0.64F, 0.56F) : glm::vec3(0.58F, 0.50F, 0.44F);
    return pavingColour(seed, spot.world.x, spot.world.y, 0.5, base);
}

glm::vec3 wildColour(const Spot& spot, std::uint64_t seed) {
    const glm::vec3 grass = lawnColour(seed, spot.world.x, spot.world.y) * 0.9F;
    const double rocks = fractalNoise(seed + 87, spot.world.x / 6.0, spot.world.y / 6.0, 3);
    const double trail =
        std::abs(smoothNoise(seed + 88, spot.world.x / 34.0, spot.world.y / 34.0) - 0.5);
    if (trail < 0.018 && spot.hilliness > kHillEdge) {
        return {0.58F, 0.52F, 0.42F};
    }
    const double bare = smoothStep(0.62, 0.72, rocks) * smoothStep(0.2, 0.7, spot.hilliness);
    return blend(
        grass, glm::vec3(0.50F, 0.46F, 0.41F) * static_cast<float>(0.7 + 0.6 * rocks), bare);
}

/// Where asphalt ends at a street corner: rounded with a radius of 5 m.
bool isCornerAsphalt(double beyondA, double beyondB) {
    constexpr double kRadius = 5.0;
    return beyondA < kRadius && beyondB < kRadius &&
           std::hypot(kRadius - beyondA, kRadius - beyondB) > kRadius;
}

/// The nearer of two parallel streets, as seen from between them.
struct NearStreet {
    const Street* street =
        nullptr;           ///< Null where neither exists or the place is outside its reserve.
    double across = 0.0;   ///< Signed metres from its centre.
    double beyond = kNone; ///< Metres outside its carriageway, negative on it.
};

NearStreet nearer(const Street& low, bool hasLow, const Street& high, bool hasHigh, double at) {
    const bool useLow = at - low.centre < high.centre - at;
    const Street& street = useLow ? low : high;
    if (!(useLow ? hasLow : hasHigh)) {
        return {};
    }
    NearStreet found;
    found.across = at - street.centre;
    found.beyond = std::abs(found.across) - street.carriageway;
    found.street = std::abs(found.across) <= street.reserve ? &street : nullptr;
    return found;
}

glm::vec3
onStreet(const NearStreet& street, const NearStreet& crossing, double along, std::uint64_t seed) {
    StreetSpot at;
    at.across = street.across;
    at.along = along;
    at.toCrossing = std::max(0.0, crossing.beyond);
    at.seed = seed;
    return carriagewayColour(*street.street, at);
}

} // namespace

Ground::Surroundings Ground::lookUp(std::int64_t i, std::int64_t j) const {
    Surroundings around;
    around.cell = plan_.cell(i, j);
    around.west = plan_.avenue(i);
    around.east = plan_.avenue(i + 1);
    around.south = plan_.street(j);
    around.north = plan_.street(j + 1);
    const bool built = around.cell.use != LandUse::Nature;
    const auto isBuilt = [&](std::int64_t a, std::int64_t b) {
        return built || plan_.cell(a, b).use != LandUse::Nature;
    };
    around.hasWest = isBuilt(i - 1, j);
    around.hasEast = isBuilt(i + 1, j);
    around.hasSouth = isBuilt(i, j - 1);
    around.hasNorth = isBuilt(i, j + 1);
    return around;
}

const Ground::Surroundings& Ground::surroundingsOf(const glm::dvec2& city) {
    const auto inside = [&](const Surroundings& around) {
        return city.x >= around.west.centre && city.x < around.east.centre &&
               city.y >= around.south.centre && city.y < around.north.centre;
    };
    if (current_ == nullptr || !inside(*current_)) {
        const std::pair index(plan_.avenueBefore(city.x), plan_.streetBefore(city.y));
        auto found = known_.find(index);
        if (found == known_.end()) {
            found = known_.emplace(index, lookUp(index.first, index.second)).first;
        }
        current_ = &found->second;
    }
    return *current_;
}

glm::vec3 Ground::urban(const Spot& spot) {
    const glm::dvec2 city = StreetPlan::toCity(spot.world);
    const Surroundings& around = surroundingsOf(city);
    const std::uint64_t seed = plan_.seed();
    const NearStreet avenue =
        nearer(around.west, around.hasWest, around.east, around.hasEast, city.x);
    const NearStreet street =
        nearer(around.south, around.hasSouth, around.north, around.hasNorth, city.y);
    const bool onAvenue = avenue.street != nullptr && avenue.beyond <= 0.0;
    const bool onCross = street.street != nullptr && street.beyond <= 0.0;
    if ((onAvenue && onCross) || isCornerAsphalt(avenue.beyond, street.beyond)) {
        return asphaltColour(seed, city.x, city.y);
    }
    if (onAvenue) {
        return onStreet(avenue, street, city.y, seed);
    }
    if (onCross) {
        return onStreet(street, avenue, city.x, seed);
    }
    if (avenue.street != nullptr || street.street != nullptr) {
        return pavementColour(seed, city.x, city.y, std::min(avenue.beyond, street.beyond));
    }
    return around.cell.use == LandUse::Nature ? wildColour(spot, seed)
                                              : yardColour(around.cell, city, seed);
}

glm::vec3 Ground::colour(const Spot& spot) {
    const std::uint64_t seed = plan_.seed();
    if (spot.inland < 0.0) {
        return seaColour(spot, seed);
    }
    if (spot.inland < kPromenadeFrom) {
        return beachColour(spot, seed);
    }
    if (spot.inland < kShoreRoadFrom) {
        return promenadeColour(spot, seed);
    }
    if (spot.inland < kShoreRoadTo) {
        return shoreRoadColour(spot, seed);
    }
    const double edge =
        kHillEdge * (0.85 + 0.3 * smoothNoise(seed + 89, spot.world.x / 5.0, spot.world.y / 5.0));
    return spot.hilliness > edge ? wildColour(spot, seed) : urban(spot);
}

} // namespace pipeline::sample
