#include "pipeline/sample/things_paint.h"

#include "pipeline/sample/noise.h"

#include <glm/common.hpp>

#include <algorithm>
#include <cmath>

namespace pipeline::sample {

namespace {

double cycle(double value, double period) {
    return value - std::floor(value / period) * period;
}

/// True where the hip that drains along the plan's x is met, false for the long sides.
bool onShortSide(const Volume& volume, const glm::dvec2& plan) {
    return volume.half.x - std::abs(plan.x) < volume.half.y - std::abs(plan.y);
}

glm::vec3 tiledRoof(const Volume& volume, const glm::dvec2& plan) {
    const bool shortSide = onShortSide(volume, plan);
    const double along = shortSide ? plan.y : plan.x; // parallel to the eaves
    const double down =
        shortSide ? volume.half.x - std::abs(plan.x) : volume.half.y - std::abs(plan.y);
    const double gap =
        std::abs((volume.half.x - std::abs(plan.x)) - (volume.half.y - std::abs(plan.y)));
    const bool ridge = gap < 0.16 || (!shortSide && std::abs(plan.y) < 0.14);
    if (ridge) {
        return volume.roofColour * 1.18F;
    }
    const double channel = 0.5 + 0.5 * std::cos(along * 2.0 * 3.14159265 / 0.34);
    const double course = cycle(down, 0.42) < 0.07 ? -0.14 : 0.0;
    const double age = fractalNoise(volume.key, plan.x / 2.2, plan.y / 2.2, 3) - 0.5;
    const double tile = cellNoise(volume.key, along / 0.34, down / 0.42) - 0.5;
    return volume.roofColour *
           static_cast<float>(0.88 + 0.16 * channel + course + 0.32 * age + 0.14 * tile);
}

glm::vec3 metalRoof(const Volume& volume, const glm::dvec2& plan) {
    const double seam = cycle(plan.x, 0.9) < 0.08 ? 0.12 : 0.0;
    return volume.roofColour *
           static_cast<float>(0.95 + seam +
                              0.1 * (smoothNoise(volume.key, plan.x / 3.0, plan.y / 3.0) - 0.5));
}

glm::vec3 plankRoof(const Volume& volume, const glm::dvec2& plan) {
    const double plank = cellNoise(volume.key, plan.y / 0.3, std::floor(plan.x / 2.5)) - 0.5;
    const double joint = cycle(plan.y, 0.3) < 0.04 ? -0.25 : 0.0;
    return volume.roofColour * static_cast<float>(1.0 + 0.22 * plank + joint);
}

glm::vec3 flatRoof(const Volume& volume, const glm::dvec2& plan) {
    const double inset =
        std::min(volume.half.x - std::abs(plan.x), volume.half.y - std::abs(plan.y));
    if (volume.parapet > 0.0 && inset < 0.3) {
        return glm::mix(volume.wallColour, glm::vec3(0.75F), 0.4F);
    }
    const double stains = fractalNoise(volume.key, plan.x / 4.5, plan.y / 4.5, 4) - 0.5;
    const double gutter = volume.parapet > 0.0 && inset < 0.9 ? -0.10 : 0.0;
    const double seam = cycle(plan.x, 1.1) < 0.05 || cycle(plan.y, 6.0) < 0.05 ? -0.06 : 0.0;
    return volume.roofColour * static_cast<float>(1.0 + 0.38 * stains + gutter + seam);
}

glm::vec3 leafColour(const Tree& tree) {
    const auto tone = static_cast<float>(pick(tree.key, 21, 0.0, 1.0));
    const auto shade = static_cast<float>(pick(tree.key, 22, 0.82, 1.15));
    switch (tree.foliage) {
    case Foliage::Conifer:
        return glm::vec3(0.13F, 0.24F, 0.13F) * shade;
    case Foliage::Palm:
        return glm::vec3(0.28F, 0.40F, 0.15F) * shade;
    case Foliage::Broadleaf:
        break;
    }
    return glm::mix(glm::vec3(0.17F, 0.30F, 0.10F), glm::vec3(0.33F, 0.40F, 0.14F), tone) * shade;
}

/// How far the crown reaches in a direction, as a share of its radius.
double crownReach(const Tree& tree, double angle) {
    if (tree.foliage == Foliage::Palm) {
        const double fronds = std::abs(std::cos(angle * 4.5 + pick(tree.key, 23, 0.0, 3.0)));
        return 0.30 + 0.70 * fronds;
    }
    const double turn = angle / 6.28318530718 + 0.5;
    const double bumps = smoothNoise(tree.key, turn * 9.0, 0.3);
    // The same knot at both ends of the circle would need a wrap; fading the bumps there is enough.
    const double fade = smoothStep(0.0, 0.12, turn) * smoothStep(0.0, 0.12, 1.0 - turn);
    return 0.84 + 0.26 * std::lerp(0.5, bumps, fade);
}

glm::vec3 carColour(const Prop& prop, const glm::dvec2& plan) {
    const double x = plan.x;
    const double y = std::abs(plan.y);
    const bool glass =
        (x > 0.12 && x < 0.42) || (x < -0.55 && x > -0.80) || (y > 0.72 && x < 0.3 && x > -0.65);
    if (glass) {
        return {0.10F, 0.12F, 0.14F};
    }
    return prop.colour * static_cast<float>(x > 0.42 ? 0.95 : 1.0);
}

glm::vec3 busColour(const Prop& prop, const glm::dvec2& plan) {
    const bool unit = std::abs(plan.y) < 0.45 &&
                      (std::abs(plan.x - 0.45) < 0.14 || std::abs(plan.x + 0.4) < 0.14);
    return unit ? glm::vec3(0.75F) : prop.colour;
}

std::optional<glm::vec3> umbrellaColour(const Prop& prop, const glm::dvec2& plan) {
    if (std::hypot(plan.x, plan.y) > 1.0) {
        return std::nullopt;
    }
    const double sector = std::floor((std::atan2(plan.y, plan.x) + 3.14159265) / 0.785398);
    return std::fmod(sector, 2.0) < 1.0 ? prop.colour : glm::vec3(0.92F);
}

std::optional<glm::vec3> boatColour(const Prop& prop, const glm::dvec2& plan) {
    const double width = 1.0 - std::pow(std::max(0.0, plan.x), 2.2);
    const double y = std::abs(plan.y);
    if (y > width) {
        return std::nullopt;
    }
    if (y < 0.62 * width && plan.x > -0.85 && plan.x < 0.55) {
        const bool cabin = plan.x > -0.35 && plan.x < 0.25 && y < 0.45;
        return cabin ? glm::vec3(0.80F, 0.82F, 0.84F) : glm::vec3(0.56F, 0.42F, 0.29F);
    }
    return prop.colour;
}

} // namespace

glm::vec3 roofColour(const Volume& volume, const glm::dvec2& plan) {
    if (volume.material == Material::Timber) {
        return plankRoof(volume, plan);
    }
    if (volume.roof == RoofKind::Flat) {
        return flatRoof(volume, plan);
    }
    return volume.material == Material::Plain ? metalRoof(volume, plan) : tiledRoof(volume, plan);
}

glm::dvec3 roofNormal(const Volume& volume, const glm::dvec2& plan) {
    if (volume.roof == RoofKind::Flat) {
        return {0.0, 0.0, 1.0};
    }
    const double run = std::min(volume.half.x, volume.half.y);
    const double length = std::hypot(run, volume.ridge);
    const double outward = volume.ridge / length;
    const double upward = run / length;
    return onShortSide(volume, plan) ? glm::dvec3(std::copysign(outward, plan.x), 0.0, upward)
                                     : glm::dvec3(0.0, std::copysign(outward, plan.y), upward);
}

std::optional<CrownSpot> crownAt(const Tree& tree, const glm::dvec2& offset) {
    const double distance = std::hypot(offset.x, offset.y) / tree.radius;
    if (distance > 1.1) {
        return std::nullopt;
    }
    const double reach = crownReach(tree, std::atan2(offset.y, offset.x));
    if (distance > reach) {
        return std::nullopt;
    }
    const double x = distance / reach;
    const double clumps = fractalNoise(tree.key, offset.x * 1.3 + 9.0, offset.y * 1.3, 3);
    const double tiltX = smoothNoise(tree.key + 5, offset.x * 1.9, offset.y * 1.9) - 0.5;
    const double tiltY = smoothNoise(tree.key + 6, offset.x * 1.9, offset.y * 1.9) - 0.5;
    glm::dvec3 normal{offset.x / tree.radius * 0.85 + tiltX * 0.9,
                      offset.y / tree.radius * 0.85 + tiltY * 0.9,
                      0.75};
    normal /= std::sqrt(normal.x * normal.x + normal.y * normal.y + normal.z * normal.z);
    const auto depth = static_cast<float>((0.45 + 0.95 * clumps) * (1.0 - 0.35 * x * x));
    return CrownSpot{leafColour(tree) * depth, normal};
}

std::optional<glm::vec3> propColour(const Prop& prop, const glm::dvec2& plan) {
    switch (prop.kind) {
    case PropKind::Car:
        return carColour(prop, plan);
    case PropKind::Bus:
        return busColour(prop, plan);
    case PropKind::Umbrella:
        return umbrellaColour(prop, plan);
    case PropKind::Boat:
        return boatColour(prop, plan);
    }
    return std::nullopt;
}

} // namespace pipeline::sample
