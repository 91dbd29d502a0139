#pragma once

#include "pipeline/terrain/lattice.h"
#include "pipeline/terrain/terrain_plan.h"
#include "tiles3d/base/result.h"
#include "tiles3d/image/image.h"

#include <filesystem>
#include <map>
#include <optional>
#include <set>

namespace pipeline::terrain {

/// What a finished cell leaves for the one above it.
struct StoredCell {
    Lattice land;                 ///< Of its mesh, without apron; not lowered below photogrammetry.
    double deviationMetres = 0.0; ///< How far the rasters lie from this lattice at most.
    tiles3d::image::Raster picture; ///< kTexels a side; RGBA in memory, alpha is not kept.
};

std::filesystem::path storePath(const std::filesystem::path& folder, const Cell& cell);

/// Writes FOLDER/DEPTH_X_Y.land: heights as they are, the picture as a JPEG of high quality.
/// Fails on a failed output.
tiles3d::base::Status
storeCell(const std::filesystem::path& folder, const Cell& cell, const StoredCell& stored);

/// Fails if the file is missing or damaged.
tiles3d::base::Result<StoredCell> readCell(const std::filesystem::path& folder, const Cell& cell);

/// What the cells below a cell, and beside those, left; each is read once.
class CellStore {
public:
    /// `plan` outlives the store and says what is stored: all base cells, and those below `cell`.
    CellStore(std::filesystem::path folder, const TerrainPlan& plan, const Cell& cell);

    struct Joined {
        Lattice land;                 ///< Intervals: twice those of the finest of the four.
        double deviationMetres = 0.0; ///< Largest of the four.
    };

    /// The land of the cell from the four below it, its apron from those beside. Cells that are not
    /// there are holes; without any of the four there are no intervals. Fails on a damaged file.
    tiles3d::base::Result<Joined> join(int apron);

    /// The four pictures as one, of 2 kTexels a side.
    tiles3d::base::Result<tiles3d::image::Raster> joinPictures();

private:
    const StoredCell* find(const Cell& cell);
    const StoredCell* ownerOf(std::int64_t x, std::int64_t y, int intervals, Cell& owner);
    void fill(Lattice& land);

    std::filesystem::path folder_;
    Cell cell_;
    std::set<Cell> stored_;
    std::map<Cell, std::optional<StoredCell>> read_;
    tiles3d::base::Status failure_ = tiles3d::base::ok();
};

} // namespace pipeline::terrain
