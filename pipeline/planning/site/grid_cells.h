#pragma once

#include "pipeline/planning/site/surface_grid.h"
#include "pipeline/planning/vector_layer.h"

#include <cstddef>
#include <vector>

namespace pipeline::planning::site {

/// Places in the grid of the cells whose centres lie in the polygons of `area`, ascending. A centre
/// on an edge that two polygons share is in exactly one of them.
std::vector<std::size_t> cellsIn(const SurfaceGrid& grid, const Geometry& area);

} // namespace pipeline::planning::site
