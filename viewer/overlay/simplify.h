#pragma once

#include <glm/vec2.hpp>

#include <vector>

namespace viewer::overlay {

/// The line with fewer points, none of those left out farther than `toleranceMetres` from it; first
/// and last points stay. Zero gives the line as it is. May cross itself where it nearly did before.
/// Source: Douglas and Peucker, "Algorithms for the reduction of the number of points required to
/// represent a digitized line or its caricature" (1973).
std::vector<glm::dvec2> simplifiedLine(const std::vector<glm::dvec2>& line, double toleranceMetres);

/// The same for a closed ring without its repeated last point, whose first point stays; empty if
/// fewer than three points are left.
std::vector<glm::dvec2> simplifiedRing(const std::vector<glm::dvec2>& ring, double toleranceMetres);

} // namespace viewer::overlay
