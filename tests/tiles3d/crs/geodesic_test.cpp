#include "tiles3d/crs/geodesic.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace tiles3d::crs {
namespace {

geo::Cartographic placeOf(double lon, double lat, double heightMetres = 0.0) {
    return {geo::Angle::degrees(lon), geo::Angle::degrees(lat), heightMetres};
}

TEST(Geodesic, KnownLengths) {
    // echo "24.48 118.08 24.50 118.12" | geod +ellps=WGS84 -I -F %.4f
    EXPECT_NEAR(
        geodesicMetres(placeOf(118.08, 24.48), placeOf(118.12, 24.50, 900.0)), 4620.2437, 1e-4);
    // echo "40.64 -73.78 1.36 103.99" | geod +ellps=WGS84 -I -F %.4f
    EXPECT_NEAR(geodesicMetres(placeOf(-73.78, 40.64), placeOf(103.99, 1.36)), 15347512.9405, 1e-3);
    EXPECT_EQ(geodesicMetres(placeOf(118.0, 24.0), placeOf(118.0, 24.0)), 0.0);
}

TEST(Geodesic, TheAreaOfAntarctica) {
    // GeographicLib's own example, https://geographiclib.sourceforge.io/html/js/
    constexpr std::array<std::pair<double, double>, 18> kCoast{{{-58, -63.1},
                                                                {-74, -72.9},
                                                                {-102, -71.9},
                                                                {-102, -74.9},
                                                                {-131, -74.3},
                                                                {-163, -77.5},
                                                                {163, -77.4},
                                                                {172, -71.7},
                                                                {140, -65.9},
                                                                {113, -65.7},
                                                                {88, -66.6},
                                                                {59, -66.9},
                                                                {25, -69.8},
                                                                {-4, -70.0},
                                                                {-14, -71.0},
                                                                {-33, -77.3},
                                                                {-46, -77.9},
                                                                {-61, -74.7}}};
    std::vector<geo::Cartographic> ring;
    for (const auto& [lon, lat] : kCoast) {
        ring.push_back(placeOf(lon, lat));
    }
    const GeodesicRing measured = geodesicRing(ring);
    EXPECT_NEAR(std::abs(measured.squareMetres), 13662703680020.1, 1.0);
    EXPECT_NEAR(measured.perimeterMetres, 16831067.893, 0.001);
}

/// Area between two parallels, closed form (Snyder, "Map projections", 1987, eq. 3-12).
double zoneArea(double south, double north, double degreesWide) {
    const double f = 1.0 / geo::kInverseFlattening;
    const double e2 = f * (2.0 - f);
    const double e = std::sqrt(e2);
    const auto q = [&](double lat) {
        const double s = std::sin(geo::Angle::degrees(lat).radians());
        return (1.0 - e2) * (s / (1.0 - e2 * s * s) + std::atanh(e * s) / e);
    };
    return geo::kSemiMajorMetres * geo::kSemiMajorMetres / 2.0 *
           geo::Angle::degrees(degreesWide).radians() * (q(north) - q(south));
}

TEST(Geodesic, TheAreaOfAGridCell) {
    std::vector<geo::Cartographic> ring; // parallels are not geodesics: many short ones
    constexpr int kSteps = 1000;
    for (int i = 0; i <= kSteps; ++i) {
        ring.push_back(placeOf(118.0 + 0.1 * i / kSteps, 24.4));
    }
    for (int i = 0; i <= kSteps; ++i) {
        ring.push_back(placeOf(118.1 - 0.1 * i / kSteps, 24.5));
    }
    const double area = geodesicRing(ring).squareMetres;
    EXPECT_NEAR(area, zoneArea(24.4, 24.5, 0.1), 1.0); // of 112 km2; counter-clockwise
    std::ranges::reverse(ring);
    EXPECT_NEAR(geodesicRing(ring).squareMetres, -area, 1e-3);
}

TEST(Geodesic, RingsWithoutAnInside) {
    EXPECT_EQ(geodesicRing({}).squareMetres, 0.0);
    EXPECT_EQ(geodesicRing({placeOf(118, 24)}).perimeterMetres, 0.0);
    EXPECT_NEAR(geodesicRing({placeOf(118.08, 24.48), placeOf(118.12, 24.50)}).perimeterMetres,
                2.0 * 4620.2437,
                1e-3);
}

} // namespace
} // namespace tiles3d::crs
