#include "viewer/camera/walk_motion.h"

#include "tests/viewer/camera/box_city.h"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using tests::camera::BoxCity;
using tests::camera::levelGround;
using viewer::camera::standingOn;
using viewer::camera::walked;
using viewer::camera::WalkState;

constexpr double kFrame = 1.0 / 60.0;

WalkState walkedFor(WalkState state, const glm::dvec2& velocity, double seconds, BoxCity& city) {
    for (double t = 0.0; t < seconds; t += kFrame) {
        state = walked(state, velocity, kFrame, city.pick());
    }
    return state;
}

TEST(WalkMotion, aWallStopsAndDoesNotLetThrough) {
    BoxCity city({levelGround(100.0), {{-20.0, 5.0, 0.0}, {20.0, 6.0, 3.0}}});
    const WalkState state = walkedFor(standingOn({0.0, 0.0, 0.0}), {0.0, 8.0}, 3.0, city);
    EXPECT_NEAR(state.eye.y, 4.7, 1e-3);
    EXPECT_NEAR(state.eye.x, 0.0, 1e-9);
}

TEST(WalkMotion, slidesAlongAWall) {
    BoxCity city({levelGround(100.0), {{-50.0, 5.0, 0.0}, {50.0, 6.0, 3.0}}});
    const WalkState state = walkedFor(standingOn({0.0, 0.0, 0.0}), {1.5, 2.0}, 8.0, city);
    EXPECT_NEAR(state.eye.y, 4.7, 0.05);
    EXPECT_NEAR(state.eye.x, 12.0, 0.2);
}

TEST(WalkMotion, aCornerHolds) {
    BoxCity city({levelGround(100.0),
                  {{-50.0, 5.0, 0.0}, {50.0, 6.0, 3.0}},
                  {{5.0, -50.0, 0.0}, {6.0, 50.0, 3.0}}});
    const WalkState state = walkedFor(standingOn({0.0, 0.0, 0.0}), {2.0, 2.0}, 10.0, city);
    EXPECT_LT(state.eye.x, 4.8);
    EXPECT_LT(state.eye.y, 4.8);
    EXPECT_GT(state.eye.x, 4.0);
    EXPECT_GT(state.eye.y, 4.0);
}

TEST(WalkMotion, aFenceOnlyAtKneeHeightIsAWall) {
    BoxCity city({levelGround(100.0), {{-50.0, 5.0, 0.0}, {50.0, 5.1, 0.9}}});
    EXPECT_LT(walkedFor(standingOn({0.0, 0.0, 0.0}), {0.0, 2.0}, 5.0, city).eye.y, 4.8);
}

TEST(WalkMotion, climbsStairsAndHalfAMetreButNotMore) {
    std::vector<tests::camera::BuildingBlock> stairs{levelGround(100.0)};
    for (int i = 0; i < 20; ++i) {
        stairs.push_back({{-5.0, 5.0 + 0.3 * i, 0.0}, {5.0, 30.0, 0.17 * (i + 1)}});
    }
    BoxCity city(stairs);
    const WalkState state = walkedFor(standingOn({0.0, 0.0, 0.0}), {0.0, 2.0}, 8.0, city);
    EXPECT_NEAR(state.eye.z, 3.4 + 1.7, 0.01);
    for (const double height : {0.45, 0.6}) {
        BoxCity kerb({levelGround(100.0), {{-50.0, 5.0, 0.0}, {50.0, 50.0, height}}});
        const WalkState end = walkedFor(standingOn({0.0, 0.0, 0.0}), {0.0, 2.0}, 6.0, kerb);
        EXPECT_EQ(end.eye.y > 6.0, height < 0.5) << height;
    }
}

TEST(WalkMotion, theGroundUnderAnArcadeIsNotItsRoof) {
    BoxCity city({levelGround(100.0), {{-5.0, 5.0, 3.5}, {5.0, 15.0, 20.0}}});
    const WalkState state = walkedFor(standingOn({0.0, 0.0, 0.0}), {0.0, 2.0}, 5.0, city);
    EXPECT_NEAR(state.eye.y, 10.0, 0.1);
    EXPECT_NEAR(state.eye.z, 1.7, 1e-9);
}

TEST(WalkMotion, fallsFromAnEdgeAtTheRateOfGravity) {
    BoxCity city({levelGround(100.0), {{-5.0, -5.0, 0.0}, {5.0, 5.0, 10.0}}});
    WalkState state = standingOn({0.0, 4.9, 10.0});
    double seconds = 0.0;
    double last = state.eye.z;
    while ((!state.isSettled || state.eye.y < 5.1) && seconds < 10.0) {
        state = walked(state, {0.0, 1.0}, kFrame, city.pick());
        EXPECT_LE(state.eye.z, last + 1e-9);
        EXPECT_LT(last - state.eye.z, 0.3);
        last = state.eye.z;
        seconds += kFrame;
    }
    EXPECT_NEAR(state.eye.z, 1.7, 1e-9);
    EXPECT_NEAR(seconds - 0.1, std::sqrt(2.0 * 10.0 / 9.81), 0.1);
}

TEST(WalkMotion, doesNotLeaveTheCity) {
    BoxCity city({levelGround(10.0)});
    const WalkState state = walkedFor(standingOn({0.0, 0.0, 0.0}), {0.0, 8.0}, 5.0, city);
    EXPECT_LE(state.eye.y, 10.0);
    EXPECT_NEAR(state.eye.z, 1.7, 1e-9);
}

TEST(WalkMotion, aFinerTileAboveTheHeadLiftsThePerson) {
    const WalkState state = standingOn({0.0, 0.0, 0.0});
    const BoxCity finer({{{-100.0, -100.0, 0.0}, {100.0, 100.0, 4.0}}});
    EXPECT_NEAR(walked(state, {0.0, 0.0}, kFrame, finer.pick()).eye.z, 5.7, 1e-9);
}

} // namespace
