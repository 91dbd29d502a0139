#include "pipeline/planning/gcj02.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

namespace pipeline::planning {
namespace {

TEST(Gcj02, movesXiamenByWhatPeopleMeasure) {
    // PLANNING.md, 7: +473 to 504 m east, -293 to -336 m north at Xiamen.
    const glm::dvec2 place(118.1, 24.48);
    const glm::dvec2 metres = (toGcj02(place) - place) * glm::dvec2(101'300.0, 110'780.0);
    EXPECT_NEAR(metres.x, 490.0, 20.0);
    EXPECT_NEAR(metres.y, -310.0, 30.0);
}

TEST(Gcj02, inverseIsExact) {
    constexpr double kTenthMillimetreDegrees = 1e-9;
    for (double lon = 75.0; lon < 135.0; lon += 3.7) {
        for (double lat = 18.0; lat < 53.0; lat += 2.9) {
            const glm::dvec2 place(lon, lat);
            EXPECT_LT(glm::distance(fromGcj02(toGcj02(place)), place), kTenthMillimetreDegrees);
        }
    }
}

} // namespace
} // namespace pipeline::planning
