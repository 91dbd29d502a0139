#include "pipeline/sample/noise.h"

#include "pipeline/sample/landform.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pipeline::sample {
namespace {

TEST(Noise, isTheSameEverywhereAndDiffersBySeed) {
    EXPECT_EQ(hashOf(1, 2, 3, 4), hashOf(1, 2, 3, 4));
    EXPECT_NE(hashOf(1, 2, 3, 4), hashOf(2, 2, 3, 4));
    EXPECT_NE(hashOf(1, 2, 3), hashOf(1, 3, 2));
}

TEST(Noise, fillsItsRangeEvenly) {
    int low = 0;
    constexpr int kCount = 4000;
    for (int i = 0; i < kCount; ++i) {
        const double value = unitOf(hashOf(7, i));
        EXPECT_TRUE(value >= 0.0 && value < 1.0);
        low += value < 0.25 ? 1 : 0;
        const double picked = pick(hashOf(7, i), 3, -2.0, 5.0);
        EXPECT_TRUE(picked >= -2.0 && picked < 5.0);
    }
    EXPECT_NEAR(low, kCount / 4, 120); // four standard deviations
}

TEST(Noise, smoothNoiseHasNoSteps) {
    for (int i = -500; i < 500; ++i) {
        const double x = 0.013 * i;
        const double here = fractalNoise(5, x, 1.7, 4);
        EXPECT_TRUE(here >= 0.0 && here <= 1.0);
        EXPECT_LT(std::abs(fractalNoise(5, x + 1e-4, 1.7, 4) - here), 0.01);
    }
}

TEST(Noise, smoothStepEndsFlat) {
    EXPECT_EQ(smoothStep(2.0, 4.0, 1.0), 0.0);
    EXPECT_EQ(smoothStep(2.0, 4.0, 5.0), 1.0);
    EXPECT_DOUBLE_EQ(smoothStep(2.0, 4.0, 3.0), 0.5);
}

TEST(Landform, theSeaIsFlatAndTheHomeHillIsNot) {
    for (const std::uint64_t seed : {1U, 2U, 99U}) {
        const Landform land(seed);
        for (double east = -200.0; east < 1200.0; east += 61.0) {
            const double shore = land.shoreNorthing(east);
            EXPECT_EQ(land.height({east, shore - 50.0}), 0.0);
            EXPECT_LT(land.inland({east, shore - 50.0}), 0.0);
            EXPECT_GT(land.inland({east, shore + 50.0}), 0.0);
        }
        EXPECT_GT(land.height(kHomeHill), 10.0) << "seed " << seed;
    }
}

} // namespace
} // namespace pipeline::sample
