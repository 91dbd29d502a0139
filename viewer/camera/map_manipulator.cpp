#include "viewer/camera/map_manipulator.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace viewer::camera {

namespace {

/// A drag over the whole height of the picture turns by half a circle.
constexpr double kTurnPerHeight = std::numbers::pi;
/// A drag over the whole height zooms by e^4, about 55 times.
constexpr double kZoomPerHeight = 4.0;
constexpr double kZoomPerWheelStep = 0.8;
constexpr double kZoomPerDoubleClick = 0.5;

} // namespace

MapManipulator::MapManipulator(CameraAxes axes, Lens lens, Pick pick)
    : axes_(axes), lens_(lens), pick_(std::move(pick)) {}

glm::dvec2 MapManipulator::pixelOf(const osgGA::GUIEventAdapter& event) const {
    const double x = event.getXnormalized();
    const double y = event.getYnormalized();
    return {(x + 1.0) / 2.0 * lens_.widthPixels, (y + 1.0) / 2.0 * lens_.heightPixels};
}

glm::dvec3 MapManipulator::pointUnder(const glm::dvec2& pixel) {
    const scene::Ray ray{axes_.eye, directionThrough(axes_, lens_, pixel)};
    if (const auto hit = pick_(ray)) {
        return *hit;
    }
    // Nothing there: the level of the last point, as long as the ray comes down to it at all.
    constexpr double kFlattestSlope = -0.02;
    const double drop = std::min(grabbed_.z - axes_.eye.z, -kClosestMetres);
    const double slope = std::min(ray.direction.z, kFlattestSlope);
    return axes_.eye + ray.direction * (drop / slope);
}

/// Of an eye at this place: clear of the surface below, or of what it has dived under.
double MapManipulator::lowestHeight(const glm::dvec3& eye) const {
    constexpr double kHigherThanAnyCity = 10000.0;
    const glm::dvec3 down{0.0, 0.0, -1.0};
    if (const auto ground = pick_({eye, down})) {
        return ground->z + kClosestMetres;
    }
    const auto roof = pick_({{eye.x, eye.y, std::max(eye.z, 0.0) + kHigherThanAnyCity}, down});
    return roof ? roof->z + kClosestMetres : -std::numeric_limits<double>::infinity();
}

CameraAxes MapManipulator::keptAbove(CameraAxes axes) const {
    axes.eye.z = std::max(axes.eye.z, lowestHeight(axes.eye));
    return axes;
}

CameraAxes MapManipulator::orbitedAbove(const glm::dvec2& step) const {
    const double turn = step.x * kTurnPerHeight;
    const CameraAxes wanted = orbited(axes_, grabbed_, turn, step.y * kTurnPerHeight);
    const double level = std::min(axes_.eye.z, grabbed_.z + kClosestMetres);
    const bool isClear = wanted.eye.z >= std::max(level, lowestHeight(wanted.eye));
    return isClear ? wanted : keptAbove(orbited(axes_, grabbed_, turn, 0.0));
}

void MapManipulator::beginDrag(const osgGA::GUIEventAdapter& event) {
    const bool isCtrl = (event.getModKeyMask() & osgGA::GUIEventAdapter::MODKEY_CTRL) != 0;
    switch (event.getButton()) {
    case osgGA::GUIEventAdapter::LEFT_MOUSE_BUTTON:
        drag_ = isCtrl ? Drag::Orbit : Drag::Pan;
        break;
    case osgGA::GUIEventAdapter::RIGHT_MOUSE_BUTTON:
        drag_ = Drag::Orbit;
        break;
    case osgGA::GUIEventAdapter::MIDDLE_MOUSE_BUTTON:
        drag_ = Drag::Zoom;
        break;
    default:
        drag_ = Drag::None;
        break;
    }
    lastPixel_ = pixelOf(event);
    grabbed_ = pointUnder(lastPixel_);
}

void MapManipulator::continueDrag(const glm::dvec2& pixel) {
    const glm::dvec2 step = (pixel - lastPixel_) / lens_.heightPixels;
    lastPixel_ = pixel;
    switch (drag_) {
    case Drag::Pan:
        axes_ = keptAbove(panned(axes_, lens_, grabbed_, pixel));
        break;
    case Drag::Orbit:
        axes_ = orbitedAbove(step);
        break;
    case Drag::Zoom:
        axes_ = keptAbove(zoomed(axes_, grabbed_, std::exp(step.y * kZoomPerHeight)));
        break;
    case Drag::None:
        break;
    }
}

bool MapManipulator::handle(const osgGA::GUIEventAdapter& event, osgGA::GUIActionAdapter& action) {
    using Event = osgGA::GUIEventAdapter;
    switch (event.getEventType()) {
    case Event::PUSH:
        beginDrag(event);
        return true;
    case Event::DRAG:
        continueDrag(pixelOf(event));
        break;
    case Event::RELEASE:
        drag_ = Drag::None;
        return true;
    case Event::DOUBLECLICK:
        grabbed_ = pointUnder(pixelOf(event));
        axes_ = keptAbove(zoomed(axes_, grabbed_, kZoomPerDoubleClick));
        break;
    case Event::SCROLL: {
        const bool isCloser = event.getScrollingMotion() == Event::SCROLL_UP;
        grabbed_ = pointUnder(pixelOf(event));
        axes_ = keptAbove(
            zoomed(axes_, grabbed_, isCloser ? kZoomPerWheelStep : 1.0 / kZoomPerWheelStep));
        break;
    }
    default:
        return false;
    }
    action.requestRedraw();
    return true;
}

} // namespace viewer::camera
