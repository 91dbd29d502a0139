#include "viewer/camera/spline_way.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

namespace {

using tiles3d::geo::Angle;
using tiles3d::geo::Cartographic;
using tiles3d::geo::toEcef;
using viewer::camera::SplineWay;

Cartographic place(double lon, double lat, double height) {
    return {
        .longitude = Angle::degrees(lon), .latitude = Angle::degrees(lat), .heightMetres = height};
}

TEST(SplineWay, passesEveryPlace) {
    const std::vector<Cartographic> places = {place(118.0, 24.4, 300.0),
                                              place(118.01, 24.4, 100.0),
                                              place(118.01, 24.4, 100.0),
                                              place(118.3, 24.6, 900.0)};
    const SplineWay way(places);
    for (std::size_t i = 0; i < places.size(); ++i) {
        const glm::dvec3 there = toEcef(way.at(way.metresTo(i))).metres;
        EXPECT_LT(glm::distance(there, toEcef(places[i]).metres), 1e-6) << i;
    }
    EXPECT_EQ(way.metresTo(1), way.metresTo(2));
    EXPECT_EQ(SplineWay({places[0]}).at(5.0).heightMetres, 300.0);
}

TEST(SplineWay, staysAtTheHeightOfFarPlaces) {
    const SplineWay way({place(118.0, 24.4, 50.0), place(118.8, 24.4, 50.0)}); // 81 km
    for (double part = 0.0; part <= 1.0; part += 0.1) {
        // The chord passes 129 m below the middle.
        EXPECT_NEAR(way.at(part * way.metresTo(1)).heightMetres, 50.0, 1e-6);
    }
    // echo "24.4 118.0 24.4 118.8" | geod +ellps=WGS84 -I -f %.3f -F %.3f -> 81147.727, on the
    // ellipsoid
    EXPECT_NEAR(way.metresTo(1), 81147.727 * (1.0 + 50.0 / 6378137.0), 0.5);
}

TEST(SplineWay, metresAreEven) {
    const SplineWay way({place(118.0, 24.4, 300.0),
                         place(118.001, 24.401, 250.0),
                         place(118.02, 24.4, 100.0),
                         place(118.021, 24.45, 600.0)});
    const double step = way.metresTo(3) / 1000.0;
    glm::dvec3 last = toEcef(way.at(0.0)).metres;
    for (int i = 1; i <= 1000; ++i) {
        const glm::dvec3 next = toEcef(way.at(i * step)).metres;
        ASSERT_NEAR(glm::distance(last, next) / step, 1.0, 0.02) << i;
        last = next;
    }
}

} // namespace
