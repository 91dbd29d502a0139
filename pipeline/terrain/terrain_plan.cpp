#include "pipeline/terrain/terrain_plan.h"

#include <algorithm>
#include <utility>

namespace pipeline::terrain {

namespace {

int deepestAt(const CellGrid& grid,
              const std::vector<PlannedRaster>& rasters,
              const Extent& extent) {
    int deepest = 0;
    for (const PlannedRaster& raster : rasters) {
        if (raster.extent.touches(extent)) {
            deepest = std::max(deepest, depthFor(grid, raster.groundMetres));
        }
    }
    return deepest;
}

class Planning {
public:
    explicit Planning(TerrainPlan& plan) : plan_(plan) {}

    /// Appends the units of the cell's subtree, the cell itself last; false if there is no land.
    bool add(const Cell& cell) {
        const Extent extent = extentOf(plan_.grid, cell);
        if (std::ranges::none_of(
                plan_.dems, [&](const PlannedRaster& dem) { return dem.extent.touches(extent); })) {
            return false;
        }
        const int demDepth = demDepthAt(plan_, extent);
        const int roughDepth = demDepth + 1;
        const int finest =
            std::max({kAlignedDepth, roughDepth, orthoDepthAt(plan_, extent), cell.depth});
        if (finest - cell.depth <= kBaseLevels) {
            plan_.cells.push_back({.cell = cell, .finestDepth = finest, .demDepth = demDepth});
            return true;
        }
        bool hasLand = false;
        for (const std::uint32_t north : {0U, 1U}) {
            for (const std::uint32_t east : {0U, 1U}) {
                hasLand = add(cell.child(east, north)) || hasLand;
            }
        }
        if (hasLand) {
            plan_.cells.push_back(
                {.cell = cell, .finestDepth = cell.depth, .demDepth = cell.depth, .isBase = false});
        }
        return hasLand;
    }

private:
    TerrainPlan& plan_;
};

} // namespace

int demDepthAt(const TerrainPlan& plan, const Extent& extent) {
    return deepestAt(plan.grid, plan.dems, extent);
}

int orthoDepthAt(const TerrainPlan& plan, const Extent& extent) {
    return deepestAt(plan.grid, plan.orthos, extent);
}

TerrainPlan planTerrain(std::vector<PlannedRaster> dems, std::vector<PlannedRaster> orthos) {
    TerrainPlan plan{.dems = std::move(dems), .orthos = std::move(orthos)};
    Extent land;
    for (const PlannedRaster& dem : plan.dems) {
        land.include(dem.extent);
    }
    plan.grid = gridFor(land);
    plan.demDepth = demDepthAt(plan, land);
    Planning(plan).add({});
    // Base cells have no order among each other; the others need those below them.
    std::ranges::stable_sort(plan.cells, [](const PlannedCell& a, const PlannedCell& b) {
        return a.isBase != b.isBase ? a.isBase : !a.isBase && a.cell.depth > b.cell.depth;
    });
    return plan;
}

} // namespace pipeline::terrain
