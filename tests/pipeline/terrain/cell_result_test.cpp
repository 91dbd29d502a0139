#include "pipeline/terrain/cell_result.h"

#include <gtest/gtest.h>

namespace pipeline::terrain {
namespace {

/// 90 differences of 1 m, 6 of -2 m, 4 of 7.5 m.
RimHistogram hundred() {
    RimHistogram rim;
    for (int i = 0; i < 90; ++i) {
        rim.add(1.0);
    }
    for (int i = 0; i < 6; ++i) {
        rim.add(-2.0);
    }
    for (int i = 0; i < 4; ++i) {
        rim.add(7.5);
    }
    return rim;
}

TEST(RimHistogram, meanIsSignedAndQuantilesAreNot) {
    const RimHistogram rim = hundred();
    EXPECT_EQ(rim.count(), 100U);
    EXPECT_NEAR(rim.mean(), (90.0 - 12.0 + 30.0) / 100.0, 1e-9);
    EXPECT_NEAR(rim.median(), 1.0, 1e-9);
    EXPECT_NEAR(rim.quantile(0.5), 1.0, 1e-9);
    EXPECT_NEAR(rim.quantile(0.9), 1.0, 1e-9);
    EXPECT_NEAR(rim.quantile(0.95), 2.0, 1e-9);
    EXPECT_NEAR(rim.quantile(1.0), 7.5, 1e-9);
    EXPECT_NEAR(rim.largest(), 7.5, 1e-9);
}

TEST(RimHistogram, theLargestMayBeBelow) {
    RimHistogram rim;
    rim.add(0.3);
    rim.add(-0.8);
    EXPECT_NEAR(rim.largest(), 0.8, 1e-9);
    rim.add(hundred());
    EXPECT_EQ(rim.count(), 102U);
    EXPECT_NEAR(rim.largest(), 7.5, 1e-9);
}

TEST(RimHistogram, withoutAnyEverythingIsZero) {
    const RimHistogram rim;
    EXPECT_EQ(rim.count(), 0U);
    EXPECT_EQ(rim.mean(), 0.0);
    EXPECT_EQ(rim.median(), 0.0);
    EXPECT_EQ(rim.quantile(0.95), 0.0);
    EXPECT_EQ(rim.largest(), 0.0);
}

TEST(RimHistogram, stepsAreFiveCentimetres) {
    RimHistogram rim;
    rim.add(0.024);
    EXPECT_EQ(rim.mean(), 0.0);
    rim.add(0.026);
    EXPECT_NEAR(rim.largest(), 0.05, 1e-9);
}

TEST(RimHistogram, passesThroughJson) {
    const auto again = RimHistogram::from(hundred().toJson());
    EXPECT_EQ(again.toJson().dump(), hundred().toJson().dump());
    EXPECT_EQ(again.count(), 100U);
    EXPECT_EQ(RimHistogram::from(tiles3d::base::Json("no array")).count(), 0U);
}

TEST(CellResult, passesThroughJson) {
    CellResult result{.posts = 66'049, .texels = 262'144, .rim = hundred()};
    result.tiles.push_back({.cell = {3, 5, 6},
                            .minimumHeightMetres = -3.25,
                            .maximumHeightMetres = 812.5,
                            .errorMetres = 0.125,
                            .vertices = 4000,
                            .triangles = 9000,
                            .texels = 262'144,
                            .bytes = 71'000});
    result.unreadable.push_back({"dem/a.tif", "its block 7 cannot be decoded"});
    const CellResult again = cellResultFrom(toJson(result));
    EXPECT_EQ(toJson(again).dump(), toJson(result).dump());
    ASSERT_EQ(again.tiles.size(), 1U);
    EXPECT_EQ(again.tiles[0].cell, (Cell{3, 5, 6}));
    EXPECT_EQ(again.tiles[0].errorMetres, 0.125);
    EXPECT_EQ(again.tiles[0].bytes, 71'000U);
    ASSERT_EQ(again.unreadable.size(), 1U);
    EXPECT_EQ(again.unreadable[0].reason, "its block 7 cannot be decoded");
}

TEST(CellResult, whatIsMissingKeepsItsDefault) {
    const CellResult empty = cellResultFrom(tiles3d::base::Json::object());
    EXPECT_TRUE(empty.tiles.empty());
    EXPECT_EQ(empty.posts, 0U);
}

} // namespace
} // namespace pipeline::terrain
