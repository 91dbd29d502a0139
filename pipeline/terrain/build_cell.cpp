#include "pipeline/terrain/build_cell.h"

#include "pipeline/terrain/cell_store.h"
#include "pipeline/terrain/colours.h"
#include "pipeline/terrain/cover.h"
#include "pipeline/terrain/heights.h"
#include "pipeline/terrain/picture.h"
#include "pipeline/terrain/tile_level.h"
#include "tiles3d/crs/transform.h"

#include <glm/common.hpp>
#include <glm/trigonometric.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <utility>

namespace pipeline::terrain {

using tiles3d::base::Error;
using tiles3d::base::Json;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
namespace image = tiles3d::image;

namespace {

double metresPerDegreeNorth() {
    return tiles3d::geo::kSemiMajorMetres * std::numbers::pi / 180.0;
}

/// A lattice and the coarser ones sampled from it: index 0 is the finest.
class Lattices {
public:
    explicit Lattices(Lattice finest) { levels_.push_back(std::move(finest)); }

    const Lattice& at(int halvings) {
        while (static_cast<int>(levels_.size()) <= halvings) {
            levels_.push_back(halved(levels_.back()));
        }
        return levels_[static_cast<std::size_t>(halvings)];
    }

private:
    std::vector<Lattice> levels_;
};

/// Ellipsoidal height of the sea at the cell's corners.
std::array<double, 4> seaLevels(const CellTask& task) {
    const Extent extent = extentOf(task.plan->grid, task.cell.cell);
    std::array<double, 4> levels{};
    const scan::DemSource& dem = task.catalogue->dems.front();
    const auto transform = tiles3d::crs::Transform::create(dem.crs, task.catalogue->seaHeights);
    if (!transform) {
        return levels;
    }
    const double level = task.catalogue->seaLevelMetres.value_or(0.0);
    for (std::size_t i = 0; i < levels.size(); ++i) {
        const auto source = transform->fromCartographic(
            {.longitude = tiles3d::geo::Angle::degrees(i % 2 == 0 ? extent.west : extent.east),
             .latitude = tiles3d::geo::Angle::degrees(i < 2 ? extent.south : extent.north)});
        const auto place =
            source ? transform->toCartographic({source->x, source->y, level}) : source.error();
        levels[i] = place ? place->heightMetres : 0.0;
    }
    return levels;
}

Relief reliefOf(const CellTask& task, int intervals) {
    const Extent extent = extentOf(task.plan->grid, task.cell.cell);
    const double north = (extent.north - extent.south) * metresPerDegreeNorth() / intervals;
    return {.metresPerStepEast =
                north * std::cos(glm::radians((extent.south + extent.north) / 2.0)),
            .metresPerStepNorth = north,
            .seaLevelMetres = seaLevels(task)};
}

/// A cell without land; what an earlier build left in the store goes.
CellResult leaveNothing(const CellTask& task) {
    std::error_code error;
    std::filesystem::remove(storePath(task.store, task.cell.cell), error);
    return {};
}

/// A base cell in the making.
class BaseCell {
public:
    BaseCell(const CellTask& task, const engine::UnitContext& context)
        : task_(task), context_(context), grid_(task.plan->grid), own_(task.cell.cell) {
        levels_ = task.cell.finestDepth - own_.depth;
        // At the DEM's depth twice the posts of a mesh, so that what lies between these is
        // measured; deeper, where only the orthophoto goes on, as far apart as there, but some at
        // least.
        constexpr int kLeastIntervals = 16;
        const int beyondDem = std::max(task.cell.finestDepth - task.cell.demDepth, 0);
        tileIntervals_ = std::max((2 * kMostIntervals) >> std::min(beyondDem, 30), kLeastIntervals);
    }

    Result<CellResult> build() {
        if (const Status sampled = sample(); !sampled) {
            return sampled.error();
        }
        if (!lattices_->at(0).hasLand()) {
            leaveNothing(task_);
            return std::move(result_);
        }
        measureRim();
        if (const Status painted = paint(); !painted) {
            return painted.error();
        }
        if (const Status made = makeTiles(own_, {0, 0}); !made) {
            return made.error();
        }
        std::ranges::sort(result_.tiles, {}, &TileRecord::cell);
        if (const Status stored = store(); !stored) {
            return stored.error();
        }
        return std::move(result_);
    }

private:
    int intervals() const { return tileIntervals_ << levels_; } ///< Of the finest lattice.

    /// Intervals per tile of the finest lattice, at a level of the unit.
    int tileIntervals(int level) const { return tileIntervals_ << (levels_ - level); }

    /// What every level of meshes needs beyond the cell, in posts of the finest lattice.
    int apron() const {
        int most = 0;
        for (int level = 0; level <= levels_; ++level) {
            const int halvings = halvingsFor(tileIntervals(level));
            const RimOptions rim =
                rimOptions(grid_, own_.depth + level, tileIntervals(level) >> halvings);
            most = std::max(most, apronFor(rim) << halvings);
        }
        const int multiple = 1 << (halvingsFor(tileIntervals(0)) + 1);
        return (most + multiple - 1) / multiple * multiple;
    }

    Status sample() {
        const int around = apron();
        const double step = grid_.sideDegrees(own_.depth) / intervals();
        const LatticePlace place{.westDegrees = grid_.westDegrees(own_),
                                 .southDegrees = grid_.southDegrees(own_),
                                 .stepDegrees = step};
        Lattice lattice{.intervals = intervals(), .apron = around};
        Result<SampledHeights> heights =
            sampleHeights(*task_.catalogue,
                          {.westDegrees = place.westDegrees - around * step,
                           .southDegrees = place.southDegrees - around * step,
                           .stepDegrees = step,
                           .columns = lattice.side(),
                           .rows = lattice.side()},
                          sampling());
        if (!heights) {
            return heights.error();
        }
        lattice.heights = std::move(heights->metres);
        result_.posts = lattice.heights.size();
        note(heights->unreadable);
        CoverRaster cover(lattice, place);
        for (const std::filesystem::path& block : task_.blocks) {
            if (const Status added = cover.add(block); !added) {
                return added;
            }
        }
        std::move(cover).applyTo(lattice);
        lattices_.emplace(std::move(lattice));
        return ok();
    }

    SamplingContext sampling() const {
        return {.watch = context_.watch, .quarantined = context_.quarantined};
    }

    void note(const std::vector<scan::RejectedRaster>& unreadable) {
        result_.unreadable.insert(result_.unreadable.end(), unreadable.begin(), unreadable.end());
    }

    /// Where photogrammetry ends beside land.
    void measureRim() {
        const Lattice& land = lattices_->at(0);
        if (land.ceilings.empty()) {
            return;
        }
        for (int row = 0; row < land.intervals; ++row) {
            for (int column = 0; column < land.intervals; ++column) {
                const std::size_t at = land.at(column, row);
                const bool isEdge = land.covered[at] != 0 &&
                                    (land.covered[at - 1] == 0 || land.covered[at + 1] == 0 ||
                                     land.covered[land.at(column, row - 1)] == 0 ||
                                     land.covered[land.at(column, row + 1)] == 0);
                if (isEdge && !std::isnan(land.heights[at])) {
                    result_.rim.add(static_cast<double>(land.ceilings[at]) -
                                    static_cast<double>(land.heights[at]));
                }
            }
        }
    }

    Status paint() {
        const Extent extent = extentOf(grid_, own_);
        const bool hasOrthos =
            std::ranges::any_of(task_.plan->orthos, [&](const PlannedRaster& ortho) {
                return ortho.extent.touches(extent);
            });
        const std::uint32_t side = std::uint32_t{kTexels} << static_cast<unsigned>(levels_);
        image::Raster picture{.width = side, .height = side, .channels = 4};
        if (hasOrthos) {
            const double step = grid_.sideDegrees(own_.depth) / side;
            Result<SampledColours> colours =
                sampleColours(*task_.catalogue,
                              {.westDegrees = extent.west + step / 2.0,
                               .southDegrees = extent.south + step / 2.0,
                               .stepDegrees = step,
                               .columns = static_cast<int>(side),
                               .rows = static_cast<int>(side)},
                              sampling());
            if (!colours) {
                return colours.error();
            }
            picture = std::move(colours->picture);
            note(colours->unreadable);
            result_.texels = std::uint64_t{side} * side;
        } else {
            picture.pixels.assign(std::size_t{4} * side * side, std::byte{0});
        }
        drawReliefInPlace(picture, lattices_->at(0), reliefOf(task_, lattices_->at(0).intervals));
        prepareLevels(std::move(picture));
        return ok();
    }

    void prepareLevels(image::Raster picture) {
        prepared_.resize(static_cast<std::size_t>(levels_) + 1);
        for (int level = levels_; level >= 0; --level) {
            const int halvings = halvingsFor(tileIntervals(level));
            const int measured = std::max(halvings - 1, 0);
            TileLevel& own = prepared_[static_cast<std::size_t>(level)];
            own.intervals = tileIntervals(level) >> halvings;
            own.measuredIntervals = tileIntervals(level) >> measured;
            own.land = meshedLand(lattices_->at(halvings),
                                  rimOptions(grid_, own_.depth + level, own.intervals));
            own.plain = plainLand(lattices_->at(measured));
            own.picture = level == levels_
                              ? std::move(picture)
                              : halved(prepared_[static_cast<std::size_t>(level) + 1].picture);
        }
    }

    /// How far lattice `to` lies from lattice `from`, finer, within a tile: at most.
    double deviation(int level, const glm::ivec2& at, int from, int to) {
        double sum = 0.0;
        for (int halvings = from; halvings < to; ++halvings) {
            const int intervals = tileIntervals(level) >> halvings;
            sum += deviationOfHalf(
                lattices_->at(halvings), at.x * intervals, at.y * intervals, intervals);
        }
        return sum;
    }

    /// How far the rasters may lie from what a tile's error is measured against.
    double unmeasured(int level, const glm::ivec2& at) {
        const int intervals = tileIntervals(level);
        return deviation(level, at, 0, std::max(halvingsFor(intervals) - 1, 0)) +
               deviationBetweenPosts(
                   lattices_->at(0), at.x * intervals, at.y * intervals, intervals);
    }

    bool isAtRim(int level, const glm::ivec2& at) {
        const PostGrid& land = prepared_[static_cast<std::size_t>(level)].land;
        const int intervals = prepared_[static_cast<std::size_t>(level)].intervals;
        const PostGrid tile = cut(land, at.x * intervals, at.y * intervals, intervals);
        return std::ranges::any_of(tile.fixed, [](std::uint8_t fixed) { return fixed != 0; });
    }

    bool hasLand(int level, const glm::ivec2& at) const {
        const TileLevel& own = prepared_[static_cast<std::size_t>(level)];
        for (int row = 0; row <= own.intervals; ++row) {
            for (int column = 0; column <= own.intervals; ++column) {
                if (!std::isnan(
                        own.land.at(at.x * own.intervals + column, at.y * own.intervals + row))) {
                    return true;
                }
            }
        }
        return false;
    }

    bool hasFinerOrtho(int level, const Cell& cell, const glm::ivec2& at) const {
        constexpr std::uint32_t texels = kTexels;
        const image::Raster& picture = prepared_[static_cast<std::size_t>(level)].picture;
        return orthoDepthAt(*task_.plan, extentOf(grid_, cell)) > cell.depth &&
               hasOrtho(picture,
                        static_cast<std::uint32_t>(at.x) * texels,
                        picture.height - (static_cast<std::uint32_t>(at.y) + 1) * texels,
                        texels);
    }

    /// Before the tile is made: the lattice of its mesh loses what finer ones have.
    bool isCoarse(int level, const Cell& cell, const glm::ivec2& at, double lost) {
        return demDepthAt(*task_.plan, extentOf(grid_, cell)) > cell.depth &&
               (lost > leafTolerance(grid_, task_.cell.demDepth, 0) || isAtRim(level, at));
    }

    Status makeTiles(const Cell& cell, const glm::ivec2& at) {
        const int level = cell.depth - own_.depth;
        if (!hasLand(level, at)) {
            return ok();
        }
        const int halvings = halvingsFor(tileIntervals(level));
        const double lost = deviation(level, at, 0, halvings);
        const bool mayGoOn = level < levels_;
        // The first levels are no cells of the globe's tiling: there are always some that are.
        bool hasChildren =
            mayGoOn && (cell.depth < kAlignedDepth || hasFinerOrtho(level, cell, at) ||
                        isCoarse(level, cell, at, lost));
        const double pixel = grid_.metresPerPixel(cell.depth);
        const double tolerance = hasChildren
                                     ? innerTolerance(pixel, lost)
                                     : leafTolerance(grid_, task_.cell.demDepth, cell.depth);
        const auto tile = makeTile(
            cell,
            prepared_[static_cast<std::size_t>(level)],
            at,
            {.toleranceMetres = tolerance,
             .borderToleranceMetres = leafTolerance(grid_, task_.plan->demDepth, cell.depth),
             .unmeasuredMetres = unmeasured(level, at)},
            task_.style);
        if (!tile) {
            return tile.error();
        }
        if (*tile) {
            result_.tiles.push_back(**tile);
            // Land so rough that posts as far apart as the DEM's own, but not where it has them,
            // err.
            hasChildren = hasChildren || (mayGoOn && (*tile)->errorMetres > pixel);
        }
        if (!hasChildren) {
            return ok();
        }
        for (const std::uint32_t north : {0U, 1U}) {
            for (const std::uint32_t east : {0U, 1U}) {
                const glm::ivec2 below = 2 * at + glm::ivec2(east, north);
                if (const Status finer = makeTiles(cell.child(east, north), below); !finer) {
                    return finer;
                }
            }
        }
        return ok();
    }

    Status store() {
        const int halvings = halvingsFor(tileIntervals(0));
        const Lattice& land = lattices_->at(halvings);
        return storeCell(
            task_.store,
            own_,
            {.land = cut(land, 0, 0, land.intervals, 0),
             .deviationMetres = deviation(0, {0, 0}, 0, halvings) +
                                deviationBetweenPosts(lattices_->at(0), 0, 0, intervals()),
             .picture = std::move(prepared_.front().picture)});
    }

    const CellTask& task_;
    const engine::UnitContext& context_;
    const CellGrid& grid_;
    Cell own_;
    int levels_ = 0;        ///< Below the cell itself.
    int tileIntervals_ = 0; ///< Of the finest lattice, in each of the finest tiles.
    std::optional<Lattices> lattices_;
    std::vector<TileLevel> prepared_; ///< From the cell itself down.
    CellResult result_;
};

} // namespace

Result<CellResult> buildBaseCell(const CellTask& task, const engine::UnitContext& context) {
    return BaseCell(task, context).build();
}

Result<CellResult> buildUpperCell(const CellTask& task) {
    const Cell& cell = task.cell.cell;
    const CellGrid& grid = task.plan->grid;
    CellStore store(task.store, *task.plan, cell);
    const int most = apronFor(rimOptions(grid, cell.depth, kMostIntervals));
    Result<CellStore::Joined> joined = store.join(2 * most);
    Result<image::Raster> picture = store.joinPictures();
    if (!joined || !picture) {
        return joined ? picture.error() : joined.error();
    }
    if (joined->land.intervals == 0) {
        return leaveNothing(task);
    }
    Lattices lattices(std::move(joined->land));
    const int joinedIntervals = lattices.at(0).intervals;
    const int halvings = halvingsFor(joinedIntervals);
    TileLevel level{.intervals = joinedIntervals >> halvings, .measuredIntervals = joinedIntervals};
    level.land = meshedLand(lattices.at(halvings), rimOptions(grid, cell.depth, level.intervals));
    level.plain = plainLand(lattices.at(0));
    level.picture = halved(*picture);
    const double lost = halvings > 0 ? deviationOfHalf(lattices.at(0), 0, 0, joinedIntervals) : 0.0;
    const double pixel = grid.metresPerPixel(cell.depth);
    const double below = joined->deviationMetres;
    CellResult result;
    const auto tile =
        makeTile(cell,
                 level,
                 {0, 0},
                 {.toleranceMetres = innerTolerance(pixel, lost + below),
                  .borderToleranceMetres = leafTolerance(grid, task.plan->demDepth, cell.depth),
                  .unmeasuredMetres = below},
                 task.style);
    if (!tile) {
        return tile.error();
    }
    if (*tile) {
        result.tiles.push_back(**tile);
    }
    const Lattice& land = lattices.at(halvings);
    if (const Status stored = storeCell(task.store,
                                        cell,
                                        {.land = cut(land, 0, 0, land.intervals, 0),
                                         .deviationMetres = lost + below,
                                         .picture = std::move(level.picture)});
        !stored) {
        return stored.error();
    }
    return result;
}

} // namespace pipeline::terrain
