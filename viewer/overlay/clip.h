#pragma once

#include "pipeline/planning/plane_box.h"

#include <glm/vec2.hpp>

#include <vector>

namespace viewer::overlay {

/// A vertex, and how far along its line or ring it lies.
struct PathPoint {
    glm::dvec2 at{0.0};
    double arc = 0.0; ///< Metres from the first vertex; for dashes.
};

/// A line, or a ring without its repeated last point.
using Path = std::vector<PathPoint>;

Path pathOf(const std::vector<glm::dvec2>& points);

/// The part of a ring within `box`, closed along the box's border; empty if nothing is left. Two
/// rings that share an edge are cut at the same points, whatever way they run.
/// Source: Sutherland and Hodgman, "Reentrant polygon clipping" (1974).
Path clippedRing(const Path& ring, const pipeline::planning::PlaneBox& box);

/// The pieces of a line within `box`.
/// Source: Liang and Barsky, "A new concept and method for line clipping" (1984).
std::vector<Path> clippedLine(const Path& line, const pipeline::planning::PlaneBox& box);

/// Positive counter-clockwise.
double signedArea(const Path& ring);

} // namespace viewer::overlay
