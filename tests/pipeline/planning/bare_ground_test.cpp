#include "pipeline/planning/bare_ground.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace pipeline::planning {
namespace {

constexpr std::size_t kAcross = 100;

HeightCells slope(double cellMetres) {
    HeightCells cells{.columns = kAcross, .cellMetres = cellMetres};
    for (std::size_t i = 0; i < kAcross * kAcross; ++i) {
        cells.heights.push_back(static_cast<float>(i % kAcross) * 0.25F);
    }
    return cells;
}

float& at(HeightCells& cells, std::size_t column, std::size_t row) {
    return cells.heights[row * cells.columns + column];
}

TEST(BareGround, slopesStayAndRoofsGo) {
    const HeightCells bare = slope(4.0);
    HeightCells built = bare;
    for (std::size_t row = 40; row < 53; ++row) { // 52 m across
        for (std::size_t column = 40; column < 53; ++column) {
            at(built, column, row) += 30.0F;
        }
    }
    const std::vector<float> ground = bareGround(built);
    constexpr float kRise = 14 * 0.25F; // the slope's over what the filter looks across
    for (std::size_t i = 0; i < ground.size(); ++i) {
        ASSERT_NEAR(ground[i], bare.heights[i], kRise) << i;
    }
    const std::vector<float> same = bareGround(bare);
    for (std::size_t i = 0; i < same.size(); ++i) {
        const bool isRim = i % kAcross + 7 >= kAcross;
        EXPECT_TRUE(isRim || same[i] == bare.heights[i]) << i;
    }
}

TEST(BareGround, whatIsWiderStays) {
    HeightCells cells = slope(4.0);
    for (std::size_t row = 40; row < 60; ++row) { // 80 m
        for (std::size_t column = 40; column < 60; ++column) {
            at(cells, column, row) += 30.0F;
        }
    }
    EXPECT_GT(bareGround(cells)[50 * kAcross + 50], 40.0F);
}

TEST(BareGround, holesAreFilledFromAroundAndNothingComesOfNothing) {
    HeightCells cells = slope(4.0);
    at(cells, 50, 50) = std::numeric_limits<float>::quiet_NaN();
    EXPECT_NEAR(bareGround(cells)[50 * kAcross + 50], 12.5F, 0.5F);
    cells.heights.assign(cells.heights.size(), std::numeric_limits<float>::quiet_NaN());
    EXPECT_TRUE(std::isnan(bareGround(cells).front()));
}

} // namespace
} // namespace pipeline::planning
