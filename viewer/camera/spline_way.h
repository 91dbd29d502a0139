#pragma once

#include "tiles3d/geo/ellipsoid.h"

#include <glm/vec4.hpp>

#include <array>
#include <cstddef>
#include <vector>

namespace viewer::camera {

/// A smooth way through places, measured in metres along it: a centripetal Catmull-Rom curve, which
/// has no loops and cusps within a leg. Longitude and latitude come from the curve in ECEF, the
/// height from the same curve over the heights, so that far places of one height are joined at that
/// height and not along the chord through the ground.
/// Source: Yuksel, Schaefer, Keyser, "Parameterization and applications of Catmull-Rom curves"
/// (2011).
class SplineWay {
public:
    /// REQUIRES: at least one place. Places may coincide.
    explicit SplineWay(const std::vector<tiles3d::geo::Cartographic>& places);

    /// Metres from the first place to another, along the way.
    double metresTo(std::size_t place) const { return starts_[place]; }

    /// Within 1 um of a place at its metres; the ends beyond them. Along a leg the metres are even
    /// within 2 %.
    tiles3d::geo::Cartographic at(double metres) const;

private:
    /// A cubic in ECEF metres and height: ends, and rates per parameter at them.
    struct Leg {
        glm::dvec4 from{0.0};
        glm::dvec4 to{0.0};
        glm::dvec4 fromRate{0.0};
        glm::dvec4 toRate{0.0};
        std::vector<double> metres; // up to evenly spaced parameters

        tiles3d::geo::Cartographic at(double parameter) const;
        void measure();
    };
    static Leg makeLeg(const std::array<glm::dvec4, 4>& points);

    std::vector<Leg> legs_;
    std::vector<double> starts_; // metres, one per place
    tiles3d::geo::Cartographic first_;
};

} // namespace viewer::camera
