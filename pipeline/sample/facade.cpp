#include "pipeline/sample/facade.h"

#include "pipeline/sample/noise.h"

#include <glm/common.hpp>

#include <algorithm>
#include <cmath>

namespace pipeline::sample {

namespace {

/// Where a point lies in the regular pattern of storeys and bays.
struct Pane {
    double x = 0.0; ///< Within the bay, 0 to 1.
    double y = 0.0; ///< Within the storey, 0 to 1 upwards.
    std::int64_t bay = 0;
    std::int64_t storey = 0;
    std::uint64_t key = 0;
    double bayMetres = 3.0;
};

constexpr double kPlinth = 0.5; // volumes begin this far below the ground

Pane paneAt(const Wall& wall, double s, double t, double storeyMetres, double wishedBay) {
    Pane pane;
    const double bays = std::max(1.0, std::round(wall.length / wishedBay));
    pane.bayMetres = wall.length / bays;
    const double x = s / pane.bayMetres;
    const double y = std::max(0.0, t - kPlinth) / storeyMetres;
    pane.bay = static_cast<std::int64_t>(std::floor(x));
    pane.storey = static_cast<std::int64_t>(std::floor(y));
    pane.x = x - std::floor(x);
    pane.y = y - std::floor(y);
    pane.key = hashOf(wall.volume->key, pane.bay, pane.storey, std::llround(wall.normal.x * 4.0));
    return pane;
}

bool inside(double value, double low, double high) {
    return value > low && value < high;
}

glm::vec3 glassColour(const Pane& pane) {
    const auto reflected = static_cast<float>(pick(pane.key, 1, 0.05, 0.42) * (0.6 + 0.6 * pane.y));
    const bool curtain = chance(pane.key, 2, 0.3) && pane.x > pick(pane.key, 3, 0.2, 0.7);
    const glm::vec3 behind =
        curtain ? glm::vec3(0.50F, 0.47F, 0.42F) : glm::vec3(0.10F, 0.12F, 0.14F);
    return glm::mix(behind, glm::vec3(0.62F, 0.74F, 0.85F), reflected);
}

/// Wall paint with streaks of rain, darker towards the ground.
glm::vec3 plaster(const Wall& wall, double s, double t) {
    const double streak = fractalNoise(wall.volume->key, s * 1.1, t * 0.13, 3) - 0.5;
    const double grime = 0.16 * (1.0 - smoothStep(0.0, 3.0, t));
    return wall.volume->wallColour * static_cast<float>(1.0 + 0.22 * streak - grime);
}

glm::vec3 balcony(const Wall& wall, const Pane& pane, double s, double t) {
    if (pane.y < 0.07) {
        return plaster(wall, s, t) * 1.08F; // the edge of the slab
    }
    if (pane.y < 0.38) {
        const bool solid = chance(wall.volume->key, 31, 0.5);
        const double bar = s / 0.14 - std::floor(s / 0.14);
        if (solid || pane.y > 0.35 || bar < 0.35) {
            return solid ? wall.volume->wallColour * 1.05F : glm::vec3(0.42F, 0.43F, 0.44F);
        }
    }
    const bool laundry = chance(pane.key, 5, 0.35) && inside(pane.y, 0.45, 0.72);
    if (laundry) {
        const double cloth = cellNoise(pane.key, s * 2.2, 0.5);
        if (cloth > 0.45) {
            return glm::vec3(0.45F + 0.5F * static_cast<float>(cloth),
                             0.5F,
                             0.75F - 0.4F * static_cast<float>(cloth));
        }
    }
    return pane.y > 0.86 ? plaster(wall, s, t) * 0.8F : glassColour(pane) * 0.55F;
}

glm::vec3 window(const Wall& wall, const Pane& pane, double s, double t) {
    const bool framed = inside(pane.x, 0.20, 0.76) && inside(pane.y, 0.28, 0.80);
    if (framed) {
        const bool frame = !inside(pane.x, 0.225, 0.735) || !inside(pane.y, 0.305, 0.775) ||
                           inside(pane.x, 0.47, 0.49);
        return frame ? glm::vec3(0.74F, 0.75F, 0.75F) : glassColour(pane);
    }
    const bool machine =
        inside(pane.x, 0.78, 0.97) && inside(pane.y, 0.12, 0.30) && chance(pane.key, 6, 0.6);
    if (machine) {
        const double fan = std::hypot((pane.x - 0.875) * pane.bayMetres, (pane.y - 0.21) * 3.0);
        return fan < 0.2 ? glm::vec3(0.35F) : glm::vec3(0.80F, 0.80F, 0.78F);
    }
    const bool sill = inside(pane.x, 0.18, 0.78) && inside(pane.y, 0.255, 0.28);
    return plaster(wall, s, t) * (sill ? 1.12F : 1.0F);
}

glm::vec3 shopFront(const Wall& wall, const Pane& pane) {
    const std::uint64_t shop = hashOf(wall.volume->key, 41, pane.bay / 2);
    if (pane.y > 0.72) { // the sign
        const glm::vec3 sign(static_cast<float>(pick(shop, 1, 0.15, 0.85)),
                             static_cast<float>(pick(shop, 2, 0.12, 0.55)),
                             static_cast<float>(pick(shop, 3, 0.10, 0.60)));
        const bool letters = inside(pane.y, 0.79, 0.93) && cellNoise(shop, pane.x * 7.0, 0.5) > 0.5;
        return letters ? glm::vec3(0.92F, 0.90F, 0.80F) : sign;
    }
    if (inside(pane.x, 0.05, 0.95) && pane.y > 0.04) {
        return glassColour(pane) * 0.9F;
    }
    return {0.45F, 0.44F, 0.43F};
}

glm::vec3 apartments(const Wall& wall, double s, double t) {
    const Pane pane = paneAt(wall, s, t, 3.0, 3.4);
    const bool gable = wall.length < 15.0;
    if (gable && !inside(s, wall.length * 0.36, wall.length * 0.64)) {
        return plaster(wall, s, t);
    }
    if (pane.storey == 0 && !gable) {
        return shopFront(wall, pane);
    }
    const bool hasBalcony = (pane.bay % 2 == 0) != (wall.normal.y > 0.0) && !gable;
    if (hasBalcony && inside(pane.x, 0.04, 0.96)) {
        return balcony(wall, pane, s, t);
    }
    return window(wall, pane, s, t);
}

glm::vec3 offices(const Wall& wall, double s, double t) {
    const Pane pane = paneAt(wall, s, t, 3.6, 3.0);
    if (inside(pane.y, 0.30, 0.84)) {
        const bool post = pane.x < 0.05 || inside(pane.x, 0.49, 0.52) || inside(pane.y, 0.66, 0.68);
        return post ? glm::vec3(0.60F, 0.61F, 0.62F) : glassColour(pane);
    }
    return plaster(wall, s, t);
}

glm::vec3 curtainWall(const Wall& wall, double s, double t) {
    const Pane pane = paneAt(wall, s, t, 3.2, 1.5);
    if (pane.x < 0.05 || pane.y < 0.04) {
        return {0.36F, 0.40F, 0.43F};
    }
    const double sky = smoothStep(0.0, wall.height, t);
    const double tone = pick(pane.key, 7, -0.12, 0.12) +
                        0.25 * (smoothNoise(wall.volume->key, s / 9.0, t / 14.0) - 0.5);
    const glm::vec3 reflected = glm::mix(wall.volume->wallColour,
                                         glm::vec3(0.66F, 0.78F, 0.88F),
                                         static_cast<float>(0.15 + 0.4 * sky));
    const bool spandrel = pane.y < 0.26;
    return reflected * static_cast<float>((spandrel ? 0.72 : 0.92) + tone);
}

glm::vec3 shops(const Wall& wall, double s, double t) {
    const Pane pane = paneAt(wall, s, t, 4.2, 4.0);
    if (pane.storey == 0) {
        return shopFront(wall, pane);
    }
    const std::uint64_t wide = hashOf(wall.volume->key, 43, pane.bay / 4, pane.storey / 2);
    if (chance(wide, 1, 0.22)) { // a poster over several bays
        const auto hue = static_cast<float>(unitOf(wide));
        const double blob = smoothNoise(wide, s / 2.6, t / 2.0);
        return glm::mix(glm::vec3(hue, 0.35F, 0.65F - 0.4F * hue),
                        glm::vec3(0.92F, 0.86F, 0.72F),
                        static_cast<float>(blob));
    }
    if (inside(pane.y, 0.22, 0.82) && inside(pane.x, 0.08, 0.92)) {
        return inside(pane.x, 0.49, 0.51) ? glm::vec3(0.62F) : glassColour(pane);
    }
    return plaster(wall, s, t);
}

glm::vec3 house(const Wall& wall, double s, double t) {
    const Pane pane = paneAt(wall, s, t, 3.1, 2.9);
    if (t < 1.1) {
        return plaster(wall, s, t) * 0.72F;
    }
    if (pane.storey == 0 && inside(pane.x, 0.34, 0.66) && pane.y < 0.70 && pane.bay % 3 == 1) {
        return {0.33F, 0.22F, 0.15F}; // a door
    }
    if (inside(pane.y, 0.30, 0.76)) {
        if (inside(pane.x, 0.34, 0.66)) {
            const bool frame = !inside(pane.x, 0.36, 0.64) || inside(pane.x, 0.49, 0.51) ||
                               inside(pane.y, 0.58, 0.60);
            return frame ? glm::vec3(0.82F, 0.81F, 0.77F) : glassColour(pane);
        }
        const bool shutter = (inside(pane.x, 0.20, 0.34) || inside(pane.x, 0.66, 0.80)) &&
                             chance(wall.volume->key, 44, 0.5);
        if (shutter) {
            return {0.26F, 0.38F, 0.30F};
        }
    }
    return plaster(wall, s, t) * (pane.y > 0.94 ? 1.1F : 1.0F);
}

glm::vec3 hall(const Wall& wall, double s, double t) {
    const Pane pane = paneAt(wall, s, t, wall.height, 3.6);
    if (t > wall.height - 1.3) {
        return wall.volume->wallColour * 1.05F;
    }
    const double column = std::abs(pane.x - 0.5) * pane.bayMetres;
    if (column < 0.5) {
        return wall.volume->wallColour * static_cast<float>(1.02 - 0.25 * column);
    }
    if (t < kPlinth + 1.0) {
        return {0.62F, 0.60F, 0.57F};
    }
    return inside(column, 0.5, 0.8) ? wall.volume->wallColour * 0.6F : glassColour(pane) * 0.8F;
}

glm::vec3 plain(const Wall& wall, double s, double t) {
    const bool door = wall.height > 2.6 && wall.height < 4.5 && wall.length > 3.0 &&
                      inside(s, 0.4 * wall.length, 0.4 * wall.length + 0.9) && t < 2.0;
    return door ? glm::vec3(0.30F, 0.34F, 0.38F) : plaster(wall, s, t);
}

glm::vec3 timber(const Wall& wall, double s, double t) {
    const bool deck = t > wall.height - 0.5;
    const bool pile = s / 3.0 - std::floor(s / 3.0) < 0.14;
    return wall.volume->wallColour * (deck ? 1.0F : pile ? 0.7F : 0.25F);
}

} // namespace

glm::dvec3 Wall::at(double s, double t) const {
    return {start.x + along.x * s, start.y + along.y * s, bottom + t};
}

std::array<Wall, 4> wallsOf(const Volume& volume) {
    const glm::dvec2 across{-volume.axis.y, volume.axis.x};
    const std::array<glm::dvec2, 4> directions = {volume.axis, across, -volume.axis, -across};
    const std::array<glm::dvec2, 4> corners = {
        {{-1.0, -1.0}, {1.0, -1.0}, {1.0, 1.0}, {-1.0, 1.0}}};
    std::array<Wall, 4> walls;
    for (std::size_t side = 0; side < 4; ++side) {
        Wall& wall = walls[side];
        const glm::dvec2 corner = corners[side] * volume.half;
        wall.volume = &volume;
        wall.start = volume.centre + volume.axis * corner.x + across * corner.y;
        wall.along = directions[side];
        wall.normal = {wall.along.y, -wall.along.x};
        wall.length = 2.0 * (side % 2 == 0 ? volume.half.x : volume.half.y);
        wall.bottom = volume.bottom;
        wall.height = volume.top + volume.parapet - volume.bottom;
    }
    return walls;
}

glm::vec3 facadeColour(const Wall& wall, double s, double t) {
    switch (wall.volume->material) {
    case Material::Apartments:
        return apartments(wall, s, t);
    case Material::Offices:
        return offices(wall, s, t);
    case Material::Glass:
        return curtainWall(wall, s, t);
    case Material::Shops:
        return shops(wall, s, t);
    case Material::House:
        return house(wall, s, t);
    case Material::Hall:
        return hall(wall, s, t);
    case Material::Timber:
        return timber(wall, s, t);
    case Material::RoofMetal:
    case Material::Plain:
        break;
    }
    return plain(wall, s, t);
}

tiles3d::image::Raster
paintWall(const Wall& wall, const WallFrame& frame, const Sunlight& sunlight) {
    const auto pixels = [&](double metres) {
        return static_cast<std::uint32_t>(std::max(1.0, std::ceil(metres / frame.texel)));
    };
    tiles3d::image::Raster raster;
    raster.width = pixels(frame.to - frame.from);
    raster.height = pixels(wall.height);
    raster.pixels.resize(std::size_t{3} * raster.width * raster.height);
    // Light varies slowly over a wall; a shadow's edge is half a metre wide anyway.
    const double step = std::max(0.6, frame.texel * 2.0);
    const Lattice light(
        {{frame.from, 0.0}, {frame.to, wall.height}}, step, [&](const glm::dvec2& at) {
            const glm::dvec3 position = wall.at(at.x, std::max(0.4, at.y));
            const glm::dvec3 before{
                position.x + wall.normal.x * 0.4, position.y + wall.normal.y * 0.4, position.z};
            return sunlight.at(before, {wall.normal.x, wall.normal.y, 0.0});
        });
    std::byte* pixel = raster.pixels.data();
    for (std::uint32_t row = 0; row < raster.height; ++row) {
        const double t = wall.height - (row + 0.5) * frame.texel;
        for (std::uint32_t column = 0; column < raster.width; ++column) {
            const double s = frame.from + (column + 0.5) * frame.texel;
            const glm::vec3 colour =
                glm::clamp(facadeColour(wall, s, t) * light.at({s, t}), 0.0F, 1.0F);
            for (const float channel : {colour.x, colour.y, colour.z}) {
                *pixel++ = static_cast<std::byte>(channel * 255.0F + 0.5F);
            }
        }
    }
    return raster;
}

} // namespace pipeline::sample
