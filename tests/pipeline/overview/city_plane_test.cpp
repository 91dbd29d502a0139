#include "pipeline/overview/city_plane.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

namespace pipeline::overview {
namespace {

using tiles3d::geo::Angle;
using tiles3d::geo::Cartographic;
using tiles3d::geo::Ecef;
using tiles3d::geo::EnuPoint;

/// A delivery at Xiamen whose origin is at `origin` in EPSG:4548.
CityAnchor anchorAt(const glm::dvec3& origin, const glm::dvec3& firstBlock) {
    CityAnchor anchor{.crs = *tiles3d::crs::understandSrs("EPSG:4548"), .origin = origin};
    const auto transform = tiles3d::crs::Transform::create(anchor.crs, anchor.heights);
    anchor.firstBlock = *transform->toEcef(firstBlock);
    return anchor;
}

constexpr glm::dvec3 kXiamen{600'000.0, 2'710'000.0, 5.0};

void expectMetric(const CityPlane& plane) {
    const auto at = [&](double east, double north) {
        return *plane.toPlane(plane.frame().toEcef(EnuPoint{{east, north, 0.0}}));
    };
    EXPECT_LT(glm::distance(at(0.0, 0.0), plane.origin()), 1e-3);
    // Within the projection's scale and the meridians' convergence.
    EXPECT_LT(glm::distance(at(1000.0, 0.0), plane.origin() + glm::dvec2(1000.0, 0.0)), 20.0);
    EXPECT_LT(glm::distance(at(0.0, 1000.0), plane.origin() + glm::dvec2(0.0, 1000.0)), 20.0);
}

TEST(CityPlane, standsAtTheDeliverysOriginInItsOwnPlane) {
    const auto plane = CityPlane::create(anchorAt(kXiamen, kXiamen + glm::dvec3(900, 300, 0)));
    ASSERT_TRUE(plane) << plane.error().message;
    expectMetric(*plane);
    EXPECT_LT(glm::distance(plane->origin(), glm::dvec2(kXiamen)), 1e-3);
}

TEST(CityPlane, doesNotMoveWithTheFirstBlock) {
    const auto one = CityPlane::create(anchorAt(kXiamen, kXiamen + glm::dvec3(900, 300, 0)));
    const auto two = CityPlane::create(anchorAt(kXiamen, kXiamen + glm::dvec3(-5000, 0, 40)));
    ASSERT_TRUE(one && two);
    EXPECT_EQ(one->frame().toEcefMatrix(), two->frame().toEcefMatrix());
    EXPECT_EQ(one->origin(), two->origin());
}

TEST(CityPlane, anOriginFarAwayGivesWayToTheFirstBlock) {
    const CityAnchor anchor = anchorAt({500'000.0, 0.0, 0.0}, kXiamen); // on the equator
    const auto plane = CityPlane::create(anchor);
    ASSERT_TRUE(plane) << plane.error().message;
    expectMetric(*plane);
    const EnuPoint first = plane->frame().fromEcef(anchor.firstBlock);
    EXPECT_LT(glm::length(glm::dvec2(first.metres)), 1e-3);
    EXPECT_NEAR(plane->frame().origin().heightMetres, 0.0, 1e-6);
}

TEST(CityPlane, theProjectsPlaneComesFirst) {
    CityAnchor anchor = anchorAt(kXiamen, kXiamen);
    anchor.planeCrs = "EPSG:32650"; // UTM 50 N: central meridian 117 E too, scale 0.9996
    const auto plane = CityPlane::create(anchor);
    ASSERT_TRUE(plane) << plane.error().message;
    expectMetric(*plane);
    EXPECT_GT(glm::distance(plane->origin(), glm::dvec2(kXiamen)), 100.0);
}

TEST(CityPlane, degreesAreNoPlane) {
    CityAnchor anchor = anchorAt(kXiamen, kXiamen);
    anchor.planeCrs = "EPSG:4490";
    const auto plane = CityPlane::create(anchor);
    ASSERT_TRUE(plane) << plane.error().message;
    expectMetric(*plane);
    EXPECT_LT(glm::length(plane->origin()), 1e-6); // east and north of the frame
}

TEST(CityPlane, ofALocalFrameIsThatFrame) {
    const Cartographic place{.longitude = Angle::degrees(118.1), .latitude = Angle::degrees(24.5)};
    const tiles3d::geo::EnuFrame frame(place);
    const CityAnchor anchor{.crs = *tiles3d::crs::understandSrs("ENU:24.5,118.1"),
                            .firstBlock = frame.toEcef(EnuPoint{{50.0, 50.0, 10.0}})};
    const auto plane = CityPlane::create(anchor);
    ASSERT_TRUE(plane) << plane.error().message;
    expectMetric(*plane);
    EXPECT_LT(glm::distance(plane->frame().toEcefMatrix()[3], frame.toEcefMatrix()[3]), 1e-6);
}

TEST(CityPlane, anUnknownPlaneIsSaid) {
    CityAnchor anchor = anchorAt(kXiamen, kXiamen);
    anchor.planeCrs = "EPSG:999999";
    const auto plane = CityPlane::create(anchor);
    ASSERT_FALSE(plane);
    EXPECT_NE(plane.error().message.find("plane_crs"), std::string::npos) << plane.error().message;
}

} // namespace
} // namespace pipeline::overview
