#include "viewer/scene/sun_position.h"

#include "viewer/scene/sky_light.h"

#include <gtest/gtest.h>

#include <chrono>

namespace {

using namespace std::chrono;
using tiles3d::geo::Angle;
using tiles3d::geo::Cartographic;
using viewer::scene::SunPosition;
using viewer::scene::sunPosition;

constexpr double kToleranceDegrees = 0.05;

sys_seconds at(year_month_day day, seconds sinceMidnight) {
    return sys_days(day) + sinceMidnight;
}

Cartographic place(double longitude, double latitude) {
    return {Angle::degrees(longitude), Angle::degrees(latitude), 0.0};
}

// Reda and Andreas, "Solar position algorithm for solar radiation applications" (NREL/TP-560-34302,
// 2008), table A5.1: zenith 50.11162 degrees seen from 1830 m; refraction there lifts by 0.016.
TEST(SunPosition, agreesWithTheSolarPositionAlgorithm) {
    const SunPosition sun =
        sunPosition(at(2003y / October / 17, 19h + 30min + 30s), place(-105.1786, 39.742476));
    EXPECT_NEAR(sun.azimuth.degrees(), 194.34024, kToleranceDegrees);
    EXPECT_NEAR(sun.elevation.degrees(), 90.0 - 50.11162, kToleranceDegrees);
}

// Meeus, "Astronomical Algorithms" (2nd edition, 1998), example 25.a: 1992 October 13, 0 h; the
// sun's declination is what its elevation is at the pole.
TEST(SunPosition, agreesWithMeeus) {
    const SunPosition sun = sunPosition(at(1992y / October / 13, 0s), place(0.0, 90.0));
    EXPECT_NEAR(sun.elevation.degrees(), -7.78507, kToleranceDegrees);
}

TEST(SunPosition, goesRoundInADay) {
    const auto morning = sunPosition(at(2026y / June / 21, 0h), place(118.1, 24.48));
    const auto evening = sunPosition(at(2026y / June / 21, 9h), place(118.1, 24.48));
    const auto night = sunPosition(at(2026y / June / 21, 16h), place(118.1, 24.48));
    EXPECT_LT(morning.azimuth.degrees(), 90.0);
    EXPECT_GT(evening.azimuth.degrees(), 270.0);
    EXPECT_LT(night.elevation.degrees(), -30.0);
}

TEST(SkyLight, pointsToTheSunAndDimsAtNight) {
    const auto noon = viewer::scene::skyLightOf({Angle::degrees(180.0), Angle::degrees(60.0)});
    EXPECT_NEAR(noon.toSun.x(), 0.0, 1e-6);
    EXPECT_NEAR(noon.toSun.y(), -0.5, 1e-6);
    EXPECT_NEAR(noon.toSun.length(), 1.0, 1e-6);
    const auto night = viewer::scene::skyLightOf({Angle::degrees(0.0), Angle::degrees(-60.0)});
    EXPECT_EQ(night.sunLight.length(), 0.0F);
    EXPECT_LT(night.horizon.length(), 0.3F * noon.horizon.length());
    EXPECT_GT(night.skyLight.x(), 0.3F); // readable
}

} // namespace
