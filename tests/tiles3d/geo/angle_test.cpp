#include "tiles3d/geo/angle.h"

#include <gtest/gtest.h>

namespace tiles3d::geo {
namespace {

TEST(Angle, saysItsUnitAtBothDoors) {
    EXPECT_DOUBLE_EQ(Angle::degrees(180.0).radians(), 3.14159265358979323846);
    EXPECT_DOUBLE_EQ(Angle::radians(1.0).degrees(), 57.295779513082320877);
    EXPECT_EQ(Angle().radians(), 0.0);
    EXPECT_LT(Angle::degrees(-1.0), Angle::degrees(1.0));
    EXPECT_EQ(Angle::degrees(22.5), Angle::degrees(22.5));
}

} // namespace
} // namespace tiles3d::geo
