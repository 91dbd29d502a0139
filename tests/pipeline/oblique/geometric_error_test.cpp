#include "pipeline/oblique/geometric_error.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace pipeline::oblique {
namespace {

using Mode = sources::SwitchRange::Mode;

TEST(GeometricError, isThirtyTwoRadiiOverTheRange) {
    // Production_5, L14: radius / range = 2 m, hence 4 metres per pixel and an error of 64 m.
    const sources::SwitchRange range{Mode::PixelSizeOnScreen, 37.5, 75.0};
    EXPECT_DOUBLE_EQ(*handoverMetresPerPixel(range), 4.0);
    EXPECT_DOUBLE_EQ(*geometricErrorMetres(range), 64.0);
}

TEST(GeometricError, ofADistanceIsSeenAt1080PixelsAnd60Degrees) {
    // 16 D / f with f = 540 / tan(30 deg) = 935.3 pixels.
    const sources::SwitchRange range{Mode::DistanceFromEyePoint, 1000.0, 0.0};
    EXPECT_NEAR(*geometricErrorMetres(range), 16.0 * 1000.0 * std::tan(M_PI / 6.0) / 540.0, 1e-9);
    EXPECT_NEAR(*geometricErrorMetres(range), 17.106, 0.001);
}

TEST(GeometricError, fallsWhereTheRangeGrows) {
    double last = std::numeric_limits<double>::infinity();
    for (double pixels = 1.0; pixels < 1e6; pixels *= 1.7) {
        const double error = *geometricErrorMetres({Mode::PixelSizeOnScreen, pixels, 40.0});
        EXPECT_LT(error, last);
        last = error;
    }
}

TEST(GeometricError, isUnknownWhereTheRangeSaysNothing) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const double value : {0.0, -1.0, 1e29, 1e30, nan, HUGE_VAL}) {
        EXPECT_FALSE(geometricErrorMetres({Mode::PixelSizeOnScreen, value, 75.0})) << value;
        EXPECT_FALSE(geometricErrorMetres({Mode::DistanceFromEyePoint, value, 75.0})) << value;
        EXPECT_FALSE(geometricErrorMetres({Mode::PixelSizeOnScreen, 300.0, value})) << value;
    }
}

} // namespace
} // namespace pipeline::oblique
