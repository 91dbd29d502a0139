#include "pipeline/terrain/picture.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <glm/vec3.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

namespace pipeline::terrain {

using tiles3d::image::Raster;

namespace {

constexpr std::uint32_t kChannels = 4;

std::size_t texel(const Raster& picture, std::uint32_t column, std::uint32_t row) {
    return (std::size_t{row} * picture.width + column) * kChannels;
}

/// Colours of land by its height above the sea, 0 to 255.
struct Tint {
    double metres = 0.0;
    glm::dvec3 colour{0.0};
};
constexpr std::array<Tint, 5> kTints = {{{0.0, {176.0, 194.0, 160.0}},
                                         {60.0, {196.0, 203.0, 165.0}},
                                         {300.0, {205.0, 193.0, 158.0}},
                                         {1200.0, {184.0, 164.0, 140.0}},
                                         {3000.0, {232.0, 230.0, 228.0}}}};
constexpr glm::dvec3 kWater{146.0, 180.0, 199.0};

glm::dvec3 tintAt(double metres) {
    for (std::size_t i = 1; i < kTints.size(); ++i) {
        if (metres < kTints[i].metres) {
            const double share =
                (metres - kTints[i - 1].metres) / (kTints[i].metres - kTints[i - 1].metres);
            return glm::mix(kTints[i - 1].colour, kTints[i].colour, std::max(share, 0.0));
        }
    }
    return kTints.back().colour;
}

/// The land at a place between posts.
class Shade {
public:
    Shade(const Lattice& lattice, const Relief& relief) : lattice_(lattice), relief_(relief) {}

    /// `column` and `row` count posts, fractions between them.
    glm::dvec3 at(double column, double row) const {
        const int west = static_cast<int>(std::floor(column));
        const int south = static_cast<int>(std::floor(row));
        const double u = column - west;
        const double v = row - south;
        const double sw = height(west, south);
        const double se = height(west + 1, south);
        const double nw = height(west, south + 1);
        const double ne = height(west + 1, south + 1);
        const double east = glm::mix(se - sw, ne - nw, v) / relief_.metresPerStepEast;
        const double north = glm::mix(nw - sw, ne - se, u) / relief_.metresPerStepNorth;
        const double metres = glm::mix(glm::mix(sw, se, u), glm::mix(nw, ne, u), v) -
                              seaLevel(column / lattice_.intervals, row / lattice_.intervals);
        if (std::isnan(metres)) {
            return kTints.front().colour; // beside a hole
        }
        constexpr double kWaterMetres = 0.3;
        constexpr double kWaterSlope = 0.002;
        if (std::abs(metres) < kWaterMetres && std::hypot(east, north) < kWaterSlope) {
            return kWater;
        }
        // Light from 315 degrees, 45 degrees up; flat land keeps its tint.
        const double toLight = (1.0 + (east - north) / std::numbers::sqrt2) /
                               std::sqrt(1.0 + east * east + north * north);
        constexpr double kDarkest = 0.35;
        constexpr double kContrast = 0.75;
        const double light = std::max(1.0 + kContrast * (toLight - 1.0), kDarkest);
        return glm::min(tintAt(metres) * light, glm::dvec3(255.0));
    }

private:
    double height(int column, int row) const {
        return static_cast<double>(lattice_.heights[lattice_.at(column, row)]);
    }
    double seaLevel(double east, double north) const {
        const auto& [sw, se, nw, ne] = relief_.seaLevelMetres;
        return glm::mix(glm::mix(sw, se, east), glm::mix(nw, ne, east), north);
    }

    const Lattice& lattice_;
    const Relief& relief_;
};

} // namespace

void drawReliefInPlace(Raster& picture, const Lattice& lattice, const Relief& relief) {
    const Shade shade(lattice, relief);
    const double postsPerTexel = static_cast<double>(lattice.intervals) / picture.width;
    for (std::uint32_t row = 0; row < picture.height; ++row) {
        const double south = (picture.height - row - 0.5) * postsPerTexel;
        for (std::uint32_t column = 0; column < picture.width; ++column) {
            std::byte* const at = &picture.pixels[texel(picture, column, row)];
            if (at[3] == std::byte{0}) {
                const glm::dvec3 colour = shade.at((column + 0.5) * postsPerTexel, south);
                for (int channel = 0; channel < 3; ++channel) {
                    at[channel] = static_cast<std::byte>(static_cast<int>(colour[channel] + 0.5));
                }
            }
        }
    }
}

Raster halved(const Raster& picture) {
    Raster half{.width = picture.width / 2, .height = picture.height / 2, .channels = kChannels};
    half.pixels.resize(std::size_t{half.width} * half.height * kChannels);
    const std::size_t stride = std::size_t{picture.width} * kChannels;
    for (std::uint32_t row = 0; row < half.height; ++row) {
        for (std::uint32_t column = 0; column < half.width; ++column) {
            const std::byte* const from = &picture.pixels[texel(picture, 2 * column, 2 * row)];
            std::byte* const to = &half.pixels[texel(half, column, row)];
            for (std::size_t channel = 0; channel < 3; ++channel) {
                constexpr unsigned kHalf = 2; // rounds to nearest
                const unsigned sum = std::to_integer<unsigned>(from[channel]) +
                                     std::to_integer<unsigned>(from[channel + kChannels]) +
                                     std::to_integer<unsigned>(from[channel + stride]) +
                                     std::to_integer<unsigned>(from[channel + stride + kChannels]);
                to[channel] = static_cast<std::byte>((sum + kHalf) / 4);
            }
            to[3] = from[3] | from[3 + kChannels] | from[3 + stride] | from[3 + stride + kChannels];
        }
    }
    return half;
}

Raster cut(const Raster& picture, std::uint32_t column, std::uint32_t row, std::uint32_t side) {
    Raster part{.width = side, .height = side, .channels = kChannels};
    part.pixels.resize(std::size_t{side} * side * kChannels);
    for (std::uint32_t y = 0; y < side; ++y) {
        std::memcpy(&part.pixels[texel(part, 0, y)],
                    &picture.pixels[texel(picture, column, row + y)],
                    std::size_t{side} * kChannels);
    }
    return part;
}

bool hasOrtho(const Raster& picture, std::uint32_t column, std::uint32_t row, std::uint32_t side) {
    for (std::uint32_t y = row; y < row + side; ++y) {
        for (std::uint32_t x = column; x < column + side; ++x) {
            if (picture.pixels[texel(picture, x, y) + 3] != std::byte{0}) {
                return true;
            }
        }
    }
    return false;
}

} // namespace pipeline::terrain
