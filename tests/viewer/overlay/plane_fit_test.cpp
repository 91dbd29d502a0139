#include "viewer/overlay/plane_fit.h"

#include "tiles3d/crs/source_crs.h"

#include <gtest/gtest.h>

namespace viewer::overlay {
namespace {

tiles3d::base::Result<tiles3d::crs::Transform> planeTransform() {
    const auto crs = tiles3d::crs::understandSrs("EPSG:4548", true);
    return crs ? tiles3d::crs::Transform::create(*crs, tiles3d::crs::EllipsoidalHeights{})
               : crs.error();
}

tiles3d::geo::EnuFrame sceneFrame() {
    return tiles3d::geo::EnuFrame(
        {tiles3d::geo::Angle::degrees(118.1), tiles3d::geo::Angle::degrees(24.48), 10.0});
}

TEST(PlaneFit, staysWithinMillimetresOfProj) {
    const auto transform = planeTransform();
    ASSERT_TRUE(transform);
    const tiles3d::geo::EnuFrame scene = sceneFrame();
    for (const double half : {300.0, 2000.0, 5000.0, 15000.0, 40000.0}) {
        const auto fit = fitPlane(*transform, scene, half);
        ASSERT_TRUE(fit) << fit.error().message;
        EXPECT_LT(fit->residualMetres, 0.002) << half;
        const glm::dvec3 point(0.6 * half, -0.7 * half, 85.0);
        const auto exact =
            transform->fromCartographic(tiles3d::geo::toCartographic(scene.toEcef({point})));
        ASSERT_TRUE(exact);
        EXPECT_LT(glm::distance(fit->toPlane(point), *exact), 0.002) << half;
    }
}

TEST(PlaneFit, nearAPointTwoOrdersAreEnough) {
    const auto transform = planeTransform();
    ASSERT_TRUE(transform);
    const tiles3d::geo::EnuFrame scene = sceneFrame();
    const auto fit = fitPlane(*transform, scene, 20000.0);
    ASSERT_TRUE(fit);
    const glm::dvec3 eye(7000.0, -9000.0, 300.0);
    const PlaneExpansion near = fit->expandedAt(eye);
    EXPECT_LT(glm::distance(near.toPlane(eye), fit->toPlane(eye)), 1e-6);
    const glm::dvec3 point = eye + glm::dvec3(-800.0, 600.0, -250.0);
    EXPECT_LT(glm::distance(near.toPlane(point), fit->toPlane(point)), 0.001);
}

} // namespace
} // namespace viewer::overlay
