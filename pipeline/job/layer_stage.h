#pragma once

#include "pipeline/engine/engine.h"
#include "pipeline/job/ledger.h"
#include "pipeline/job/run_job.h"
#include "pipeline/planning/import_report.h"
#include "pipeline/scan/terrain.h"

#include <optional>
#include <string>

namespace pipeline::job {

/// Names the one unit of planning layers in the ledger; no delivery's name begins with a slash.
inline constexpr const char* kLayerUnit = "/layers";

/// Longitudes and latitudes of what was built: of the blocks' centres, or the terrain's rasters.
std::optional<scan::GeoExtent> builtExtent(const BuildReport& blocks,
                                           const scan::TerrainCatalogue& land);

/// Imports the project's layers into OUT/planning.gpkg, in a worker process, and puts the legend
/// beside it; without layers both go. A layer that lies farther than 5 km from `city` is refused.
/// What is lost is in the report: nothing of it ends the build. Throws JobFailure where the output
/// cannot be written.
planning::ImportReport buildLayers(const scan::CityProject& project,
                                   const std::optional<scan::GeoExtent>& city,
                                   const JobOptions& options,
                                   Ledger& ledger,
                                   engine::IEngine& engine,
                                   IJobListener& listener);

} // namespace pipeline::job
