#pragma once

#include "tiles3d/geo/ellipsoid.h"

#include <vector>

namespace tiles3d::crs {

// Lengths and areas on the surface of the WGS 84 ellipsoid; heights are ignored.
// Source: Karney, "Algorithms for geodesics" (2013), as PROJ has it: 15 nm, 0.1 m2 per vertex.

/// Length of the shortest way.
double geodesicMetres(const geo::Cartographic& a, const geo::Cartographic& b);

struct GeodesicRing {
    double squareMetres = 0.0; ///< Positive if counter-clockwise.
    double perimeterMetres = 0.0;
};

/// Of the closed ring of shortest ways through `ring`, whose first place is not repeated. 0 below
/// three places, but for the perimeter there and back of two. Where the ring crosses itself areas
/// of opposite sense cancel.
GeodesicRing geodesicRing(const std::vector<geo::Cartographic>& ring);

} // namespace tiles3d::crs
