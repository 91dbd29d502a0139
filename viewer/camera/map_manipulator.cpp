#include "viewer/camera/map_manipulator.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace viewer::camera {

namespace {

namespace geo = tiles3d::geo;

/// A drag over the whole height of the picture turns by half a circle.
constexpr double kTurnPerHeight = std::numbers::pi;
/// A drag over the whole height zooms by e^4, about 55 times.
constexpr double kZoomPerHeight = 4.0;
const double kLogPerWheelStep = std::log(0.8);
const double kLogPerDoubleClick = std::log(0.5);
constexpr double kWheelEaseSeconds = 0.08;
constexpr double kDoubleClickEaseSeconds = 0.2; // 99 % of the way after 1 s
constexpr double kTurnSeconds = 0.6;
constexpr double kFastFactor = 4.0;

/// The part of the way that an exponential approach covers.
double approach(double seconds, double easeSeconds) {
    return 1.0 - std::exp(-seconds / easeSeconds);
}

double sign(bool positive, bool negative) {
    return (positive ? 1.0 : 0.0) - (negative ? 1.0 : 0.0);
}

glm::dvec3 levelForward(const CameraAxes& axes) {
    const double heading = anglesOf(axes).heading.radians();
    return {std::sin(heading), std::cos(heading), 0.0};
}

} // namespace

MapManipulator::MapManipulator(const Start& start, Pick pick, const MapOptions& options)
    : scene_(start.scene), axes_(axesInScene(start.pose, start.scene)), lens_(start.lens),
      pick_(std::move(pick)), options_(options) {}

void MapManipulator::setLens(const Lens& lens) {
    if (lens.widthPixels > 0.0 && lens.heightPixels > 0.0) {
        lens_ = lens;
    }
}

// Where things are.

glm::dvec3 MapManipulator::pointUnder(const glm::dvec2& pixel) {
    const scene::Ray ray{axes_.eye, directionThrough(axes_, lens_, pixel)};
    if (const auto hit = pick_(ray)) {
        groundMetres_ = hit->z;
        grip_ = gripOn(*hit, axes_.eye);
    } else {
        // Nothing there: the level of the last point, but never one that is at the eye.
        const double level = std::min(groundMetres_, axes_.eye.z - kClosestMetres);
        grip_ = {.point = pointOnLevel(ray, level)};
    }
    return grip_.point;
}

/// Of an eye at this place: clear of the surface below, or of what it has dived under.
double MapManipulator::lowestHeight(const glm::dvec3& eye) {
    constexpr double kHigherThanAnyCity = 10000.0;
    const glm::dvec3 down{0.0, 0.0, -1.0};
    auto surface = pick_({eye, down});
    if (!surface) {
        surface = pick_({{eye.x, eye.y, std::max(eye.z, 0.0) + kHigherThanAnyCity}, down});
    }
    if (!surface) {
        return -std::numeric_limits<double>::infinity();
    }
    groundMetres_ = surface->z;
    return surface->z + kClosestMetres;
}

FlightEnd MapManipulator::endAt(const CameraAxes& axes) const {
    const double level = std::min(groundMetres_, axes.eye.z - kClosestMetres);
    const glm::dvec3 focus = pointOnLevel({axes.eye, axes.direction}, level);
    return {axes, std::min(glm::distance(focus, axes.eye), kFarthestMetres)};
}

FlightEnd MapManipulator::here() {
    if (const auto hit = pick_({axes_.eye, axes_.direction})) {
        groundMetres_ = hit->z;
        return {axes_, std::max(glm::distance(*hit, axes_.eye), kClosestMetres)};
    }
    return endAt(axes_);
}

// Where the camera goes.

/// Upright at its own place: a camera far from the scene's origin has another vertical.
void MapManipulator::place(const CameraAxes& axes) {
    axes_ = axesInScene(poseOf(axes, scene_), scene_);
}

void MapManipulator::placeAbove(CameraAxes axes) {
    axes.eye.z = std::max(axes.eye.z, lowestHeight(axes.eye));
    place(axes);
}

/// About the grip, which stays under its pixel although the vertical is another one afterwards.
CameraAxes MapManipulator::orbitedUpright(double turnRadians, double tiltRadians) const {
    const CameraAxes turned = orbited(axes_, grip_.point, turnRadians, tiltRadians);
    const glm::dvec3 offset = grip_.point - turned.eye;
    const glm::dvec3 right = glm::cross(turned.direction, turned.up);
    CameraAxes upright = axesInScene(poseOf(turned, scene_), scene_);
    upright.eye = grip_.point -
                  glm::cross(upright.direction, upright.up) * glm::dot(offset, right) -
                  upright.up * glm::dot(offset, turned.up) -
                  upright.direction * glm::dot(offset, turned.direction);
    return upright;
}

void MapManipulator::orbit(const glm::dvec2& step) {
    const double turn = step.x * kTurnPerHeight;
    const CameraAxes wanted = orbitedUpright(turn, step.y * kTurnPerHeight);
    const double level = std::min(axes_.eye.z, grip_.point.z + kClosestMetres);
    if (wanted.eye.z >= std::max(level, lowestHeight(wanted.eye))) {
        place(wanted);
    } else {
        placeAbove(orbitedUpright(turn, 0.0));
    }
}

void MapManipulator::look(double turnRadians, double tiltRadians) {
    constexpr double kSteepest = 85.0 * std::numbers::pi / 180.0;
    CameraPose turned = pose();
    const double pitch = turned.pitch.radians();
    turned.heading = geo::Angle::radians(turned.heading.radians() + turnRadians);
    turned.pitch = geo::Angle::radians(
        std::clamp(pitch + tiltRadians, std::min(-kSteepest, pitch), std::max(kSteepest, pitch)));
    axes_ = axesInScene(turned, scene_);
}

/// Angles as at the place where that camera stands.
CameraAxes
MapManipulator::lookingAt(const glm::dvec3& focus, double metres, const ViewAngles& angles) const {
    CameraAxes axes{.eye = focus};
    constexpr int kRounds = 3; // north at the eye depends on where the eye comes to be
    for (int i = 0; i < kRounds; ++i) {
        axes = axesInScene({.position = geo::toCartographic(scene_.toEcef({axes.eye})),
                            .heading = angles.heading,
                            .pitch = angles.pitch},
                           scene_);
        axes.eye = focus - axes.direction * metres;
    }
    return axes;
}

// Pointer.

bool MapManipulator::handle(const PointerEvent& event, double nowSeconds) {
    const bool isWalking = mode_ == Mode::Walk;
    switch (event.kind) {
    case PointerEvent::Kind::Press:
        beginDrag(event, nowSeconds);
        return false;
    case PointerEvent::Kind::Move:
        continueDrag(event.pixel, nowSeconds);
        return drag_ != Drag::None;
    case PointerEvent::Kind::Release:
        endDrag(nowSeconds);
        return isInMotion();
    case PointerEvent::Kind::DoubleClick:
        drag_ = Drag::None;
        if (!isWalking) {
            zoomTowards(event.pixel, kLogPerDoubleClick, kDoubleClickEaseSeconds);
        }
        return !isWalking;
    case PointerEvent::Kind::Wheel:
        if (!isWalking) {
            zoomTowards(event.pixel, event.wheelSteps * kLogPerWheelStep, kWheelEaseSeconds);
        }
        return !isWalking;
    }
    return false;
}

void MapManipulator::beginDrag(const PointerEvent& event, double nowSeconds) {
    if (isLanding()) {
        return; // a click must not leave it half done
    }
    motion_ = Rest{};
    lastPixel_ = event.pixel;
    flick_.reset();
    if (mode_ == Mode::Walk) {
        drag_ = Drag::Look;
        return;
    }
    switch (event.button) {
    case PointerButton::Left:
        drag_ = event.isCtrlHeld ? Drag::Orbit : Drag::Pan;
        break;
    case PointerButton::Right:
        drag_ = Drag::Orbit;
        break;
    case PointerButton::Middle:
        drag_ = Drag::Zoom;
        break;
    case PointerButton::None:
        drag_ = Drag::None;
        return;
    }
    pointUnder(event.pixel);
    flick_ = Flick{.eye = axes_.eye, .atSeconds = nowSeconds};
}

void MapManipulator::continueDrag(const glm::dvec2& pixel, double nowSeconds) {
    const glm::dvec2 step = (pixel - lastPixel_) / lens_.heightPixels;
    lastPixel_ = pixel;
    switch (drag_) {
    case Drag::Pan:
        placeAbove(panned(axes_, lens_, grip_, pixel));
        noteFlick(nowSeconds);
        break;
    case Drag::Orbit:
        orbit(step);
        break;
    case Drag::Zoom:
        placeAbove(zoomed(axes_, grip_.point, std::exp(step.y * kZoomPerHeight)));
        break;
    case Drag::Look:
        look(-step.x * lens_.verticalFovRadians, -step.y * lens_.verticalFovRadians);
        break;
    case Drag::None:
        break;
    }
}

void MapManipulator::noteFlick(double nowSeconds) {
    constexpr double kShortestSeconds = 0.005; // events of one moment say nothing of a pace
    constexpr double kMemorySeconds = 0.04;
    const double seconds = nowSeconds - flick_->atSeconds;
    if (seconds < kShortestSeconds) {
        return;
    }
    const glm::dvec3 pace = (axes_.eye - flick_->eye) / seconds;
    flick_ = Flick{.eye = axes_.eye,
                   .metresPerSecond =
                       glm::mix(flick_->metresPerSecond, pace, approach(seconds, kMemorySeconds)),
                   .atSeconds = nowSeconds};
}

void MapManipulator::endDrag(double nowSeconds) {
    constexpr double kRestSeconds = 0.08;          // held still before it was let go
    constexpr double kFlickHeightsPerSecond = 0.4; // of the picture
    constexpr double kMostDistancesPerSecond = 3.0;
    constexpr double kStopsAt = 0.02;
    const bool isPan = std::exchange(drag_, Drag::None) == Drag::Pan;
    if (!isPan || !options_.hasInertia || nowSeconds - flick_->atSeconds > kRestSeconds) {
        return;
    }
    const double distance = glm::distance(grip_.point, axes_.eye);
    const double heightMetres = 2.0 * distance * std::tan(lens_.verticalFovRadians / 2.0);
    const double pace = glm::length(flick_->metresPerSecond);
    if (pace > kFlickHeightsPerSecond * heightMetres) {
        const double kept = std::min(pace, kMostDistancesPerSecond * distance);
        motion_ = Glide{flick_->metresPerSecond * (kept / pace), kStopsAt * kept};
    }
}

void MapManipulator::zoomTowards(const glm::dvec2& pixel, double logFactor, double easeSeconds) {
    if (isLanding()) {
        return;
    }
    constexpr double kSamePixel = 0.5;
    constexpr double kMostLog = 4.0;
    auto* zoom = std::get_if<Zoom>(&motion_);
    const bool goesOn = zoom != nullptr && glm::distance(zoom->pixel, pixel) < kSamePixel;
    const double left = goesOn ? zoom->logLeft : 0.0;
    motion_ = Zoom{.target = goesOn ? zoom->target : pointUnder(pixel),
                   .pixel = pixel,
                   .logLeft = std::clamp(left + logFactor, -kMostLog, kMostLog),
                   .easeSeconds = easeSeconds};
}

// Time.

void MapManipulator::setKeys(const HeldKeys& keys) {
    keys_ = keys;
    if (keys != HeldKeys{} && !isLanding()) {
        motion_ = Rest{};
    }
}

bool MapManipulator::isInMotion() const {
    const bool isPaced = pace_.metresPerSecond != glm::dvec3(0.0) ||
                         pace_.radiansPerSecond != glm::dvec2(0.0) || keys_ != HeldKeys{};
    const bool isFalling = mode_ == Mode::Walk && !walker_.isSettled;
    return !std::holds_alternative<Rest>(motion_) || isPaced || isFalling;
}

bool MapManipulator::advance(double nowSeconds) {
    constexpr double kLongestSeconds = 0.25;
    const double seconds =
        std::clamp(nowSeconds - lastAdvance_.value_or(nowSeconds), 0.0, kLongestSeconds);
    const bool isSurfaceNew = std::exchange(isSurfaceNew_, false);
    std::visit([&](auto& motion) { move(motion, seconds); }, motion_);
    if (std::holds_alternative<Rest>(motion_)) {
        moveByKeys(seconds);
    }
    if (isSurfaceNew && mode_ == Mode::Air && std::holds_alternative<Rest>(motion_)) {
        placeAbove(axes_);
    } else if (isSurfaceNew && mode_ == Mode::Walk) {
        walker_.isSettled = false;
    }
    lastAdvance_ = isInMotion() ? std::optional(nowSeconds) : std::nullopt;
    return isInMotion();
}

void MapManipulator::move(Rest&, double) {}

void MapManipulator::move(Glide& glide, double seconds) {
    constexpr double kGlideSeconds = 0.25;
    const double part = approach(seconds, kGlideSeconds);
    CameraAxes axes = axes_;
    axes.eye += glide.metresPerSecond * (kGlideSeconds * part);
    placeAbove(axes);
    glide.metresPerSecond *= 1.0 - part;
    if (glm::length(glide.metresPerSecond) < glide.slowestMetresPerSecond) {
        motion_ = Rest{};
    }
}

void MapManipulator::move(Zoom& zoom, double seconds) {
    constexpr double kLeastLog = 1e-3;
    const bool isLast = std::abs(zoom.logLeft) < kLeastLog;
    const double step = isLast ? zoom.logLeft : zoom.logLeft * approach(seconds, zoom.easeSeconds);
    zoom.logLeft -= step;
    placeAbove(zoomed(axes_, zoom.target, std::exp(step)));
    if (isLast) {
        motion_ = Rest{};
    }
}

void MapManipulator::move(Flying& flying, double seconds) {
    flying.elapsed += seconds;
    const bool isThere = flying.elapsed >= flying.seconds;
    const CameraAxes axes = flying.flight.at(isThere ? 1.0 : flying.elapsed / flying.seconds);
    if (flying.landing) {
        place(axes); // down to eye height, below the clearance of the air
    } else {
        placeAbove(axes);
    }
    if (isThere && flying.landing) {
        land(*flying.landing);
    } else if (isThere) {
        motion_ = Rest{};
    }
}

MapManipulator::KeyPace MapManipulator::wantedPace() const {
    const bool isWalking = mode_ == Mode::Walk;
    const double height = std::max(axes_.eye.z - groundMetres_, 2.0 * kClosestMetres);
    const double pace =
        (isWalking ? options_.walkMetresPerSecond : options_.heightsPerSecond * height) *
        (keys_.fast ? kFastFactor : 1.0);
    const glm::dvec3 forward = levelForward(axes_);
    const glm::dvec3 right{forward.y, -forward.x, 0.0};
    glm::dvec3 way = forward * sign(keys_.forward, keys_.back) +
                     right * sign(keys_.right, keys_.left) +
                     glm::dvec3(0.0, 0.0, isWalking ? 0.0 : sign(keys_.up, keys_.down));
    const double length = glm::length(way);
    const double turn = geo::Angle::degrees(options_.turnDegreesPerSecond).radians();
    return {.metresPerSecond = length > 0.0 ? way * (pace / length) : way,
            .radiansPerSecond = {turn * sign(keys_.turnRight, keys_.turnLeft),
                                 turn * sign(keys_.lookUp, keys_.lookDown)}};
}

/// Speeds up and slows down within a moment.
void MapManipulator::moveByKeys(double seconds) {
    constexpr double kEaseSeconds = 0.1;
    constexpr double kStillMetresPerSecond = 0.01;
    constexpr double kStillRadiansPerSecond = 1e-3;
    const KeyPace wanted = wantedPace();
    const double part = approach(seconds, kEaseSeconds);
    pace_.metresPerSecond = glm::mix(pace_.metresPerSecond, wanted.metresPerSecond, part);
    pace_.radiansPerSecond = glm::mix(pace_.radiansPerSecond, wanted.radiansPerSecond, part);
    const bool isStill = keys_ == HeldKeys{} &&
                         glm::length(pace_.metresPerSecond) < kStillMetresPerSecond &&
                         glm::length(pace_.radiansPerSecond) < kStillRadiansPerSecond;
    if (isStill) {
        pace_ = {};
    }
    if (pace_.radiansPerSecond != glm::dvec2(0.0)) {
        look(pace_.radiansPerSecond.x * seconds, pace_.radiansPerSecond.y * seconds);
    }
    if (mode_ == Mode::Walk) {
        walk(seconds);
    } else if (pace_.metresPerSecond != glm::dvec3(0.0)) {
        CameraAxes axes = axes_;
        axes.eye += pace_.metresPerSecond * seconds;
        placeAbove(axes);
    }
}

void MapManipulator::walk(double seconds) {
    const bool isStanding = pace_.metresPerSecond == glm::dvec3(0.0) && walker_.isSettled;
    if (isStanding || seconds <= 0.0) {
        return;
    }
    walker_ = walked(
        walker_, glm::dvec2(pace_.metresPerSecond.x, pace_.metresPerSecond.y), seconds, pick_);
    CameraAxes axes = axes_;
    axes.eye = walker_.eye;
    place(axes);
}

// Flights.

bool MapManipulator::isLanding() const {
    const auto* flying = std::get_if<Flying>(&motion_);
    return flying != nullptr && flying->landing.has_value();
}

void MapManipulator::fly(const FlightEnd& start,
                         const FlightEnd& end,
                         std::optional<double> seconds) {
    drag_ = Drag::None;
    pace_ = {};
    mode_ = Mode::Air;
    const Flight flight(start, end, scene_);
    motion_ = Flying{.flight = flight, .seconds = seconds.value_or(flight.naturalSeconds())};
}

void MapManipulator::setPose(const CameraPose& pose) {
    drag_ = Drag::None;
    pace_ = {};
    mode_ = Mode::Air;
    motion_ = Rest{};
    isSurfaceNew_ = true;
    axes_ = axesInScene(pose, scene_);
}

void MapManipulator::flyTo(const CameraPose& pose, std::optional<double> seconds) {
    const FlightEnd start = here();
    fly(start, endAt(axesInScene(pose, scene_)), seconds);
}

void MapManipulator::fit(const std::vector<glm::dvec3>& pointsEcef, const FitOptions& options) {
    flyTo(fitView(pointsEcef, scene_, lens_, options));
}

/// About the point in the middle of the picture.
void MapManipulator::turnTo(const ViewAngles& angles) {
    const FlightEnd start = here();
    const glm::dvec3 focus = start.axes.eye + start.axes.direction * start.focusMetres;
    fly(start, {lookingAt(focus, start.focusMetres, angles), start.focusMetres}, kTurnSeconds);
}

void MapManipulator::northUp() {
    turnTo({.pitch = pose().pitch});
}

void MapManipulator::topDown() {
    turnTo({.heading = pose().heading, .pitch = geo::Angle::degrees(-90.0)});
}

bool MapManipulator::walkFrom(const glm::dvec2& pixel) {
    const auto ground = pick_({axes_.eye, directionThrough(axes_, lens_, pixel)});
    if (!ground) {
        return false;
    }
    if (mode_ == Mode::Air) {
        air_ = {glm::distance(*ground, axes_.eye), pose().pitch};
    }
    const WalkState walker = standingOn(*ground);
    constexpr double kLookMetres = 10.0;
    fly(here(), {lookingAt(walker.eye, 0.0, {.heading = pose().heading}), kLookMetres});
    std::get<Flying>(motion_).landing = walker;
    return true;
}

void MapManipulator::land(WalkState walker) {
    motion_ = Rest{};
    mode_ = Mode::Walk;
    walker_ = walker;
    walker_.isSettled = false; // the tiles may be finer by now
    groundMetres_ = walker.groundMetres;
}

void MapManipulator::leaveWalk() {
    if (isLanding()) {
        motion_ = Rest{};
    }
    if (mode_ != Mode::Walk) {
        return;
    }
    constexpr double kNearestMetres = 50.0;
    const geo::Angle pitch =
        std::clamp(air_.pitch, geo::Angle::degrees(-90.0), geo::Angle::degrees(-20.0));
    const double distance = std::max(air_.distanceMetres, kNearestMetres);
    const ViewAngles angles{.heading = pose().heading, .pitch = pitch};
    fly(here(), {lookingAt(walker_.eye, distance, angles), distance});
}

} // namespace viewer::camera
