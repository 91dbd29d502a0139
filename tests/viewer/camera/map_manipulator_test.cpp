#include "viewer/camera/map_manipulator.h"

#include "tests/viewer/camera/box_city.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <cmath>

namespace {

using tests::camera::BoxCity;
using tests::camera::levelGround;
using tiles3d::geo::Angle;
using tiles3d::geo::EnuFrame;
using viewer::camera::CameraAxes;
using viewer::camera::CameraPose;
using viewer::camera::HeldKeys;
using viewer::camera::kClosestMetres;
using viewer::camera::Lens;
using viewer::camera::MapManipulator;
using viewer::camera::PointerButton;
using viewer::camera::PointerEvent;

constexpr double kFrame = 1.0 / 60.0;

EnuFrame xiamen() {
    return EnuFrame({.longitude = Angle::degrees(118.1), .latitude = Angle::degrees(24.5)});
}

CameraPose looking(const glm::dvec3& eye, double headingDegrees, double pitchDegrees) {
    return {.position = tiles3d::geo::toCartographic(xiamen().toEcef({eye})),
            .heading = Angle::degrees(headingDegrees),
            .pitch = Angle::degrees(pitchDegrees)};
}

/// Level ground of 60 km, and a tower of 100 m x 100 m x 80 m in its middle.
BoxCity cityWithTower() {
    return BoxCity({levelGround(30000.0), {{-50.0, -50.0, 0.0}, {50.0, 50.0, 80.0}}});
}

/// A manipulator over a city with a hand on its mouse and a clock. Picture of 1280 x 720.
class Hand {
public:
    Hand(const CameraPose& pose, const BoxCity& city = cityWithTower())
        : map({xiamen(), pose, Lens{}}, city.pick()), pick_(city.pick()) {}

    const glm::dvec3& eye() const { return map.axes().eye; }

    void press(PointerButton button, const glm::dvec2& pixel) {
        send({.kind = PointerEvent::Kind::Press, .button = button, .pixel = pixel});
    }
    void moveTo(const glm::dvec2& pixel) {
        now += kFrame;
        send({.kind = PointerEvent::Kind::Move, .pixel = pixel});
    }
    void release() { send({.kind = PointerEvent::Kind::Release}); }
    void wheel(double steps, const glm::dvec2& pixel) {
        send({.kind = PointerEvent::Kind::Wheel, .pixel = pixel, .wheelSteps = steps});
    }
    void doubleClick(const glm::dvec2& pixel) {
        send({.kind = PointerEvent::Kind::DoubleClick,
              .button = PointerButton::Left,
              .pixel = pixel});
    }
    void drag(PointerButton button, const glm::dvec2& from, const glm::dvec2& step, int steps) {
        press(button, from);
        for (int i = 1; i <= steps; ++i) {
            moveTo(from + step * static_cast<double>(i));
        }
        now += 1.0; // a hand that rests gives no flick
        release();
    }
    /// Frames until the map rests, at most `seconds`.
    double settle(double seconds = 20.0) {
        const double start = now;
        while (map.advance(now) && now - start < seconds) {
            now += kFrame;
        }
        return now - start;
    }
    void frames(int count) {
        for (int i = 0; i < count; ++i) {
            map.advance(now);
            now += kFrame;
        }
    }

    std::optional<glm::dvec3> under(const glm::dvec2& pixel) const {
        return pick_({eye(), viewer::camera::directionThrough(map.axes(), Lens{}, pixel)});
    }
    /// Pixels between a scene point and where it should be seen.
    double pixelsOff(const glm::dvec3& point, const glm::dvec2& pixel) const {
        const glm::dvec3 ray = viewer::camera::directionThrough(map.axes(), Lens{}, pixel);
        const double angle = glm::length(glm::cross(ray, glm::normalize(point - eye())));
        return angle / 1.0471975511965976 * 720.0;
    }

    MapManipulator map;
    double now = 100.0;

private:
    void send(const PointerEvent& event) { map.handle(event, now); }

    viewer::camera::Pick pick_;
};

TEST(MapManipulator, panKeepsTheGroundUnderTheCursor) {
    for (const double pitch : {-90.0, -60.0, -20.0, -8.0}) {
        Hand hand(looking({3000.0, -4000.0, 400.0}, 30.0, pitch));
        const glm::dvec2 start{700.0, 250.0};
        const auto grabbed = hand.under(start);
        ASSERT_TRUE(grabbed);
        hand.press(PointerButton::Left, start);
        for (int i = 1; i <= 40; ++i) {
            const glm::dvec2 pixel = start + glm::dvec2(7.0, -3.0) * static_cast<double>(i);
            hand.moveTo(pixel);
            ASSERT_LT(hand.pixelsOff(*grabbed, pixel), 0.05) << pitch << " " << i;
        }
        // level in the tangent plane: 1 m below the ellipsoid's own level after some kilometres
        EXPECT_NEAR(
            hand.eye().z, looking({3000.0, -4000.0, 400.0}, 0.0, 0.0).position.heightMetres, 5.0);
    }
}

TEST(MapManipulator, panOverTheHorizonDoesNotJump) {
    Hand hand(looking({0.0, -9000.0, 300.0}, 0.0, -5.0));
    hand.press(PointerButton::Left, {640.0, 200.0});
    double last = 0.0;
    for (int i = 1; i <= 120; ++i) {
        const glm::dvec3 before = hand.eye();
        hand.moveTo({640.0, 200.0 + 4.0 * i}); // ends far in the sky
        const double moved = glm::distance(before, hand.eye());
        EXPECT_LT(moved, std::max(3.0 * last, 2000.0)) << i;
        last = moved;
    }
    EXPECT_LT(last, 1e-6); // in the sky it rests
    EXPECT_GT(hand.eye().z, kClosestMetres);
}

TEST(MapManipulator, aWallSeenLevelSticksToTheCursor) {
    Hand hand(looking({0.0, -300.0, 40.0}, 0.0, 0.0));
    const auto grabbed = hand.under({640.0, 365.0});
    ASSERT_TRUE(grabbed);
    hand.press(PointerButton::Left, {640.0, 365.0});
    for (int i = 1; i <= 30; ++i) {
        const glm::dvec2 pixel = glm::dvec2(640.0 + 8.0 * i, 365.0 - 2.0 * i);
        hand.moveTo(pixel);
        ASSERT_LT(hand.pixelsOff(*grabbed, pixel), 0.05) << i;
    }
    EXPECT_NEAR(hand.eye().y, -300.0, 0.1);
}

TEST(MapManipulator, aFlickGlidesOnAndInertiaCanBeSwitchedOff) {
    for (const bool hasInertia : {true, false}) {
        Hand hand(looking({3000.0, -4000.0, 400.0}, 0.0, -60.0));
        hand.map.setOptions({.hasInertia = hasInertia});
        hand.press(PointerButton::Left, {640.0, 360.0});
        for (int i = 1; i <= 8; ++i) {
            hand.moveTo({640.0 + 20.0 * i, 360.0});
        }
        const glm::dvec3 released = hand.eye();
        hand.release();
        const double seconds = hand.settle();
        const double glided = released.x - hand.eye().x;
        if (hasInertia) {
            EXPECT_GT(glided, 20.0);
            EXPECT_LT(seconds, 2.0);
        } else {
            EXPECT_EQ(glided, 0.0);
        }
        EXPECT_FALSE(hand.map.advance(hand.now));
    }
}

TEST(MapManipulator, orbitStopsTiltingAboveTheGround) {
    Hand hand(looking({0.0, -600.0, 300.0}, 0.0, -30.0));
    hand.drag(PointerButton::Right, {640.0, 360.0}, {1.0, 8.0}, 120);
    EXPECT_GE(hand.eye().z, kClosestMetres - 1e-6);
    EXPECT_LT(hand.eye().z, 60.0); // it did come down
}

TEST(MapManipulator, orbitOutsideOfTheCityStaysAboveItsLevel) {
    Hand hand(looking({0.0, -1500.0, 400.0}, 0.0, -30.0), BoxCity({levelGround(1000.0)}));
    hand.drag(PointerButton::Right, {640.0, 360.0}, {0.0, 8.0}, 120);
    EXPECT_GE(hand.eye().z, kClosestMetres - 1e-6);
}

TEST(MapManipulator, orbitKeepsItsPointUnderThePixel) {
    Hand hand(looking({20000.0, 15000.0, 900.0}, 120.0, -40.0)); // 0.2 degrees off the scene's up
    const glm::dvec2 pixel{640.0, 360.0};
    const auto centre = hand.under(pixel);
    ASSERT_TRUE(centre);
    const double distance = glm::distance(*centre, hand.eye());
    hand.drag(PointerButton::Right, pixel, {5.0, -1.0}, 100);
    EXPECT_LT(hand.pixelsOff(*centre, pixel), 0.1);
    EXPECT_NEAR(glm::distance(*centre, hand.eye()), distance, 1e-3);
}

TEST(MapManipulator, risesOverARoof) {
    Hand hand(looking({0.0, -120.0, 60.0}, 0.0, -40.0));
    hand.map.setKeys({.forward = true});
    while (hand.eye().y < -49.0) {
        hand.frames(1);
    }
    EXPECT_NEAR(hand.eye().z, 82.0, 1e-3);
}

TEST(MapManipulator, wheelKeepsThePointUnderTheCursorWhileItEases) {
    Hand hand(looking({400.0, -300.0, 2000.0}, 10.0, -60.0));
    const glm::dvec2 pixel{900.0, 300.0};
    const auto target = hand.under(pixel);
    ASSERT_TRUE(target);
    const double distance = glm::distance(*target, hand.eye());
    hand.wheel(1.0, pixel);
    hand.wheel(0.5, pixel);
    int moving = 0;
    while (hand.map.advance(hand.now)) {
        ASSERT_LT(hand.pixelsOff(*target, pixel), 0.05);
        hand.now += kFrame;
        ++moving;
    }
    EXPECT_GT(moving, 10); // eased
    EXPECT_LT(moving, 60);
    EXPECT_NEAR(glm::distance(*target, hand.eye()), distance * std::pow(0.8, 1.5), 1e-3);
}

TEST(MapManipulator, wheelStopsBeforeTheGround) {
    Hand hand(looking({400.0, -300.0, 200.0}, 0.0, -60.0));
    hand.wheel(60.0, {640.0, 300.0});
    hand.settle();
    hand.wheel(60.0, {640.0, 300.0});
    hand.settle();
    EXPECT_NEAR(hand.eye().z, kClosestMetres, 0.5);
    hand.wheel(-20.0, {640.0, 300.0});
    hand.settle();
    EXPECT_GT(hand.eye().z, 50.0);
    for (int i = 0; i < 10; ++i) {
        hand.wheel(-100.0, {640.0, 300.0});
        hand.settle();
    }
    EXPECT_LT(glm::length(hand.eye()), 1.01 * viewer::camera::kFarthestMetres);
}

TEST(MapManipulator, doubleClickGoesHalfWayInAboutASecond) {
    Hand hand(looking({400.0, -300.0, 2000.0}, 10.0, -60.0));
    const glm::dvec2 pixel{700.0, 400.0};
    const auto target = hand.under(pixel);
    ASSERT_TRUE(target);
    const double distance = glm::distance(*target, hand.eye());
    hand.doubleClick(pixel);
    const double seconds = hand.settle();
    EXPECT_NEAR(glm::distance(*target, hand.eye()), distance / 2.0, 0.01);
    EXPECT_NEAR(seconds, 1.0, 0.5);
    EXPECT_LT(hand.pixelsOff(*target, pixel), 0.05);
}

TEST(MapManipulator, keysMoveByTheHeightAndRestWhenLetGo) {
    for (const double height : {100.0, 1000.0}) {
        Hand hand(looking({5000.0, -4000.0, height}, 90.0, -30.0));
        hand.press(PointerButton::Left, {640.0, 100.0}); // shows where the ground is
        hand.release();
        const double east = hand.eye().x;
        hand.map.setKeys({.forward = true});
        hand.frames(61);
        EXPECT_NEAR((hand.eye().x - east) / height, 0.9, 0.1);
        hand.map.setKeys({});
        EXPECT_LT(hand.settle(), 2.0);
    }
}

TEST(MapManipulator, flyToEndsExactlyThereAndRisesOnTheWay) {
    Hand hand(looking({-9000.0, -300.0, 200.0}, 350.0, -30.0));
    const CameraPose goal = looking({9000.0, 2000.0, 150.0}, 20.0, -25.0);
    hand.map.flyTo(goal, 3.0);
    double highest = 0.0;
    glm::dvec3 last = hand.eye();
    while (hand.map.advance(hand.now)) {
        highest = std::max(highest, hand.eye().z);
        const double heading = hand.map.pose().heading.degrees();
        EXPECT_LT(std::abs(std::remainder(heading - 5.0, 360.0)), 15.1); // the short way
        EXPECT_LT(glm::distance(last, hand.eye()), 900.0);
        last = hand.eye();
        hand.now += kFrame;
    }
    EXPECT_GT(highest, 2000.0);
    EXPECT_LT(glm::distance(hand.eye(), xiamen().fromEcef(toEcef(goal.position)).metres), 1e-6);
    EXPECT_NEAR(hand.map.pose().pitch.degrees(), -25.0, 1e-6);
}

TEST(MapManipulator, fliesOverWhatStandsInTheWay) {
    BoxCity city = cityWithTower();
    Hand hand(looking({-400.0, 0.0, 30.0}, 90.0, -5.0), city);
    hand.map.flyTo(looking({400.0, 0.0, 30.0}, 90.0, -5.0), 2.0);
    while (hand.map.advance(hand.now)) {
        if (std::abs(hand.eye().x) < 49.0 && std::abs(hand.eye().y) < 49.0) {
            EXPECT_GE(hand.eye().z, 82.0 - 1e-6);
        }
        hand.now += kFrame;
    }
}

TEST(MapManipulator, northUpAndTopDownTurnAboutTheMiddle) {
    Hand hand(looking({20000.0, 10000.0, 800.0}, 140.0, -40.0));
    const auto middle = hand.under({640.0, 360.0});
    ASSERT_TRUE(middle);
    hand.map.northUp();
    hand.settle();
    EXPECT_NEAR(hand.map.pose().heading.degrees(), 0.0, 1e-6);
    EXPECT_LT(hand.pixelsOff(*middle, {640.0, 360.0}), 0.1);
    hand.map.topDown();
    hand.settle();
    EXPECT_NEAR(hand.map.pose().pitch.degrees(), -90.0, 1e-6);
    EXPECT_NEAR(hand.map.pose().heading.degrees(), 0.0, 1e-6);
    EXPECT_LT(hand.pixelsOff(*middle, {640.0, 360.0}), 0.1);
}

TEST(MapManipulator, aSurfaceThatAppearsLiftsTheEye) {
    BoxCity city({levelGround(1000.0)});
    Hand hand(looking({10.0, 10.0, 30.0}, 0.0, -20.0), city);
    city.add({{-50.0, -50.0, 0.0}, {50.0, 50.0, 80.0}});
    EXPECT_FALSE(hand.map.advance(hand.now));
    EXPECT_NEAR(hand.eye().z, 30.0, 1e-6); // nobody said so
    hand.map.surfaceChanged();
    hand.map.advance(hand.now);
    EXPECT_NEAR(hand.eye().z, 82.0, 1e-6);
}

TEST(MapManipulator, picksOnceOrTwiceAnEvent) {
    BoxCity city = cityWithTower();
    Hand hand(looking({300.0, -400.0, 400.0}, 0.0, -50.0), city);
    const auto counted = [&](auto&& action) {
        const std::size_t before = city.picks();
        action();
        return city.picks() - before;
    };
    const glm::dvec2 pixel{640.0, 360.0};
    EXPECT_LE(counted([&] { hand.press(PointerButton::Left, pixel); }), 1U);
    EXPECT_LE(counted([&] { hand.moveTo(pixel + 5.0); }), 2U);
    hand.now += 1.0;
    EXPECT_EQ(counted([&] { hand.release(); }), 0U);
    EXPECT_LE(counted([&] { hand.wheel(1.0, pixel); }), 1U);
    EXPECT_EQ(counted([&] { hand.wheel(1.0, pixel); }), 0U);
    EXPECT_LE(counted([&] { hand.frames(1); }), 2U);
}

TEST(MapManipulator, walksFromAClickAndReturnsToTheAir) {
    Hand hand(looking({300.0, -800.0, 300.0}, 0.0, -40.0));
    ASSERT_TRUE(hand.map.walkFrom({640.0, 360.0}));
    EXPECT_EQ(hand.map.mode(), MapManipulator::Mode::Air); // still on the way
    hand.settle();
    ASSERT_EQ(hand.map.mode(), MapManipulator::Mode::Walk);
    EXPECT_NEAR(hand.eye().z, 1.7, 1e-6);
    EXPECT_NEAR(hand.map.pose().pitch.degrees(), 0.0, 1e-6);

    const double north = hand.eye().y;
    hand.map.setKeys({.forward = true});
    hand.frames(121);
    EXPECT_NEAR(hand.eye().y - north, 4.0, 0.4);
    hand.map.setKeys({});
    EXPECT_LT(hand.settle(), 2.0);

    hand.drag(PointerButton::Left, {640.0, 360.0}, {-10.0, 0.0}, 30); // looks right
    EXPECT_NEAR(hand.map.pose().heading.degrees(), 25.0, 0.1);

    hand.map.leaveWalk();
    hand.settle();
    EXPECT_EQ(hand.map.mode(), MapManipulator::Mode::Air);
    EXPECT_GT(hand.eye().z, 200.0);
    EXPECT_NEAR(hand.map.pose().pitch.degrees(), -40.0, 0.01);
}

TEST(MapManipulator, aLandingCanBeGivenUp) {
    Hand hand(looking({300.0, -800.0, 300.0}, 0.0, -40.0));
    ASSERT_TRUE(hand.map.walkFrom({640.0, 360.0}));
    hand.frames(10);
    hand.wheel(3.0, {640.0, 360.0}); // and not by a touch of the wheel
    EXPECT_TRUE(hand.map.advance(hand.now));
    hand.map.leaveWalk();
    EXPECT_FALSE(hand.map.advance(hand.now));
    EXPECT_EQ(hand.map.mode(), MapManipulator::Mode::Air);
    EXPECT_GT(hand.eye().z, 10.0);
}

TEST(MapManipulator, aMinimisedWindowHasNoPicture) {
    Hand hand(looking({300.0, -800.0, 300.0}, 0.0, -40.0));
    hand.map.setLens({.widthPixels = 0.0, .heightPixels = 0.0});
    hand.drag(PointerButton::Right, {640.0, 360.0}, {5.0, 1.0}, 5);
    EXPECT_TRUE(std::isfinite(hand.eye().x));
}

TEST(MapManipulator, thereIsNoWalkInTheSky) {
    Hand hand(looking({300.0, -800.0, 300.0}, 0.0, -10.0));
    EXPECT_FALSE(hand.map.walkFrom({640.0, 700.0}));
    EXPECT_FALSE(hand.map.advance(hand.now));
}

} // namespace
