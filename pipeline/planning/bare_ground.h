#pragma once

#include <cstddef>
#include <vector>

namespace pipeline::planning {

/// Heights over a rectangle, a square cell each, row after row; NaN where there is nothing.
struct HeightCells {
    std::vector<float> heights;
    std::size_t columns = 0;
    double cellMetres = 1.0;
};

/// The surface without what is narrower than 60 m: the least within 30 m, then the greatest of that
/// within 30 m, which leaves slopes as they are. What has a height within 30 m gets one. Along the
/// rectangle's rim, 60 m wide, roofs that go on outside may stay. Time per cell does not depend on
/// the reach.
/// REQUIRES: heights.size() is a multiple of columns; columns > 0; cellMetres > 0.
/// Source: Zhang and others, "A progressive morphological filter for removing nonground
/// measurements from airborne LIDAR data" (2003).
std::vector<float> bareGround(const HeightCells& surface);

/// How far beyond what is asked for bareGround() has to see.
inline constexpr double kGroundReachMetres = 30.0;

} // namespace pipeline::planning
