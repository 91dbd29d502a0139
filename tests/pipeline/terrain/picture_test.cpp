#include "pipeline/terrain/picture.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

namespace pipeline::terrain {
namespace {

using tiles3d::image::Raster;
using Colour = std::array<int, 4>;

constexpr int kIntervals = 8;
constexpr Colour kLowland{176, 194, 160, 0}; // the lowest tint
constexpr Colour kWater{146, 180, 199, 0};

/// Posts 10 m apart by a function of the post; the sea at 0 m.
template <typename Height>
Lattice latticeOf(const Height& height) {
    Lattice lattice{.intervals = kIntervals, .apron = 1};
    for (int row = -1; row <= kIntervals + 1; ++row) {
        for (int column = -1; column <= kIntervals + 1; ++column) {
            lattice.heights.push_back(static_cast<float>(height(column, row)));
        }
    }
    return lattice;
}

const Relief kRelief{.metresPerStepEast = 10.0, .metresPerStepNorth = 10.0};

/// All texels alike.
Raster pictureOf(std::uint32_t side, const Colour& colour = {}) {
    Raster picture{.width = side, .height = side, .channels = 4};
    for (std::uint32_t i = 0; i < side * side; ++i) {
        for (const int channel : colour) {
            picture.pixels.push_back(static_cast<std::byte>(channel));
        }
    }
    return picture;
}

Colour at(const Raster& picture, std::uint32_t column, std::uint32_t row) {
    Colour colour{};
    for (std::size_t channel = 0; channel < colour.size(); ++channel) {
        colour[channel] = std::to_integer<int>(
            picture.pixels.at(4 * (std::size_t{row} * picture.width + column) + channel));
    }
    return colour;
}

void set(Raster& picture, std::uint32_t column, std::uint32_t row, const Colour& colour) {
    for (std::size_t channel = 0; channel < colour.size(); ++channel) {
        picture.pixels.at(4 * (std::size_t{row} * picture.width + column) + channel) =
            static_cast<std::byte>(colour[channel]);
    }
}

template <typename Height>
Raster reliefOf(const Height& height, const Relief& relief = kRelief) {
    Raster picture = pictureOf(16);
    drawReliefInPlace(picture, latticeOf(height), relief);
    return picture;
}

int brightness(const Colour& colour) {
    return colour[0] + colour[1] + colour[2];
}

TEST(Picture, FlatLandHasTheTintOfItsHeight) {
    EXPECT_EQ(at(reliefOf([](int, int) { return 0.4; }), 7, 7)[0], 176) << "not water: 0.4 m";
    EXPECT_EQ(at(reliefOf([](int, int) { return 60.0; }), 3, 12), (Colour{196, 203, 165, 0}));
    EXPECT_EQ(at(reliefOf([](int, int) { return 30.0; }), 3, 12), (Colour{186, 199, 163, 0}))
        << "halfway between two";
    EXPECT_EQ(at(reliefOf([](int, int) { return 9000.0; }), 0, 15), (Colour{232, 230, 228, 0}));
    EXPECT_EQ(at(reliefOf([](int, int) { return -50.0; }), 0, 15), kLowland);
}

TEST(Picture, HeightsCountFromTheSea) {
    const Relief relief{.metresPerStepEast = 10.0,
                        .metresPerStepNorth = 10.0,
                        .seaLevelMetres = {12.0, 12.0, 12.0, 12.0}};
    EXPECT_EQ(at(reliefOf([](int, int) { return 72.0; }, relief), 5, 5),
              (Colour{196, 203, 165, 0}));
    EXPECT_EQ(at(reliefOf([](int, int) { return 12.0; }, relief), 5, 5), kWater);
    EXPECT_NE(at(reliefOf([](int, int) { return 0.0; }, relief), 5, 5), kWater);
}

TEST(Picture, TheSeaFollowsItsFourCorners) {
    const Relief relief{.metresPerStepEast = 10.0,
                        .metresPerStepNorth = 10.0,
                        .seaLevelMetres = {1.0, 1.08, 1.04, 1.12}};
    const Raster picture =
        reliefOf([](int x, int y) { return 1.0 + 0.01 * x + 0.005 * y; }, relief);
    for (std::uint32_t i = 0; i < 16; ++i) {
        EXPECT_EQ(at(picture, i, 15 - i), kWater);
    }
}

/// Slopes of 45 degrees: rise in metres per post, east and north.
TEST(Picture, SlopesTowardsTheNorthWestAreBrighter) {
    const auto slope = [](double east, double north) {
        return brightness(
            at(reliefOf([&](int x, int y) { return 500.0 + east * x + north * y; }), 8, 8));
    };
    const int flat = slope(0.0, 0.0);
    EXPECT_GT(slope(5.0, -5.0), flat) << "down to the north-west: towards the light";
    EXPECT_LT(slope(-5.0, 5.0), flat) << "down to the south-east";
    EXPECT_NEAR(slope(5.0, 5.0), slope(-5.0, -5.0), 6) << "across the light: alike";
    EXPECT_GT(slope(-200.0, 200.0), flat / 4) << "never black";
}

TEST(Picture, ReliefLeavesTheOrthophotoAlone) {
    Raster picture = pictureOf(16);
    set(picture, 3, 4, {1, 2, 3, 255});
    drawReliefInPlace(picture, latticeOf([](int, int) { return -50.0; }), kRelief);
    EXPECT_EQ(at(picture, 3, 4), (Colour{1, 2, 3, 255}));
    EXPECT_EQ(at(picture, 4, 4), kLowland) << "alpha goes on saying that there is none";
}

TEST(Picture, RowZeroIsInTheNorth) {
    const Raster picture = reliefOf([](int, int row) { return row >= 4 ? 3000.0 : -50.0; });
    EXPECT_EQ(at(picture, 8, 0), (Colour{232, 230, 228, 0}));
    EXPECT_EQ(at(picture, 8, 15), kLowland);
}

TEST(Picture, HolesGetATint) {
    const Raster picture =
        reliefOf([](int, int) { return std::numeric_limits<double>::quiet_NaN(); });
    EXPECT_EQ(at(picture, 8, 8), kLowland);
}

TEST(Picture, HalvedIsTheMeanAndKnowsOrthophotos) {
    Raster picture = pictureOf(4, {10, 20, 30, 0});
    set(picture, 2, 0, {11, 24, 255, 255});
    set(picture, 3, 0, {11, 20, 255, 0});
    set(picture, 2, 1, {12, 20, 255, 0});
    set(picture, 3, 1, {12, 21, 254, 0});
    const Raster half = halved(picture);
    EXPECT_EQ(half.width, 2U);
    EXPECT_EQ(half.height, 2U);
    EXPECT_EQ(at(half, 0, 0), (Colour{10, 20, 30, 0}));
    EXPECT_EQ(at(half, 1, 0), (Colour{12, 21, 255, 255})) << "rounded: 11.5, 21.25, 254.75";
    EXPECT_EQ(at(half, 1, 1), (Colour{10, 20, 30, 0}));
}

TEST(Picture, CutIsTheSquareItself) {
    Raster picture = pictureOf(8);
    for (std::uint32_t row = 0; row < 8; ++row) {
        for (std::uint32_t column = 0; column < 8; ++column) {
            set(picture, column, row, {static_cast<int>(column), static_cast<int>(row), 7, 255});
        }
    }
    const Raster part = cut(picture, 4, 2, 4);
    EXPECT_EQ(part.width, 4U);
    EXPECT_EQ(part.height, 4U);
    EXPECT_EQ(part.pixels.size(), 64U);
    EXPECT_EQ(at(part, 0, 0), (Colour{4, 2, 7, 255}));
    EXPECT_EQ(at(part, 3, 3), (Colour{7, 5, 7, 255}));
}

TEST(Picture, HasOrthoLooksIntoTheSquareOnly) {
    Raster picture = pictureOf(8, {9, 9, 9, 0});
    set(picture, 4, 3, {9, 9, 9, 255});
    EXPECT_TRUE(hasOrtho(picture, 4, 0, 4));
    EXPECT_TRUE(hasOrtho(picture, 4, 3, 1));
    EXPECT_FALSE(hasOrtho(picture, 0, 0, 4));
    EXPECT_FALSE(hasOrtho(picture, 4, 4, 4));
}

} // namespace
} // namespace pipeline::terrain
