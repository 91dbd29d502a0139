#include "viewer/tools/scale_bar.h"

#include <gtest/gtest.h>

#include <cmath>

namespace viewer::tools {
namespace {

using tiles3d::geo::Angle;

TEST(ScaleBar, isRoundAndFits) {
    EXPECT_EQ(scaleBar(1.0, 120.0).metres, 100.0);
    EXPECT_EQ(scaleBar(1.0, 100.0).metres, 100.0);
    EXPECT_EQ(scaleBar(3.0, 120.0).metres, 200.0);
    EXPECT_EQ(scaleBar(0.01, 120.0).metres, 1.0);
    EXPECT_EQ(scaleBar(0.0004, 120.0).metres, 0.02);
    for (double scale = 1e-4; scale < 1e5; scale *= 1.37) {
        const ScaleBar bar = scaleBar(scale, 150.0);
        EXPECT_LE(bar.pixels, 150.0 + 1e-6);
        EXPECT_GT(bar.pixels, 150.0 / 2.5 - 1e-6);
        EXPECT_NEAR(bar.pixels * scale, bar.metres, 1e-9 * bar.metres);
    }
    EXPECT_EQ(scaleBar(0.0, 100.0).metres, 0.0);
    EXPECT_EQ(scaleBar(std::nan(""), 100.0).pixels, 0.0);
}

TEST(MetresPerPixel, growsWithTheDepth) {
    const camera::CameraAxes axes{.eye = {0, 0, 500}, .direction = {0, 0, -1}, .up = {0, 1, 0}};
    const camera::Lens lens{.heightPixels = 1000.0};
    const double tangent = std::tan(lens.verticalFovRadians / 2.0);
    EXPECT_NEAR(metresPerPixelAt({300, 20, 0}, axes, lens), tangent, 1e-12);
    EXPECT_EQ(metresPerPixelAt({0, 0, 600}, axes, lens), 0.0);
}

TEST(NeedleAngle, turnsAgainstTheHeading) {
    EXPECT_NEAR(needleAngle(Angle::degrees(90.0)).degrees(), 270.0, 1e-9);
    EXPECT_NEAR(needleAngle(Angle::degrees(-30.0)).degrees(), 30.0, 1e-9);
    EXPECT_NEAR(needleAngle(Angle::degrees(0.0)).degrees(), 0.0, 1e-9);
}

} // namespace
} // namespace viewer::tools
