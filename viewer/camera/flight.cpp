#include "viewer/camera/flight.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace viewer::camera {

namespace {

namespace geo = tiles3d::geo;

glm::dvec3 focusOf(const FlightEnd& end) {
    return end.axes.eye + end.axes.direction * end.focusMetres;
}

} // namespace

double eased(double part) {
    const double t = std::clamp(part, 0.0, 1.0);
    return t * t * (3.0 - 2.0 * t);
}

geo::Angle turnedBetween(geo::Angle from, geo::Angle to, double part) {
    const double turn = std::remainder(to.radians() - from.radians(), 2.0 * std::numbers::pi);
    return geo::Angle::radians(from.radians() + part * turn);
}

Flight::Flight(const FlightEnd& start, const FlightEnd& end, const geo::EnuFrame& scene)
    : start_(start), end_(end), scene_(scene), startPose_(poseOf(start.axes, scene)),
      endPose_(poseOf(end.axes, scene)),
      way_(start.focusMetres, end.focusMetres, glm::distance(focusOf(start), focusOf(end))) {}

double Flight::naturalSeconds() const {
    constexpr double kShortest = 0.6;
    constexpr double kLongest = 4.0;
    constexpr double kSecondsPerLength = 0.5;
    return std::clamp(kSecondsPerLength * way_.length(), kShortest, kLongest);
}

CameraAxes Flight::at(double part) const {
    if (part >= 1.0 || part <= 0.0) {
        return part >= 1.0 ? end_.axes : start_.axes;
    }
    const double done = eased(part);
    const ZoomPan::State state = way_.at(done);
    const double travel = way_.at(1.0).travelled;
    const double passed = travel > 0.0 ? state.travelled / travel : done;
    const glm::dvec3 focus = glm::mix(focusOf(start_), focusOf(end_), passed);
    // North and up are those of a place between the ends: at the ends they are the ends' own.
    const glm::dvec3 between = glm::mix(start_.axes.eye, end_.axes.eye, passed);
    CameraAxes axes =
        axesInScene({.position = geo::toCartographic(scene_.toEcef({between})),
                     .heading = turnedBetween(startPose_.heading, endPose_.heading, done),
                     .pitch = turnedBetween(startPose_.pitch, endPose_.pitch, done)},
                    scene_);
    axes.eye = focus - axes.direction * state.width;
    return axes;
}

} // namespace viewer::camera
