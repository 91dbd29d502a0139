#include "viewer/tools/plane_readout.h"

#include <gtest/gtest.h>

namespace viewer::tools {
namespace {

using tiles3d::geo::Angle;

TEST(PlaneReadout, KnownAnswers) {
    const auto readout = PlaneReadout::create("EPSG:4548");
    ASSERT_TRUE(readout) << readout.error().message;
    const Readout at = readout->at({Angle::degrees(118.09), Angle::degrees(24.48), 30.0});
    ASSERT_TRUE(at.plane);
    // echo "118.09 24.48" | cs2cs -f %.4f +proj=longlat +ellps=GRS80 +to +proj=tmerc +lon_0=117
    //   +x_0=500000 +ellps=GRS80
    EXPECT_NEAR(at.plane->x, 610498.5915, 1e-3);
    EXPECT_NEAR(at.plane->y, 2708889.8431, 1e-3);
    // echo "24.48 118.09 0" | cs2cs -d 4 EPSG:4326+5773 EPSG:4979 -> 10.1608
    ASSERT_TRUE(at.geoidHeightMetres);
    EXPECT_NEAR(*at.geoidHeightMetres, 30.0 - 10.1608, 1e-4);
    EXPECT_EQ(readout->geoidProblem(), "");
}

TEST(PlaneReadout, outsideOfThePlaneIsNothing) {
    const auto readout = PlaneReadout::create("EPSG:4548");
    ASSERT_TRUE(readout);
    EXPECT_FALSE(readout->at({Angle::degrees(-60.0), Angle::degrees(-24.0), 0.0}).plane);
}

TEST(PlaneReadout, withoutPlaneOrGeoid) {
    const auto bare = PlaneReadout::create("", "no-such-grid.gtx");
    ASSERT_TRUE(bare) << bare.error().message;
    const Readout at = bare->at({Angle::degrees(118.09), Angle::degrees(24.48), 30.0});
    EXPECT_FALSE(at.plane);
    EXPECT_FALSE(at.geoidHeightMetres);
    EXPECT_NE(bare->geoidProblem().find("no-such-grid.gtx"), std::string::npos);
    const auto wrong = PlaneReadout::create("EPSG:999999");
    ASSERT_FALSE(wrong);
    EXPECT_NE(wrong.error().message.find("plane CRS"), std::string::npos);
}

} // namespace
} // namespace viewer::tools
