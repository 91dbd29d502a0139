#include "viewer/tools/ring.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <cmath>

namespace viewer::tools {
namespace {

using Ring2 = std::vector<glm::dvec2>;

TEST(Ring, saysWhetherItCrossesItself) {
    EXPECT_FALSE(crossesItself({{0, 0}, {4, 0}, {4, 4}, {0, 4}}));
    EXPECT_FALSE(crossesItself({{0, 0}, {4, 0}, {1, 1}, {0, 4}}));         // a bay
    EXPECT_FALSE(crossesItself({{0, 0}, {2, 0}, {4, 0}, {4, 4}}));         // a point on an edge
    EXPECT_FALSE(crossesItself({{0, 0}, {4, 0}, {4, 0}, {4, 4}, {0, 0}})); // double clicks
    EXPECT_TRUE(crossesItself({{0, 0}, {4, 4}, {4, 0}, {0, 4}}));          // a bow-tie
    EXPECT_TRUE(crossesItself({{0, 0}, {4, 0}, {4, 4}, {2, 0}, {0, 4}}));  // touches an edge
    EXPECT_TRUE(crossesItself({{0, 0}, {4, 0}, {2, 0}, {2, 4}}));          // folds back
    EXPECT_FALSE(crossesItself({}));
    EXPECT_FALSE(crossesItself({{0, 0}, {1, 1}}));
}

TEST(Ring, aFacadeHasItsOwnPlane) {
    const std::vector<glm::dvec3> facade{{0, 0, 10}, {30, 40, 10}, {30, 40, 30}, {0, 0, 30}};
    const RingPlane plane = planeOf(facade);
    EXPECT_NEAR(plane.squareMetres, 50.0 * 20.0, 1e-9);
    EXPECT_NEAR(plane.normal.z, 0.0, 1e-12);
    const Ring2 flat = onPlane(facade, plane);
    EXPECT_NEAR(std::abs(signedArea(flat)), 1000.0, 1e-9);
    EXPECT_NEAR(glm::distance(flat[0], flat[1]), 50.0, 1e-9);
    EXPECT_EQ(planeOf({{1, 2, 3}, {2, 3, 4}, {3, 4, 5}}).squareMetres, 0.0); // on one line
}

} // namespace
} // namespace viewer::tools
