#pragma once

#include "pipeline/engine/engine.h"
#include "pipeline/scan/terrain.h"
#include "pipeline/terrain/cell_result.h"
#include "pipeline/terrain/terrain_plan.h"
#include "pipeline/terrain/tile.h"
#include "tiles3d/base/result.h"

#include <filesystem>
#include <vector>

namespace pipeline::terrain {

/// All that making the tiles of one unit of work depends on.
struct CellTask {
    PlannedCell cell;
    const TerrainPlan* plan = nullptr; ///< Outlives the task; like the next.
    const scan::TerrainCatalogue* catalogue = nullptr;
    std::vector<std::filesystem::path> blocks; ///< tileset.json of finished blocks that touch it.
    std::filesystem::path store;               ///< Folder of the CellStore; exists.
    TileStyle style;
};

/// Makes the tiles of a base cell: samples DEMs and orthophotos once for all of them, draws the
/// photogrammetry's cover, meshes and writes level by level, and leaves the cell's own land and
/// picture in the store. A tile has children where the orthophoto is finer, where its
/// lattice loses more of the relief than half of kTolerancePixels at the DEM's depth, along the
/// edge of photogrammetry, and where it errs by more than a pixel all the same; then all of its
/// children that have land are there. Fails on a failed output and where PROJ does.
tiles3d::base::Result<CellResult> buildBaseCell(const CellTask& task,
                                                const engine::UnitContext& context);

/// Makes the one tile of a cell above others from what they left. Fails likewise.
tiles3d::base::Result<CellResult> buildUpperCell(const CellTask& task);

} // namespace pipeline::terrain
