#include "pipeline/planning/geometry_ops.h"

#include <gtest/gtest.h>

#include <limits>

namespace pipeline::planning {
namespace {

Geometry square(double west, double south, double side) {
    return {.polygons = {{.outer = {{west, south},
                                    {west + side, south},
                                    {west + side, south + side},
                                    {west, south + side}}}}};
}

TEST(GeometryOps, MeasuresInThePlane) {
    Geometry ring = square(0, 0, 10);
    ring.polygons[0].holes.push_back({{4, 4}, {4, 6}, {6, 6}, {6, 4}});
    ring.lines = {{{0, 0}, {3, 4}}};
    EXPECT_EQ(squareMetresOf(ring), 96.0);
    EXPECT_EQ(perimeterMetresOf(ring), 48.0);
    EXPECT_EQ(lineMetresOf(ring), 5.0);
    EXPECT_EQ(boundsOf(ring).high, glm::dvec2(10, 10));
    EXPECT_TRUE(boundsOf({}).isEmpty());
}

TEST(GeometryOps, AreasFarFromTheOriginKeepTheirDigits) {
    EXPECT_NEAR(squareMetresOf(square(39600000.0, 2700000.0, 0.01)), 1e-4, 1e-9);
}

TEST(GeometryOps, OverlaysKeepHolesAndKinds) {
    Geometry ring = square(0, 0, 10);
    ring.polygons[0].holes.push_back({{4, 4}, {4, 6}, {6, 6}, {6, 4}});
    const auto inside = intersection(ring, square(2, 2, 6));
    ASSERT_TRUE(inside);
    ASSERT_EQ(inside->polygons.size(), 1U);
    EXPECT_EQ(inside->polygons[0].holes.size(), 1U);
    EXPECT_NEAR(squareMetresOf(*inside), 32.0, 1e-12);
    const auto outside = difference(ring, square(2, 2, 6));
    ASSERT_TRUE(outside);
    EXPECT_NEAR(squareMetresOf(*outside), 64.0, 1e-12);

    const Geometry mixed{.lines = {{{-5, 5}, {15, 5}}}, .points = {{5, 5}, {20, 20}}};
    const auto part = intersection(mixed, square(0, 0, 10));
    ASSERT_TRUE(part);
    EXPECT_EQ(lineMetresOf(*part), 10.0);
    EXPECT_EQ(part->points.size(), 1U);

    EXPECT_TRUE(intersection(square(10, 0, 5), square(0, 0, 10))->isEmpty());
    EXPECT_TRUE(intersection({}, square(0, 0, 10))->isEmpty());
    EXPECT_TRUE(intersection(square(0, 0, 10), {})->isEmpty());
    EXPECT_EQ(squareMetresOf(*difference(square(0, 0, 10), {})), 100.0);
}

TEST(GeometryOps, FlawsAreNamedAndRepaired) {
    Geometry bow = square(0, 0, 10);
    std::swap(bow.polygons[0].outer[2], bow.polygons[0].outer[3]);
    const auto flaw = checkValid(bow);
    ASSERT_FALSE(flaw);
    EXPECT_EQ(flaw.error().message, "Self-intersection at 5.00 5.00");
    const auto repaired = madeValid(bow);
    ASSERT_TRUE(repaired);
    EXPECT_TRUE(checkValid(*repaired));
    EXPECT_NEAR(squareMetresOf(*repaired), 50.0, 1e-12);
    EXPECT_TRUE(checkValid(square(0, 0, 10)));
    EXPECT_TRUE(checkValid({}));
}

TEST(GeometryOps, RepairMergesPartsThatOverlap) {
    Geometry parts = square(0, 0, 10);
    parts.polygons.push_back(square(5, 0, 10).polygons[0]);
    ASSERT_FALSE(checkValid(parts));
    const auto repaired = madeValid(parts);
    ASSERT_TRUE(repaired);
    EXPECT_TRUE(checkValid(*repaired));
    EXPECT_NEAR(squareMetresOf(*repaired), 150.0, 1e-12); // no hole where both are
    EXPECT_EQ(repaired->polygons.size(), 1U);
}

TEST(GeometryOps, WhatIsNotFiniteFails) {
    Geometry broken = square(0, 0, 10);
    broken.polygons[0].outer[1].y = std::numeric_limits<double>::quiet_NaN();
    EXPECT_FALSE(checkValid(broken));
    EXPECT_FALSE(madeValid(broken));
    EXPECT_FALSE(intersection(broken, square(0, 0, 1)));
    EXPECT_FALSE(intersection(square(0, 0, 1), broken));
    EXPECT_FALSE(unionOf({broken}));
    EXPECT_FALSE(shortestWay(broken, square(0, 0, 1)));
}

TEST(GeometryOps, RingsWithoutAnInsideAreLeftOut) {
    const Geometry thin{.polygons = {{.outer = {{0, 0}, {1, 1}}}}, .lines = {{{0, 0}}}};
    EXPECT_TRUE(checkValid(thin));
    EXPECT_TRUE(intersection(thin, square(0, 0, 10))->isEmpty());
}

TEST(GeometryOps, UnionCountsEachPlaceOnce) {
    const auto united = unionOf({square(0, 0, 10), square(5, 0, 10), square(50, 0, 1)});
    ASSERT_TRUE(united);
    EXPECT_EQ(united->polygons.size(), 2U);
    EXPECT_NEAR(squareMetresOf(*united), 151.0, 1e-12);
    EXPECT_TRUE(unionOf({})->isEmpty());
}

TEST(GeometryOps, ShortestWaysGoFromBorderToBorder) {
    const auto way = shortestWay(square(0, 0, 10), {.points = {{13, 14}}});
    ASSERT_TRUE(way);
    EXPECT_EQ(way->metres, 5.0);
    EXPECT_EQ(way->from, glm::dvec2(10, 10));
    EXPECT_EQ(way->to, glm::dvec2(13, 14));
    EXPECT_EQ(shortestWay(square(0, 0, 10), square(5, 5, 1))->metres, 0.0);
    EXPECT_FALSE(shortestWay(square(0, 0, 10), {}));
}

TEST(GeometryOps, LinesAlongABorderDoNotRunInside) {
    const auto runs = [](const std::vector<glm::dvec2>& line) {
        return *runsInside({.lines = {line}}, square(0, 0, 10));
    };
    EXPECT_TRUE(runs({{-1, 5}, {5, 5}}));
    EXPECT_FALSE(runs({{0, 0}, {10, 0}}));
    EXPECT_FALSE(runs({{-1, 5}, {0, 5}}));
}

} // namespace
} // namespace pipeline::planning
