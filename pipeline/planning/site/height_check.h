#pragma once

#include "pipeline/planning/site/site_finding.h"
#include "pipeline/planning/site/surface_grid.h"

namespace pipeline::planning::site {

/// Compares what stands in the parts of a layer under a height limit, and the design models there,
/// with the features' limits: fills in `excesses`, one for each connected group of cells, the cells
/// that are certainly too high as `conflict`, and the verdicts of features and layer. Without a
/// limit that can be read, heights or ground there is a remark instead.
void checkHeights(const SurfaceGrid& grid, LayerFinding& finding);

} // namespace pipeline::planning::site
