#pragma once

#include "pipeline/terrain/cells.h"

#include <cstddef>
#include <vector>

namespace pipeline::terrain {

/// A raster as the plan sees it.
struct PlannedRaster {
    Extent extent;
    double groundMetres = 1.0; ///< Between its posts or texels.
};

/// Depths of a base cell's finest tiles below it: it samples the rasters once for 4^levels of them.
inline constexpr int kBaseLevels = 2;

/// A cell that is a unit of work. Base cells read rasters, the others the cells below them.
struct PlannedCell {
    Cell cell;
    /// Of a base cell: the deepest that its tiles may be, and the depth at which posts are as far
    /// apart as those of its densest DEM; rough land goes one deeper. Of the others: the cell's
    /// own.
    int finestDepth = 0;
    int demDepth = 0;
    bool isBase = true;
};

struct TerrainPlan {
    CellGrid grid;
    std::vector<PlannedRaster> dems;
    std::vector<PlannedRaster> orthos;
    int demDepth = 0; ///< Of the finest DEM.
    /// Base cells first, then those above them from below; the root is the last.
    std::vector<PlannedCell> cells;
};

/// The deepest depth at which a DEM's posts are as far apart as those of the mesh, and an
/// orthophoto's texels as large as those of the picture; of the rasters that touch the extent; 0 if
/// none does.
int demDepthAt(const TerrainPlan& plan, const Extent& extent);
int orthoDepthAt(const TerrainPlan& plan, const Extent& extent);

/// Cuts the land into units of work: every cell that a DEM's extent touches is part of one base
/// cell, as deep as the rasters there ask for, so that a coarse DEM round a fine one costs little.
/// REQUIRES: at least one DEM.
TerrainPlan planTerrain(std::vector<PlannedRaster> dems, std::vector<PlannedRaster> orthos);

} // namespace pipeline::terrain
