#include "tiles3d/select/view_frustum.h"

#include "tests/tiles3d/select/tree_fixture.h"

#include <gtest/gtest.h>

#include <numbers>

namespace tiles3d::select {
namespace {

constexpr double kHalfRight = std::numbers::pi / 4.0;

/// 1 m around a place; the view looks down from 1 km, 45 degrees to each side.
double angleOutsideOf(double x, double y, double z) {
    const ViewFrustum frustum(viewFromAbove(0, 0, 1000));
    return frustum.angleOutside(tileset::Sphere{{x, y, z}, 1.0});
}

TEST(ViewFrustum, angleOutsideIsTheTurnToTheEdge) {
    EXPECT_EQ(angleOutsideOf(0, 0, 0), 0.0);
    EXPECT_EQ(angleOutsideOf(1000, 0, 0), 0.0) << "on the edge";
    EXPECT_NEAR(angleOutsideOf(1000, 0, 1000), kHalfRight, 0.002) << "level with the eye";
    EXPECT_NEAR(angleOutsideOf(0, -5000, 1000), kHalfRight, 0.002);
    EXPECT_NEAR(angleOutsideOf(0, 0, 3000), 2.0 * kHalfRight, 0.05) << "behind, at most that";
    EXPECT_EQ(angleOutsideOf(0, 0, 1000), 0.0) << "round the eye";
}

TEST(ViewFrustum, distanceGoesWithTheError) {
    const SelectionTree tree(tilesetOf(squareTile(0, 0, 100, 8, "root.glb")), "");
    const ViewFrustum frustum(viewFromAbove(0, 0, 1010)); // the box is 10 m high
    EXPECT_DOUBLE_EQ(frustum.distanceTo(tree.nodes()[0]), 1000.0);
    EXPECT_DOUBLE_EQ(frustum.screenSpaceErrorPixels(tree.nodes()[0]), 4.0);
}

} // namespace
} // namespace tiles3d::select
