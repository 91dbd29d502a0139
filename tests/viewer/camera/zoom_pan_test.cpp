#include "viewer/camera/zoom_pan.h"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using viewer::camera::ZoomPan;

TEST(ZoomPan, isExactAtBothEnds) {
    for (const double travel : {0.0, 1.0, 500.0, 40000.0}) {
        for (const double end : {10.0, 300.0, 100000.0}) {
            const ZoomPan way(300.0, end, travel);
            EXPECT_EQ(way.at(0.0).width, 300.0);
            EXPECT_EQ(way.at(1.0).width, end);
            EXPECT_EQ(way.at(1.0).travelled, travel);
            EXPECT_NEAR(way.at(1.0 - 1e-12).width / end, 1.0, 1e-8);
            EXPECT_NEAR(way.at(1.0 - 1e-12).travelled, travel, 1e-7 * (travel + 1.0));
        }
    }
}

TEST(ZoomPan, aPureZoomIsEvenInTheLogarithm) {
    const ZoomPan way(100.0, 400.0, 0.0);
    EXPECT_NEAR(way.at(0.5).width, 200.0, 1e-9);
    EXPECT_NEAR(way.length(), std::log(4.0) / 1.4, 1e-12);
}

TEST(ZoomPan, aLongWayRisesAndAShortOneHardly) {
    EXPECT_GT(ZoomPan(300.0, 300.0, 30000.0).at(0.5).width, 20000.0);
    EXPECT_LT(ZoomPan(300.0, 300.0, 30.0).at(0.5).width, 305.0);
}

/// The paper's metric: rho^2 (du/ds)^2 + (dw/ds)^2 / rho^2 = w^2 everywhere, in its s.
TEST(ZoomPan, passesAtAnEvenPace) {
    const ZoomPan way(200.0, 3000.0, 9000.0);
    constexpr double kRho = 1.4;
    constexpr double kStep = 1e-5;
    for (double part = 0.05; part < 1.0; part += 0.1) {
        const ZoomPan::State a = way.at(part - kStep);
        const ZoomPan::State b = way.at(part + kStep);
        const double s = 2.0 * kStep * way.length();
        const double du = (b.travelled - a.travelled) / s;
        const double dw = (b.width - a.width) / s;
        const double w = way.at(part).width;
        EXPECT_NEAR((kRho * kRho * du * du + dw * dw / (kRho * kRho)) / (w * w), 1.0, 1e-5);
    }
}

} // namespace
