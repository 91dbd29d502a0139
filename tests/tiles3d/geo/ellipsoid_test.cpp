#include "tiles3d/geo/ellipsoid.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace tiles3d::geo {
namespace {

constexpr double kNanometre = 1e-9;

Cartographic place(double latitude, double longitude, double heightMetres) {
    return {Angle::degrees(longitude), Angle::degrees(latitude), heightMetres};
}

TEST(Ellipsoid, knownPlaces) {
    struct Case {
        Cartographic place;
        glm::dvec3 ecef;
    };
    // echo "LAT LON HEIGHT" | cs2cs -f %.5f EPSG:4979 EPSG:4978   (PROJ 9.1.1)
    const Case cases[] = {
        {place(24.48, 118.1, 12), {-2735698.51283, 5123508.02967, 2626766.45403}},
        {place(22.5, 113.9, 30), {-2388531.89390, 5390028.57879, 2425668.45913}},
        {place(90, 0, 0), {0.0, 0.0, 6356752.31425}},
        {place(-90, 45, -100), {0.0, 0.0, -6356652.31425}},
        {place(0, 180, 0), {-6378137.0, 0.0, 0.0}},
        {place(0, -90, 9000), {0.0, -6387137.0, 0.0}},
        {place(-33.9, -70.5, 5000), {1770379.06644, -4999396.25812, -3540034.07345}},
        {place(1e-7, 0, 0), {6378137.0, 0.0, 0.01106}},
        {place(45, 179.9999, 1e6), {-5224697.66003, 9.11882, 5194455.19005}},
        {place(89.999999, 12, 10), {0.10925, 0.02322, 6356762.31425}},
        {place(60, 10, 1e7), {8072572.14945, 1423412.27366, 14160731.17178}},
    };
    for (const Case& one : cases) {
        const glm::dvec3 ecef = toEcef(one.place).metres;
        EXPECT_LT(glm::distance(ecef, one.ecef), 1e-5)
            << one.place.latitude.degrees() << " " << one.place.longitude.degrees();
    }
}

TEST(Ellipsoid, thereAndBackAgainWithinANanometre) {
    constexpr unsigned kSeed = 7;
    std::mt19937_64 random(kSeed);
    std::uniform_real_distribution<double> latitude(-90.0, 90.0);
    std::uniform_real_distribution<double> longitude(-180.0, 180.0);
    std::uniform_real_distribution<double> height(-1e4, 1e5);
    for (int round = 0; round < 5000; ++round) {
        const Cartographic start =
            place(latitude(random), longitude(random), height(random) * (round % 2 == 0 ? 1 : 100));
        const Ecef ecef = toEcef(start);
        const Cartographic back = toCartographic(ecef);
        // One unit in the last place of 10,000 km is 2 nm.
        const double rounding = 4e-16 * glm::length(ecef.metres);
        EXPECT_LT(glm::distance(toEcef(back).metres, ecef.metres), kNanometre + 4 * rounding)
            << "seed " << kSeed << " round " << round;
        EXPECT_NEAR(back.heightMetres, start.heightMetres, kNanometre + 4 * rounding);
    }
}

TEST(Ellipsoid, polesAndCentreAreNoDanger) {
    const Cartographic north = toCartographic({{0.0, 0.0, 6356752.0}});
    EXPECT_DOUBLE_EQ(north.latitude.degrees(), 90.0);
    EXPECT_NEAR(north.heightMetres, -0.314245, 1e-6);
    const Cartographic south = toCartographic({{1e-9, 0.0, -6356752.0}});
    EXPECT_NEAR(south.latitude.degrees(), -90.0, 1e-9);
    const Cartographic centre = toCartographic({{0.0, 0.0, 0.0}});
    EXPECT_EQ(centre.latitude.radians(), 0.0);
    EXPECT_EQ(centre.longitude.radians(), 0.0);
    EXPECT_DOUBLE_EQ(centre.heightMetres, -kSemiMajorMetres);
    EXPECT_TRUE(std::isfinite(toCartographic({{1.0, -2.0, 3.0}}).heightMetres));
}

TEST(Ellipsoid, normalPointsAlongGrowingHeight) {
    for (const double latitude : {-90.0, -33.0, 0.0, 24.5, 89.9}) {
        const Cartographic low = place(latitude, 118.1, 0.0);
        const Cartographic high = place(latitude, 118.1, 1000.0);
        const glm::dvec3 rise = (toEcef(high).metres - toEcef(low).metres) / 1000.0;
        EXPECT_LT(glm::distance(surfaceNormal(low), rise), 1e-11) << latitude;
    }
}

} // namespace
} // namespace tiles3d::geo
