#include "viewer/tools/ring.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <cmath>

namespace viewer::tools {
namespace {

using Ring2 = std::vector<glm::dvec2>;

TEST(Ring, theAreaKeepsItsDigitsFarFromTheOrigin) {
    const glm::dvec2 far{500000.0, 2700000.0};
    EXPECT_DOUBLE_EQ(signedArea({far, far + glm::dvec2(0.5, 0.0), far + glm::dvec2(0.5, 0.25)}),
                     0.0625);
    EXPECT_DOUBLE_EQ(signedArea({{0, 0}, {0, 2}, {2, 2}, {2, 0}}), -4.0);
    EXPECT_EQ(signedArea({{1, 1}, {2, 2}}), 0.0);
    EXPECT_DOUBLE_EQ(perimeter({{0, 0}, {3, 0}, {3, 4}}), 12.0);
}

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

TEST(Ring, neighboursShareNoPointOfTheirBorder) {
    const Ring2 west{{0, 0}, {1, 0.1}, {1.3, 0.9}, {0, 1}};
    const Ring2 east{{1, 0.1}, {2, 0}, {2, 1}, {1.3, 0.9}};
    for (double t = 0.01; t < 1.0; t += 0.01) {
        const glm::dvec2 border = glm::dvec2(1, 0.1) + t * glm::dvec2(0.3, 0.8);
        EXPECT_NE(isInside(border, west), isInside(border, east)) << t;
    }
    EXPECT_TRUE(isInside({0.5, 0.5}, west));
    EXPECT_FALSE(isInside({-0.5, 0.5}, west));
}

TEST(Ring, theDistanceToASegmentEndsAtItsEnds) {
    EXPECT_DOUBLE_EQ(distanceToSegment({1, 3}, {0, 0}, {4, 0}), 3.0);
    EXPECT_DOUBLE_EQ(distanceToSegment({7, 4}, {0, 0}, {4, 0}), 5.0);
    EXPECT_DOUBLE_EQ(distanceToSegment({3, 4}, {0, 0}, {0, 0}), 5.0);
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
