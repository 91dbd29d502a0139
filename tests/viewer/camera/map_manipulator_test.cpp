#include "viewer/camera/map_manipulator.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <cmath>

namespace {

using viewer::camera::CameraAxes;
using viewer::camera::kClosestMetres;
using viewer::camera::MapManipulator;
using Event = osgGA::GUIEventAdapter;

/// Level ground of 2 km at height 0, and a flat roof of 100 m at height 80 round its middle.
std::optional<glm::dvec3> pickCity(const viewer::scene::Ray& ray) {
    for (const auto& [height, reach] : {std::pair{80.0, 50.0}, std::pair{0.0, 1000.0}}) {
        const double t = (height - ray.origin.z) / ray.direction.z;
        const glm::dvec3 hit = ray.origin + ray.direction * t;
        if (t > 0.0 && std::abs(hit.x) < reach && std::abs(hit.y) < reach) {
            return hit;
        }
    }
    return std::nullopt;
}

struct NoAction final : osgGA::GUIActionAdapter {
    void requestRedraw() override {}
    void requestContinuousUpdate(bool) override {}
    void requestWarpPointer(float, float) override {}
};

/// A manipulator over the city, and a mouse on a picture of 1280 x 720.
class Mouse {
public:
    explicit Mouse(const CameraAxes& axes) : manipulator_(new MapManipulator(axes, {}, pickCity)) {}

    const CameraAxes& axes() const { return manipulator_->axes(); }

    /// From (x, y) by `steps` of (dx, dy) pixels, up is positive.
    void drag(int button, const glm::vec2& from, const glm::vec2& step, int steps) {
        send(Event::PUSH, button, from);
        for (int i = 1; i <= steps; ++i) {
            send(Event::DRAG, button, from + step * static_cast<float>(i));
        }
        send(Event::RELEASE, button, from);
    }

    void wheel(const glm::vec2& at, Event::ScrollingMotion motion) {
        send(Event::SCROLL, 0, at, motion);
    }

private:
    void send(Event::EventType type,
              int button,
              const glm::vec2& at,
              Event::ScrollingMotion motion = Event::SCROLL_NONE) {
        const osg::ref_ptr<Event> event(new Event);
        event->setEventType(type);
        event->setButton(button);
        event->setScrollingMotion(motion);
        event->setInputRange(0.0F, 0.0F, 1280.0F, 720.0F);
        event->setMouseYOrientation(Event::Y_INCREASING_UPWARDS);
        event->setX(at.x);
        event->setY(at.y);
        NoAction action;
        manipulator_->handle(*event, action);
    }

    osg::ref_ptr<MapManipulator> manipulator_;
};

CameraAxes looking(const glm::dvec3& eye, double pitchDegrees) {
    const double pitch = pitchDegrees * 3.14159265358979 / 180.0;
    return {.eye = eye,
            .direction = {0.0, std::cos(pitch), std::sin(pitch)},
            .up = {0.0, -std::sin(pitch), std::cos(pitch)}};
}

TEST(MapManipulator, orbitStopsTiltingAboveTheGround) {
    Mouse mouse(looking({0.0, -600.0, 300.0}, -30.0));
    mouse.drag(Event::RIGHT_MOUSE_BUTTON, {640.0F, 360.0F}, {1.0F, 8.0F}, 120);
    EXPECT_GE(mouse.axes().eye.z, kClosestMetres - 1e-9);
    EXPECT_LT(mouse.axes().eye.z, 60.0); // it did come down
}

TEST(MapManipulator, orbitOutsideOfTheCityStaysAboveItsLevel) {
    Mouse mouse(looking({0.0, -1500.0, 400.0}, -30.0));
    mouse.drag(Event::RIGHT_MOUSE_BUTTON, {640.0F, 360.0F}, {0.0F, 8.0F}, 120);
    EXPECT_GE(mouse.axes().eye.z, kClosestMetres - 1e-9);
}

TEST(MapManipulator, panRisesOverARoof) {
    Mouse mouse(looking({0.0, -120.0, 60.0}, -40.0));
    mouse.drag(Event::LEFT_MOUSE_BUTTON, {640.0F, 500.0F}, {0.0F, -20.0F}, 20);
    EXPECT_GT(mouse.axes().eye.y, -50.0);
    EXPECT_GE(mouse.axes().eye.z, 60.0); // above the ground that it sees below, or the roof
    EXPECT_TRUE(pickCity({mouse.axes().eye, {0.0, 0.0, -1.0}}));
}

TEST(MapManipulator, wheelStopsBeforeTheGround) {
    Mouse mouse(looking({400.0, -300.0, 200.0}, -60.0));
    for (int i = 0; i < 60; ++i) {
        mouse.wheel({640.0F, 300.0F}, Event::SCROLL_UP);
    }
    EXPECT_NEAR(mouse.axes().eye.z, kClosestMetres, 0.5);
    for (int i = 0; i < 20; ++i) {
        mouse.wheel({640.0F, 300.0F}, Event::SCROLL_DOWN);
    }
    EXPECT_GT(mouse.axes().eye.z, 50.0);
}

} // namespace
