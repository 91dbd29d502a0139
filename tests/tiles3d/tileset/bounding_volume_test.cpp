#include "tiles3d/tileset/bounding_volume.h"

#include "tiles3d/geo/ellipsoid.h"

#include <glm/geometric.hpp>
#include <glm/gtc/matrix_transform.hpp>
#include <gtest/gtest.h>

#include <numbers>
#include <random>

namespace tiles3d::tileset {
namespace {

using geo::Angle;

Region regionOf(double west, double south, double east, double north) {
    return {Angle::degrees(west),
            Angle::degrees(south),
            Angle::degrees(east),
            Angle::degrees(north),
            -10.0,
            150.0};
}

glm::dvec3 ecef(double lon, double lat, double heightMetres) {
    return geo::toEcef({Angle::degrees(lon), Angle::degrees(lat), heightMetres}).metres;
}

TEST(BoundingVolume, boxAroundLimitsIsNeverFlat) {
    Limits limits;
    EXPECT_TRUE(limits.isEmpty());
    limits.include({1, 2, 3});
    limits.include({5, 2, 3});
    const Box box = boxAround(limits);
    EXPECT_EQ(box.centre, glm::dvec3(3, 2, 3));
    EXPECT_EQ(box.halfAxes[0], glm::dvec3(2, 0, 0));
    EXPECT_EQ(box.halfAxes[2], glm::dvec3(0, 0, kFlatBoxHalfMetres));
    limits.include(Limits{});
    EXPECT_EQ(limits.maximum.x, 5.0) << "nothing adds nothing";
}

TEST(BoundingVolume, transformMovesBoxesAndGrowsSpheres) {
    const glm::dmat4 transform =
        glm::translate(glm::dmat4(1.0), glm::dvec3(10, 0, 0)) *
        glm::rotate(glm::dmat4(1.0), std::numbers::pi / 2.0, glm::dvec3(0, 0, 1)) *
        glm::scale(glm::dmat4(1.0), glm::dvec3(1, 3, 2));
    const BoundingVolume box = Box{glm::dvec3(1, 0, 0), glm::dmat3(1.0)};
    const Box moved = std::get<Box>(transformed(box, transform));
    EXPECT_LT(glm::distance(moved.centre, glm::dvec3(10, 1, 0)), 1e-12);
    EXPECT_LT(glm::distance(moved.halfAxes[1], glm::dvec3(-3, 0, 0)), 1e-12);
    const BoundingVolume sphere = Sphere{glm::dvec3(0.0), 2.0};
    EXPECT_DOUBLE_EQ(std::get<Sphere>(transformed(sphere, transform)).radiusMetres, 6.0);
    const Limits limits = limitsOf(std::get<Box>(box), transform);
    EXPECT_LT(glm::distance(limits.minimum, glm::dvec3(7, 0, -2)), 1e-12);
    EXPECT_LT(glm::distance(limits.maximum, glm::dvec3(13, 2, 2)), 1e-12);
}

TEST(BoundingVolume, distanceIsToTheNearestPoint) {
    const BoundingVolume box = Box{glm::dvec3(1, 1, 1), glm::dmat3(2, 0, 0, 0, 3, 0, 0, 0, 4)};
    EXPECT_EQ(distanceTo(box, {1, 1, 1}), 0.0);
    EXPECT_EQ(distanceTo(box, {3, 4, 5}), 0.0) << "a corner";
    EXPECT_DOUBLE_EQ(distanceTo(box, {4, 1, 1}), 1.0);
    EXPECT_DOUBLE_EQ(distanceTo(box, {6, 8, 5}), 5.0) << "an edge: 3 and 4";
    const BoundingVolume sphere = Sphere{glm::dvec3(0, 0, 5), 2.0};
    EXPECT_EQ(distanceTo(sphere, {0, 0, 6}), 0.0);
    EXPECT_DOUBLE_EQ(distanceTo(sphere, {0, 0, -5}), 8.0);
}

TEST(BoundingVolume, regionExcessIsGeographic) {
    const BoundingVolume region = regionOf(118.0, 24.4, 118.2, 24.6);
    EXPECT_EQ(excess(region, ecef(118.1, 24.5, 0)), 0.0);
    EXPECT_NEAR(excess(region, ecef(118.1, 24.5, 250)), 100.0, 1e-6);
    EXPECT_NEAR(excess(region, ecef(118.1, 24.5, -30)), 20.0, 1e-6);
    EXPECT_NEAR(excess(region, ecef(118.1, 24.61, 0)), 1113.0, 2.0);
    const BoundingVolume dateLine = regionOf(179.0, -1.0, -179.0, 1.0);
    EXPECT_EQ(excess(dateLine, ecef(-179.5, 0, 0)), 0.0);
    EXPECT_GT(excess(dateLine, ecef(178.0, 0, 0)), 100'000.0);
    const BoundingVolume globe = regionOf(-180.0, -90.0, 180.0, 90.0);
    for (const double longitude : {-180.0, -1.0, 0.0, 77.0, 180.0}) {
        EXPECT_EQ(excess(globe, ecef(longitude, 10.0, 0)), 0.0) << longitude;
    }
}

TEST(BoundingVolume, boxAroundRegionHoldsIt) {
    constexpr unsigned kSeed = 5;
    std::mt19937 random(kSeed);
    std::uniform_real_distribution<double> part(0.0, 1.0);
    for (const Region& region : {regionOf(118.0, 24.4, 118.2, 24.6),
                                 regionOf(179.0, -1.0, -179.0, 1.0),
                                 regionOf(10, 80, 50, 90),
                                 regionOf(-180, -90, 180, 90),
                                 regionOf(70, 15, 135, 55),
                                 regionOf(118, 24, 118, 24)}) {
        const Box box = boxAround(region);
        double width = region.east.degrees() - region.west.degrees();
        width += width < 0.0 ? 360.0 : 0.0;
        const double height = region.north.degrees() - region.south.degrees();
        for (int round = 0; round < 500; ++round) {
            const glm::dvec3 point = ecef(region.west.degrees() + part(random) * width,
                                          region.south.degrees() + part(random) * height,
                                          -10.0 + part(random) * 160.0);
            ASSERT_LT(excess(box, point), 1e-6)
                << region.west.degrees() << " seed " << kSeed << " round " << round;
        }
    }
    const Box city = boxAround(regionOf(118.0, 24.4, 118.2, 24.6));
    EXPECT_LT(glm::length(city.halfAxes[0]), 10'150 + 20) << "0.1 degrees are 10.15 km";
    EXPECT_LT(glm::length(city.halfAxes[2]), 80 + 20 + 20) << "160 m and the Earth's curve";
}

} // namespace
} // namespace tiles3d::tileset
