#include "viewer/tools/measure.h"

#include "tiles3d/geo/enu_frame.h"

#include <gtest/gtest.h>

#include <cmath>

namespace viewer::tools {
namespace {

using tiles3d::geo::Angle;
using tiles3d::geo::Cartographic;
using tiles3d::geo::EnuFrame;

EnuFrame xiamen() {
    return EnuFrame({.longitude = Angle::degrees(118.08), .latitude = Angle::degrees(24.48)});
}

/// East, north in the tangent plane and a true ellipsoidal height.
Cartographic at(double east, double north, double height) {
    Cartographic place = tiles3d::geo::toCartographic(xiamen().toEcef({{east, north, 0.0}}));
    place.heightMetres = height;
    return place;
}

double eastOf(const Cartographic& place) {
    return xiamen().fromEcef(tiles3d::geo::toEcef(place)).metres.x;
}

TEST(MeasureLine, KnownAnswerAndSlope) {
    const Cartographic a{Angle::degrees(118.08), Angle::degrees(24.48), 10.0};
    const Cartographic b{Angle::degrees(118.12), Angle::degrees(24.50), 110.0};
    const LineMeasure measured = measureLine({a, b});
    // echo "24.48 118.08 24.50 118.12" | geod +ellps=WGS84 -I -F %.4f
    EXPECT_NEAR(measured.horizontalMetres, 4620.2437, 1e-4);
    // The distance of both from
    // printf "24.48 118.08 10\n24.50 118.12 110\n" | cs2cs -f %.4f EPSG:4979 EPSG:4978
    EXPECT_NEAR(measured.straightMetres, 4621.3692, 2e-4);
    EXPECT_DOUBLE_EQ(measured.riseMetres, 100.0);
    EXPECT_NEAR(measured.slope.degrees(), 1.2399, 1e-3);
}

TEST(MeasureLine, upright) {
    const LineMeasure measured = measureLine({at(5, 5, 10), at(5, 5, 35)});
    EXPECT_NEAR(measured.straightMetres, 25.0, 1e-8);
    EXPECT_NEAR(measured.horizontalMetres, 0.0, 1e-8);
    EXPECT_NEAR(measured.slope.degrees(), 90.0, 1e-6);
    EXPECT_EQ(measureLine({at(5, 5, 10)}).straightMetres, 0.0);
    EXPECT_EQ(measureLine({}).riseMetres, 0.0);
}

TEST(MeasureAlongSurface, aHouseAddsItsWalls) {
    const HeightAt house = [](const Cartographic& place) -> std::optional<double> {
        const double east = eastOf(place);
        return east > 40.0 && east < 60.0 ? 30.0 : 0.0;
    };
    const SurfaceMeasure measured =
        measureAlongSurface({at(0, 0, 0), at(100, 0, 0)}, house, {.leastStepMetres = 0.01});
    EXPECT_NEAR(measured.metres, 160.0, 0.5);
    EXPECT_TRUE(measured.isConverged);
    EXPECT_EQ(measured.missing, 0U);
    EXPECT_LE(measured.stepMetres, 2.0);
}

TEST(MeasureAlongSurface, aSlopeIsItsOwnLength) {
    const HeightAt slope = [](const Cartographic& place) {
        return std::optional(0.75 * eastOf(place));
    };
    const SurfaceMeasure measured =
        measureAlongSurface({at(0, 0, 0), at(40, 0, 30), at(80, 0, 60)}, slope);
    EXPECT_NEAR(measured.metres, 100.0, 0.01);
    EXPECT_TRUE(measured.isConverged);
}

TEST(MeasureAlongSurface, missingSamplesAreBridgedAndCounted) {
    const HeightAt hole = [](const Cartographic& place) {
        const double east = eastOf(place);
        return east > 20.0 && east < 30.0 ? std::nullopt : std::optional(0.0);
    };
    const SurfaceMeasure measured = measureAlongSurface({at(0, 0, 0), at(100, 0, 0)}, hole);
    EXPECT_NEAR(measured.metres, 100.0, 0.01);
    EXPECT_NEAR(
        static_cast<double>(measured.missing) / static_cast<double>(measured.samples), 0.1, 0.02);
}

TEST(MeasureAlongSurface, staysWithinItsLimits) {
    std::size_t asked = 0;
    const HeightAt rough = [&asked](const Cartographic&) {
        ++asked;
        return std::optional(asked % 2 == 0 ? 0.0 : 50.0); // never converges
    };
    const SurfaceMeasure measured =
        measureAlongSurface({at(0, 0, 0), at(5000, 0, 0)}, rough, {.maxSamples = 1000});
    EXPECT_FALSE(measured.isConverged);
    EXPECT_LE(measured.samples, 1000U);
    EXPECT_LE(asked, 2000U);
    EXPECT_EQ(measureAlongSurface({}, rough).metres, 0.0);
}

TEST(MeasureArea, aLevelSquare) {
    const AreaMeasure measured =
        measureArea({at(0, 0, 20), at(100, 0, 20), at(100, 100, 20), at(0, 100, 20)});
    EXPECT_NEAR(measured.horizontalSquareMetres, 10000.0, 0.01);
    EXPECT_NEAR(measured.perimeterMetres, 400.0, 1e-3);
    EXPECT_NEAR(measured.planeSquareMetres, 10000.0, 0.1); // 20 m up: 6 ppm more
    EXPECT_NEAR(measured.planeTilt.degrees(), 0.0, 0.01);
    EXPECT_FALSE(measured.crossesItself);
}

TEST(MeasureArea, aFacade) {
    const AreaMeasure measured =
        measureArea({at(0, 0, 0), at(30, 40, 0), at(30, 40, 60), at(0, 0, 60)});
    EXPECT_NEAR(measured.horizontalSquareMetres, 0.0, 0.01);
    EXPECT_NEAR(measured.planeSquareMetres, 3000.0, 0.1);
    EXPECT_NEAR(measured.planeTilt.degrees(), 90.0, 0.01);
    EXPECT_LT(measured.offPlaneMetres, 1e-3);
    EXPECT_NEAR(measured.outlineMetres, 220.0, 0.01);
}

TEST(MeasureArea, crossedOnTheGroundAndOnAFacade) {
    EXPECT_TRUE(
        measureArea({at(0, 0, 0), at(90, 100, 0), at(100, 0, 0), at(0, 100, 0)}).crossesItself);
    EXPECT_TRUE(
        measureArea({at(0, 0, 0), at(30, 40, 55), at(30, 40, 0), at(0, 0, 60)}).crossesItself);
    EXPECT_EQ(measureArea({at(0, 0, 0), at(1, 1, 1)}).perimeterMetres, 0.0);
}

TEST(HeightAboveSurface, isMeasuredStraightDown) {
    const camera::Pick ground = [](const scene::Ray& ray) -> std::optional<glm::dvec3> {
        const double t = (5.0 - ray.origin.z) / ray.direction.z;
        return t > 0.0 ? std::optional(ray.origin + ray.direction * t) : std::nullopt;
    };
    const HeightAt heights = surfaceHeights(ground, xiamen());
    const auto above = heightAboveSurface(at(3, 4, 47.5), heights);
    ASSERT_TRUE(above);
    EXPECT_NEAR(*above, 42.5, 1e-5);
    EXPECT_FALSE(heightAboveSurface(at(3, 4, 1.0), heights));
}

} // namespace
} // namespace viewer::tools
