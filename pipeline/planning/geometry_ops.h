#pragma once

#include "pipeline/planning/plane_box.h"
#include "pipeline/planning/vector_layer.h"
#include "tiles3d/base/result.h"

#include <glm/vec2.hpp>

#include <vector>

namespace pipeline::planning {

// Computations on geometries of one plane, metres. All are safe from any number of threads. Those
// that return a Result fail on coordinates that are not finite and where GEOS gives up, with its
// words; rings below three points and lines below two are left out.

/// Of polygons, holes taken off.
double squareMetresOf(const Geometry& geometry);
/// Of lines; polygons have none.
double lineMetresOf(const Geometry& geometry);
/// Of all rings of polygons.
double perimeterMetresOf(const Geometry& geometry);
/// Empty for no points at all.
PlaneBox boundsOf(const Geometry& geometry);

/// OK, or an Error with the flaw and its place: "Self-intersection at 610040.00 2705000.00".
/// Source: OGC 06-103r4, "Simple feature access", 6.1.11.
tiles3d::base::Status checkValid(const Geometry& geometry);

/// The same points and lines, and polygons that pass checkValid(): of each polygon what an odd
/// number of its rings covers, and of all together each place once, where they overlap as well.
/// What collapses to a line is left out.
tiles3d::base::Result<Geometry> madeValid(const Geometry& geometry);

/// What of `geometry` lies in the polygons of `area`, its border included; kinds stay what they
/// are, so that a polygon that only touches gives nothing. Both must be valid: an invalid one may
/// fail or give a wrong part.
tiles3d::base::Result<Geometry> intersection(const Geometry& geometry, const Geometry& area);

/// What of `geometry` lies outside the polygons of `area`, in the same way.
tiles3d::base::Result<Geometry> difference(const Geometry& geometry, const Geometry& area);

/// The polygons of all, each place once.
tiles3d::base::Result<Geometry> unionOf(const std::vector<Geometry>& geometries);

/// Whether some of `lines` runs inside the polygons of `area`, not just along their border.
tiles3d::base::Result<bool> runsInside(const Geometry& lines, const Geometry& area);

/// The shortest way between two geometries; 0 where they meet.
struct ShortestWay {
    double metres = 0.0;
    glm::dvec2 from{0.0};
    glm::dvec2 to{0.0};
};

/// Fails if one of them is empty.
tiles3d::base::Result<ShortestWay> shortestWay(const Geometry& from, const Geometry& to);

} // namespace pipeline::planning
