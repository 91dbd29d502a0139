#pragma once

namespace viewer::camera {

/// The way of a view from one width to another while its centre travels, so that what is seen
/// passes at an even pace: long ways zoom out, travel and zoom in again.
/// Source: van Wijk and Nuij, "Smooth and efficient zooming and panning" (2003), with their
/// preferred rho of 1.4.
class ZoomPan {
public:
    /// Widths (or distances, in proportion) at both ends, and how far apart the centres are.
    /// REQUIRES: both widths above 0, travel at least 0; all in one unit.
    ZoomPan(double startWidth, double endWidth, double travel);

    struct State {
        double width = 0.0;
        double travelled = 0.0; ///< 0 to `travel`.
    };
    /// At `part` of the way, 0 to 1; exact at both ends.
    State at(double part) const;

    /// What a viewer perceives as the way's length: one doubling of the width is 0.5.
    double length() const { return length_; }

private:
    double startWidth_;
    double endWidth_;
    double travel_;
    double startSlope_ = 0.0; // r0 of the paper
    double length_ = 0.0;     // S of the paper
};

} // namespace viewer::camera
