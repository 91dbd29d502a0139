#pragma once

#include <optional>
#include <vector>

namespace viewer::camera {

/// A value over time: cubics through knots, with a continuous rate, that never run past a knot's
/// value (monotone between two knots, at rest on peaks) and rest at both ends.
/// Source: Fritsch and Butland, "A method for constructing local monotone piecewise cubic
/// interpolants" (1984).
class Track {
public:
    struct Knot {
        double seconds = 0.0;
        double value = 0.0;
        std::optional<double> slope; ///< Per second; none: chosen after the neighbours.
    };

    /// REQUIRES: at least one knot; seconds that grow.
    explicit Track(std::vector<Knot> knots);

    /// Exact at knots; before the first and after the last the value of that knot.
    double at(double seconds) const;

private:
    struct Cubic {
        double seconds = 0.0;
        double value = 0.0;
        double slope = 0.0;
    };
    std::vector<Cubic> knots_;
};

} // namespace viewer::camera
