#include "viewer/overlay/clip.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace viewer::overlay {
namespace {

using pipeline::planning::PlaneBox;

const PlaneBox kBox{{0.0, 0.0}, {10.0, 10.0}};

TEST(Clip, aRingIsCutAtTheBoxAndKeepsItsTurn) {
    const Path ring = pathOf({{-5, 2}, {5, 2}, {5, 8}, {-5, 8}});
    EXPECT_DOUBLE_EQ(signedArea(ring), 60.0);
    EXPECT_DOUBLE_EQ(signedArea(clippedRing(ring, kBox)), 30.0);
    EXPECT_DOUBLE_EQ(signedArea(clippedRing(pathOf({{-5, 8}, {5, 8}, {5, 2}, {-5, 2}}), kBox)),
                     -30.0);
    EXPECT_DOUBLE_EQ(
        signedArea(clippedRing(pathOf({{-9, -9}, {19, -9}, {19, 19}, {-9, 19}}), kBox)), 100.0);
    EXPECT_TRUE(clippedRing(pathOf({{20, 20}, {30, 20}, {30, 30}}), kBox).empty());
    EXPECT_TRUE(clippedRing({}, kBox).empty());
}

TEST(Clip, piecesOfALineKnowHowFarAlongTheyAre) {
    const auto pieces = clippedLine(pathOf({{-5, 5}, {15, 5}, {15, 7}, {-5, 7}}), kBox);
    ASSERT_EQ(pieces.size(), 2U);
    EXPECT_DOUBLE_EQ(pieces[0].front().arc, 5.0);
    EXPECT_DOUBLE_EQ(pieces[0].back().arc, 15.0);
    EXPECT_DOUBLE_EQ(pieces[1].front().arc, 27.0);
    EXPECT_TRUE(clippedLine(pathOf({{-5, 20}, {15, 20}}), kBox).empty());
    EXPECT_TRUE(clippedLine({}, kBox).empty());
}

/// A box's four quarters share a ring out without loss.
TEST(Clip, theQuartersOfABoxAddUp) {
    constexpr std::uint64_t kSeed = 7;
    std::mt19937_64 random(kSeed);
    std::uniform_real_distribution<double> place(-5.0, 15.0);
    for (int round = 0; round < 200; ++round) {
        std::vector<glm::dvec2> points;
        for (int i = 0; i < 9; ++i) {
            points.emplace_back(place(random), place(random));
        }
        const Path ring = pathOf(points);
        double sum = 0.0;
        for (const glm::dvec2 low : {glm::dvec2(0, 0), {5, 0}, {0, 5}, {5, 5}}) {
            sum += signedArea(clippedRing(ring, {low, low + 5.0}));
        }
        EXPECT_NEAR(sum, signedArea(clippedRing(ring, kBox)), 1e-9) << kSeed << ' ' << round;
    }
}

} // namespace
} // namespace viewer::overlay
