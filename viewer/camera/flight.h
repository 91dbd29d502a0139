#pragma once

#include "tiles3d/geo/enu_frame.h"
#include "viewer/camera/camera_pose.h"
#include "viewer/camera/zoom_pan.h"

namespace viewer::camera {

/// One end of a flight: a camera and how far ahead lies what it looks at.
struct FlightEnd {
    CameraAxes axes;
    double focusMetres = 1000.0; ///< Above 0.
};

/// An eased motion from one camera to another, that rises when the way is long. Heading and pitch
/// turn the short way. No roll.
class Flight {
public:
    /// Axes in the frame `scene`.
    Flight(const FlightEnd& start, const FlightEnd& end, const tiles3d::geo::EnuFrame& scene);

    /// 0.6 to 4 s, after how much passes by.
    double naturalSeconds() const;

    /// At `part` of the time, 0 to 1. Exact at both ends.
    CameraAxes at(double part) const;

private:
    FlightEnd start_;
    FlightEnd end_;
    tiles3d::geo::EnuFrame scene_;
    CameraPose startPose_;
    CameraPose endPose_;
    ZoomPan way_;
};

/// `from` plus the short way round of `part` of the turn to `to`.
tiles3d::geo::Angle turnedBetween(tiles3d::geo::Angle from, tiles3d::geo::Angle to, double part);

/// 0 to 1 with rests at both ends (3 t^2 - 2 t^3), clamped.
double eased(double part);

} // namespace viewer::camera
