#pragma once

#include "pipeline/planning/vector_layer.h"

#include <string>
#include <vector>

namespace viewer::overlay {

/// True if something of the geometry that can be draped (surfaces, lines) may lie within
/// `halfExtentMetres` of the plane's origin, to the east, west, north or south. By boxes.
bool reaches(const pipeline::planning::Geometry& geometry, double halfExtentMetres);

/// What explains that a layer is missed in the picture, a sentence each: it is empty, it has points
/// (which are not draped), or all of it lies off the city, the usual sign of a wrong CRS.
/// `layer` in plane coordinates with the city's middle at the origin.
std::vector<std::string> remarksOn(const pipeline::planning::VectorLayer& layer,
                                   double halfExtentMetres);

} // namespace viewer::overlay
