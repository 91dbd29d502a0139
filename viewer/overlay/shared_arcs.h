#pragma once

#include "pipeline/planning/plane_box.h"
#include "viewer/overlay/clip.h"

#include <vector>

namespace viewer::overlay {

/// Rings and lines of one layer that may share borders.
struct PathSet {
    std::vector<Path> rings;
    std::vector<Path> lines;
};

/// Fewer points, none of those left out farther than `toleranceMetres` from what is left. Borders
/// that several rings or lines share stay shared: they are split where they meet, and each piece
/// is simplified once, whatever way it runs. Points on the border of `frame`, where the paths were
/// cut, stay. Rings of fewer than three points become empty.
/// Source: Douglas and Peucker, "Algorithms for the reduction of the number of points required to
/// represent a digitized line or its caricature" (1973).
void simplifyInPlace(PathSet& paths,
                     double toleranceMetres,
                     const pipeline::planning::PlaneBox& frame);

} // namespace viewer::overlay
