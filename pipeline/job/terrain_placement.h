#pragma once

#include "pipeline/job/run_job.h"
#include "pipeline/overview/overview_plan.h"
#include "pipeline/scan/terrain.h"
#include "pipeline/terrain/cells.h"
#include "tiles3d/tileset/bounding_volume.h"

#include <vector>

namespace pipeline::job {

terrain::Extent extentOf(const scan::GeoExtent& extent);
/// Round the box's corners.
terrain::Extent extentOf(const tiles3d::tileset::Box& boxEcef);

/// Tells what was noticed of the rasters before they are read: those left out, orthophotos where
/// no DEM has land, and, as an alert, DEMs that all lie beside the blocks.
void tellRasters(const scan::TerrainCatalogue& catalogue,
                 const std::vector<overview::Leaf>& blocks,
                 IJobListener& listener);

} // namespace pipeline::job
