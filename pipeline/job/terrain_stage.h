#pragma once

#include "pipeline/emit/emit_terrain.h"
#include "pipeline/engine/engine.h"
#include "pipeline/job/ledger.h"
#include "pipeline/job/run_job.h"
#include "pipeline/overview/overview_plan.h"
#include "pipeline/scan/city_project.h"
#include "pipeline/scan/terrain.h"

#include <cstddef>
#include <vector>

namespace pipeline::job {

/// What terrain's units are called in the ledger: this and the cell's name; and its rasters: this
/// and the file's name.
inline constexpr const char* kTerrainUnit = "/terrain/";
inline constexpr const char* kRasterUnit = "/raster/";

struct Terrain {
    emit::TerrainTiles tiles;     ///< None: no raster shows land.
    std::size_t cellsDoneNow = 0; ///< The others were up to date.
};

/// Makes terrain's tiles from the catalogue's rasters into OUT/terrain, cut by what the blocks
/// show: base cells, then the cells above them level by level. A cell is built again only if a
/// raster or block that touches it has changed, come or gone, or a cell below or beside it. Every
/// raster gets a row in the ledger. Throws JobFailure.
Terrain buildTerrain(const scan::CityProject& project,
                     const scan::TerrainCatalogue& catalogue,
                     const std::vector<overview::Leaf>& blocks,
                     const tiles3d::geo::EnuFrame& frame,
                     const JobOptions& options,
                     Ledger& ledger,
                     engine::IEngine& engine,
                     IJobListener& listener);

/// The frame of a city without photogrammetry: on the ellipsoid in the middle of the DEMs.
/// REQUIRES: at least one DEM.
tiles3d::geo::EnuFrame frameFor(const scan::TerrainCatalogue& catalogue);

} // namespace pipeline::job
