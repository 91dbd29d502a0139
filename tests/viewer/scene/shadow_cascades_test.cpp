#include "viewer/scene/shadow_cascades.h"

#include "viewer/scene/frame_graph.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace {

using viewer::scene::Cascade;
using viewer::scene::fitCascades;
using viewer::scene::FrameCamera;
using viewer::scene::ShadowView;

constexpr double kFov = 1.0;
constexpr double kAspect = 1.5;

ShadowView viewFrom(const osg::Vec3d& eye, const osg::Vec3d& target) {
    FrameCamera camera;
    camera.eyeInScene = eye;
    camera.sceneToEye.makeLookAt(eye, target, {0.0, 0.0, 1.0});
    camera.eyeToClip = viewer::scene::reversedPerspective(kFov, kAspect);
    osg::Vec3d toSun(0.4, -0.5, 0.7);
    toSun.normalize();
    return {camera, eye.z(), toSun};
}

osg::Vec3d inMap(const Cascade& cascade, const osg::Vec3d& place) {
    return place * cascade.sceneToLight * cascade.lightToClip;
}

double fractionOfTexel(double clip, const Cascade& cascade) {
    const double texels = clip * cascade.radiusMetres / cascade.texelMetres;
    return texels - std::floor(texels);
}

TEST(ShadowCascades, eachHoldsItsSliceOfTheView) {
    const ShadowView view = viewFrom({15000.0, -9000.0, 120.0}, {15300.0, -8800.0, 0.0});
    const auto cascades = fitCascades(view, {});
    ASSERT_EQ(cascades.size(), 3U);
    const osg::Matrixd eyeToScene = osg::Matrixd::inverse(view.camera.sceneToEye);
    double near = 1.0;
    double far = 256.0;
    for (const Cascade& cascade : cascades) {
        for (const double distance : {near, 0.5 * (near + far), far}) {
            const double y = std::tan(kFov / 2.0) * distance;
            for (const double side : {-1.0, 1.0}) {
                const auto corner = osg::Vec3d(side * y * kAspect, y, -distance) * eyeToScene;
                const osg::Vec3d place = inMap(cascade, corner);
                EXPECT_LE(std::abs(place.x()), 1.001);
                EXPECT_LE(std::abs(place.y()), 1.001);
                EXPECT_GE(place.z(), -1e-9);
                EXPECT_LE(place.z(), 1.0 + 1e-9);
            }
        }
        near = far;
        far *= 3.0;
    }
}

TEST(ShadowCascades, depthGrowsTowardsTheSun) {
    const ShadowView view = viewFrom({0.0, 0.0, 100.0}, {100.0, 0.0, 0.0});
    const Cascade cascade = fitCascades(view, {}).front();
    const osg::Vec3d place(50.0, 0.0, 50.0);
    EXPECT_GT(inMap(cascade, place + view.toSun * 10.0).z(), inMap(cascade, place).z());
    EXPECT_NEAR(inMap(cascade, place + view.toSun * 10.0).x(), inMap(cascade, place).x(), 1e-9);
}

TEST(ShadowCascades, texelsStayOnTheirPlaces) {
    const osg::Vec3d eye(15000.0, -9000.0, 120.0);
    const osg::Vec3d point(15050.0, -8950.0, 3.0);
    const Cascade first = fitCascades(viewFrom(eye, point), {}).front();
    for (int i = 1; i < 50; ++i) {
        const double angle = 0.1 * i;
        const osg::Vec3d moved = eye + osg::Vec3d(3.7 * i, -1.3 * i, 0.9 * i); // up to 164 m
        const osg::Vec3d target =
            moved + osg::Vec3d(std::cos(angle), std::sin(angle), -0.4) * 100.0;
        const Cascade now = fitCascades(viewFrom(moved, target), {}).front();
        EXPECT_NEAR(now.texelMetres, first.texelMetres, 1e-9);
        for (const int axis : {0, 1}) {
            const double drift = fractionOfTexel(inMap(now, point)[axis], now) -
                                 fractionOfTexel(inMap(first, point)[axis], first);
            EXPECT_NEAR(std::remainder(drift, 1.0), 0.0, 1e-3) << "step " << i;
        }
    }
}

} // namespace
