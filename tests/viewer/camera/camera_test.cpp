#include "viewer/camera/camera_pose.h"
#include "viewer/camera/fit_view.h"
#include "viewer/camera/map_motion.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace {

using tiles3d::geo::Angle;
using tiles3d::geo::EnuFrame;
using viewer::camera::CameraAxes;
using viewer::camera::CameraPose;
using viewer::camera::Lens;

EnuFrame xiamen() {
    return EnuFrame({.longitude = Angle::degrees(118.1), .latitude = Angle::degrees(24.5)});
}

CameraPose pose(double heading, double pitch) {
    return {.position = {.longitude = Angle::degrees(118.13),
                         .latitude = Angle::degrees(24.47),
                         .heightMetres = 321.0},
            .heading = Angle::degrees(heading),
            .pitch = Angle::degrees(pitch)};
}

TEST(CameraPose, survivesTheSceneFrame) {
    const EnuFrame scene = xiamen();
    for (const double heading : {-170.0, -45.0, 0.0, 30.0, 179.0}) {
        for (const double pitch : {-89.9, -35.0, 0.0, 45.0}) {
            const CameraPose back = viewer::camera::poseOf(
                viewer::camera::axesInScene(pose(heading, pitch), scene), scene);
            EXPECT_NEAR(back.heading.degrees(), heading, 1e-6);
            EXPECT_NEAR(back.pitch.degrees(), pitch, 1e-6);
            EXPECT_NEAR(back.position.heightMetres, 321.0, 1e-6);
            EXPECT_NEAR(back.position.longitude.degrees(), 118.13, 1e-11);
        }
    }
}

TEST(CameraPose, straightDownKeepsItsHeading) {
    const EnuFrame scene = xiamen();
    const CameraPose back =
        viewer::camera::poseOf(viewer::camera::axesInScene(pose(77.0, -90.0), scene), scene);
    EXPECT_NEAR(back.heading.degrees(), 77.0, 1e-3);
    EXPECT_NEAR(back.pitch.degrees(), -90.0, 1e-3);
}

TEST(CameraPose, northIsAheadAndUpIsUp) {
    const EnuFrame scene = xiamen();
    CameraPose atOrigin = pose(0.0, 0.0);
    atOrigin.position = scene.origin();
    const CameraAxes axes = viewer::camera::axesInScene(atOrigin, scene);
    EXPECT_NEAR(axes.direction.y, 1.0, 1e-12);
    EXPECT_NEAR(axes.up.z, 1.0, 1e-12);
}

TEST(FitView, hasEveryPointInsideAndTouchesTheMargin) {
    const EnuFrame scene = xiamen();
    const Lens lens{.widthPixels = 1600.0, .heightPixels = 900.0};
    const std::vector<glm::dvec3> corners = {
        {-900.0, -300.0, 0.0}, {900.0, -300.0, 0.0}, {900.0, 300.0, 80.0}, {-900.0, 300.0, 80.0}};
    std::vector<glm::dvec3> ecef;
    ecef.reserve(corners.size());
    for (const glm::dvec3& corner : corners) {
        ecef.push_back(scene.toEcef({corner}).metres);
    }
    for (const double heading : {0.0, 60.0, 200.0}) {
        const viewer::camera::FitOptions options{.heading = Angle::degrees(heading)};
        const CameraPose fitted = viewer::camera::fitView(ecef, scene, lens, options);
        const CameraAxes axes = viewer::camera::axesInScene(fitted, scene);
        const glm::dvec3 right = glm::cross(axes.direction, axes.up);
        const double tangentY = std::tan(lens.verticalFovRadians / 2.0);
        double most = 0.0;
        for (const glm::dvec3& corner : corners) {
            const glm::dvec3 offset = corner - axes.eye;
            const double depth = glm::dot(offset, axes.direction);
            ASSERT_GT(depth, 0.0);
            const double x = glm::dot(offset, right) / depth / (tangentY * lens.aspect());
            const double y = glm::dot(offset, axes.up) / depth / tangentY;
            most = std::max({most, std::abs(x), std::abs(y)});
        }
        EXPECT_NEAR(most, 0.92, 0.005) << heading; // 4 % of the whole side free on each side
    }
}

CameraAxes overCity() {
    return {.eye = {0.0, -500.0, 500.0},
            .direction = glm::normalize(glm::dvec3(0.0, 1.0, -1.0)),
            .up = glm::normalize(glm::dvec3(0.0, 1.0, 1.0))};
}

TEST(MapMotion, panKeepsTheGrabbedPointUnderTheCursor) {
    const Lens lens;
    const glm::dvec3 grabbed{0.0, 0.0, 0.0}; // under the picture's middle
    const glm::dvec2 pixel{900.0, 200.0};
    const CameraAxes moved = viewer::camera::panned(overCity(), lens, {.point = grabbed}, pixel);
    const glm::dvec3 ray = viewer::camera::directionThrough(moved, lens, pixel);
    EXPECT_NEAR(glm::length(glm::cross(ray, grabbed - moved.eye)), 0.0, 1e-9);
    EXPECT_DOUBLE_EQ(moved.eye.z, 500.0);
}

TEST(MapMotion, panAboveTheHorizonFollowsToTheSidesOnly) {
    CameraAxes level = overCity();
    level.direction = {0.0, 1.0, 0.0};
    level.up = {0.0, 0.0, 1.0};
    const viewer::camera::Grip grip{.point = {0.0, 0.0, 0.0}};
    const auto pannedTo = [&](double x, double y) {
        return viewer::camera::panned(level, Lens{}, grip, glm::dvec2(x, y)).eye;
    };
    EXPECT_NEAR(glm::distance(pannedTo(640.0, 600.0), pannedTo(640.0, 700.0)), 0.0, 1e-9);
    EXPECT_GT(pannedTo(640.0, 700.0).y, -15000.0);
    EXPECT_LT(pannedTo(900.0, 700.0).x, -1000.0);
    EXPECT_DOUBLE_EQ(pannedTo(900.0, 700.0).z, 500.0);
}

TEST(MapMotion, orbitKeepsDistanceAndNeverRolls) {
    CameraAxes axes = overCity();
    for (int step = 0; step < 50; ++step) {
        axes = viewer::camera::orbited(axes, glm::dvec3(0.0), 0.3, 0.11 * ((step % 7) - 3));
        EXPECT_NEAR(glm::length(axes.eye), 500.0 * std::sqrt(2.0), 1e-6);
        EXPECT_NEAR(glm::cross(axes.direction, axes.up).z, 0.0, 1e-9);
    }
    for (int step = 0; step < 50; ++step) {
        axes = viewer::camera::orbited(axes, glm::dvec3(0.0), 0.0, -0.2);
    }
    EXPECT_NEAR(viewer::camera::anglesOf(axes).pitch.degrees(), -90.0, 1e-6);
}

TEST(MapMotion, zoomKeepsTheTargetsPixelAndStopsBeforeIt) {
    CameraAxes axes = overCity();
    const glm::dvec3 target{100.0, 50.0, 10.0};
    const glm::dvec3 before = glm::normalize(target - axes.eye);
    for (int step = 0; step < 100; ++step) {
        axes = viewer::camera::zoomed(axes, target, 0.8);
    }
    EXPECT_NEAR(glm::length(axes.eye - target), viewer::camera::kClosestMetres, 1e-6);
    EXPECT_NEAR(glm::dot(before, glm::normalize(target - axes.eye)), 1.0, 1e-9);
}

TEST(FitView, groundIsWhereMostOfTheOutlineStands) {
    const EnuFrame scene = xiamen();
    std::vector<glm::dvec3> corners;
    for (int i = 0; i < 20; ++i) {
        corners.push_back(scene.toEcef({{100.0 * i, 0.0, 1000.0}}).metres);
        corners.push_back(scene.toEcef({{100.0 * i, 0.0, 1080.0}}).metres);
    }
    corners.push_back(scene.toEcef({{0.0, 0.0, -5000.0}}).metres); // of one volume far too large
    EXPECT_NEAR(viewer::camera::groundHeightOf(corners), 1000.0, 1.0); // the earth is round
    EXPECT_EQ(viewer::camera::groundHeightOf({}), 0.0);
}

} // namespace
