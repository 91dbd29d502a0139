#pragma once

#include "tiles3d/geo/ellipsoid.h"

#include <chrono>

namespace viewer::scene {

/// Where the sun stands in the sky of a place.
struct SunPosition {
    tiles3d::geo::Angle azimuth;   ///< Clockwise from true north.
    tiles3d::geo::Angle elevation; ///< Above the level horizon, without refraction.
};

/// The sun of a moment (UTC) at a place; its height does not matter. Within 0.02 degrees from 1950
/// to 2050. A low sun is seen up to 0.6 degrees higher than this, by refraction.
/// Source: Meeus, "Astronomical Algorithms" (2nd edition, 1998), chapters 12, 13, 22 and 25, lower
/// accuracy.
SunPosition sunPosition(std::chrono::sys_seconds time, const tiles3d::geo::Cartographic& place);

} // namespace viewer::scene
