#pragma once

#include "pipeline/planning/vector_layer.h"

namespace pipeline::planning {

/// Whether the polygons are valid beyond doubt (OGC 06-103r4, 6.1.11): no two edges of any rings
/// meet but neighbours at their corner, holes lie in their outer ring and nowhere else. False says
/// nothing: rings may touch in points, which is for GEOS to judge. Made for millions of small
/// rings; n log n for large ones, with a bound on hopeless cases.
/// REQUIRES: finite coordinates, rings of three points and more, none repeated next to itself.
bool isSurelyValid(const std::vector<Polygon>& polygons);

/// Twice the area, positive if counter-clockwise.
double twiceSignedArea(const Ring& ring);

} // namespace pipeline::planning
