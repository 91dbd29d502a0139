#pragma once

#include "tiles3d/geo/angle.h"

#include <glm/vec3.hpp>

namespace tiles3d::geo {

/// WGS 84 (EPSG:7030). CGCS2000 differs by 0.1 mm at the pole and is taken as equal.
inline constexpr double kSemiMajorMetres = 6378137.0;
inline constexpr double kInverseFlattening = 298.257223563;

/// A position on or above the ellipsoid.
struct Cartographic {
    Angle longitude;
    Angle latitude;            ///< Geodetic.
    double heightMetres = 0.0; ///< Ellipsoidal.
};

/// Earth-centred, Earth-fixed metres (EPSG:4978).
struct Ecef {
    glm::dvec3 metres{0.0};
};

/// Within 1 nm of the defining formula for any height.
Ecef toEcef(const Cartographic& position);

/// Within 1 nm in position for heights between -10 km and 10,000 km. At the Earth's centre, where
/// nothing is defined, longitude and latitude are 0.
/// Source: Bowring, "Transformation from spatial to geographical coordinates" (1976), iterated.
Cartographic toCartographic(const Ecef& position);

/// Outward unit normal of the ellipsoid through the position's longitude and latitude.
glm::dvec3 surfaceNormal(const Cartographic& position);

} // namespace tiles3d::geo
