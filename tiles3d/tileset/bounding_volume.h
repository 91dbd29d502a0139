#pragma once

#include "tiles3d/geo/angle.h"

#include <glm/mat3x3.hpp>
#include <glm/mat4x4.hpp>
#include <glm/vec3.hpp>

#include <variant>

namespace tiles3d::tileset {

/// Oriented box in the tile's frame, metres.
struct Box {
    glm::dvec3 centre{0.0};
    glm::dmat3 halfAxes{0.0}; ///< Columns: centre to face, three mutually orthogonal vectors.
};

/// Geographic box; in WGS 84 whatever the tile's transform says (3D Tiles 1.1, 7.3.3).
struct Region {
    geo::Angle west;
    geo::Angle south;
    geo::Angle east;
    geo::Angle north;
    double minimumHeightMetres = 0.0; ///< Ellipsoidal.
    double maximumHeightMetres = 0.0;
};

/// In the tile's frame, metres.
struct Sphere {
    glm::dvec3 centre{0.0};
    double radiusMetres = 0.0;
};

using BoundingVolume = std::variant<Box, Region, Sphere>;

/// Axis-aligned limits; empty while minimum > maximum.
struct Limits {
    glm::dvec3 minimum{1e300};
    glm::dvec3 maximum{-1e300};

    bool isEmpty() const { return minimum.x > maximum.x; }
    void include(const glm::dvec3& point);
    void include(const Limits& other);
};

/// The axis-aligned box around `limits`. A flat side keeps at least kFlatBoxHalfMetres.
/// REQUIRES: limits not empty.
Box boxAround(const Limits& limits);

/// The corners' limits of `box` after `transform` (box frame -> target frame).
Limits limitsOf(const Box& box, const glm::dmat4& transform = glm::dmat4{1.0});

/// A box in ECEF that contains the region, its axes east, north and up at the region's middle.
/// Tight to some metres for regions of a city's size, loose for whole continents.
Box boxAround(const Region& region);

/// A flat or one-point tile has no inside: clients cull or divide by its zero extent.
inline constexpr double kFlatBoxHalfMetres = 0.01;

/// The volume after `transform` (affine). Regions stay as they are. A sphere's radius grows by the
/// largest scale of the transform.
BoundingVolume transformed(const BoundingVolume& volume, const glm::dmat4& transform);

/// How much the transform stretches what it stretches most.
double largestScale(const glm::dmat4& transform);

/// Distance in metres from a point to the nearest point of the volume, 0 inside. Both in ECEF (or
/// both in any one Cartesian frame for boxes and spheres). For a region the distance is to a box
/// that contains it, so never too large.
double distanceTo(const BoundingVolume& volumeInEcef, const glm::dvec3& pointEcef);

/// How far `point` lies outside the volume, in metres; 0 inside. Same frames as distanceTo().
/// For a region this is exact in longitude, latitude and height.
double excess(const BoundingVolume& volumeInEcef, const glm::dvec3& pointEcef);

} // namespace tiles3d::tileset
