#include "pipeline/planning/plane_ring.h"

#include <gtest/gtest.h>

namespace pipeline::planning {
namespace {

using Ring2 = std::vector<glm::dvec2>;

TEST(PlaneRing, theAreaKeepsItsDigitsFarFromTheOrigin) {
    const glm::dvec2 far{500000.0, 2700000.0};
    EXPECT_DOUBLE_EQ(signedArea({far, far + glm::dvec2(0.5, 0.0), far + glm::dvec2(0.5, 0.25)}),
                     0.0625);
    EXPECT_DOUBLE_EQ(signedArea({{0, 0}, {0, 2}, {2, 2}, {2, 0}}), -4.0);
    EXPECT_EQ(signedArea({{1, 1}, {2, 2}}), 0.0);
    EXPECT_DOUBLE_EQ(perimeter({{0, 0}, {3, 0}, {3, 4}}), 12.0);
}

TEST(PlaneRing, neighboursShareNoPointOfTheirBorder) {
    const Ring2 west{{0, 0}, {1, 0.1}, {1.3, 0.9}, {0, 1}};
    const Ring2 east{{1, 0.1}, {2, 0}, {2, 1}, {1.3, 0.9}};
    for (double t = 0.01; t < 1.0; t += 0.01) {
        const glm::dvec2 border = glm::dvec2(1, 0.1) + t * glm::dvec2(0.3, 0.8);
        EXPECT_NE(isInside(border, west), isInside(border, east)) << t;
    }
    EXPECT_TRUE(isInside({0.5, 0.5}, west));
    EXPECT_FALSE(isInside({-0.5, 0.5}, west));
}

TEST(PlaneRing, theDistanceToASegmentEndsAtItsEnds) {
    EXPECT_DOUBLE_EQ(distanceToSegment({1, 3}, {0, 0}, {4, 0}), 3.0);
    EXPECT_DOUBLE_EQ(distanceToSegment({7, 4}, {0, 0}, {4, 0}), 5.0);
    EXPECT_DOUBLE_EQ(distanceToSegment({3, 4}, {0, 0}, {0, 0}), 5.0);
}

} // namespace
} // namespace pipeline::planning
