#include "pipeline/job/terrain_stage.h"

#include "pipeline/job/must.h"
#include "pipeline/job/run_units.h"
#include "pipeline/job/terrain_placement.h"
#include "pipeline/terrain/build_cell.h"
#include "pipeline/terrain/cell_store.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/hash.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace pipeline::job {

using terrain::CellResult;
using terrain::Extent;
using terrain::PlannedCell;
using tiles3d::base::Fingerprint;
using tiles3d::base::Json;
using tiles3d::base::Result;
namespace fs = std::filesystem;

namespace {

/// Changes whenever the same rasters, blocks and options would give other output bytes.
constexpr std::string_view kTerrainVersion = "city3d terrain 8";

terrain::TerrainPlan planFor(const scan::TerrainCatalogue& catalogue) {
    std::vector<terrain::PlannedRaster> dems;
    std::vector<terrain::PlannedRaster> orthos;
    for (const scan::DemSource& dem : catalogue.dems) {
        dems.push_back({.extent = extentOf(dem.extent), .groundMetres = dem.postMetres});
    }
    for (const scan::OrthoSource& ortho : catalogue.orthos) {
        orthos.push_back({.extent = extentOf(ortho.extent), .groundMetres = ortho.texelMetres});
    }
    return terrain::planTerrain(std::move(dems), std::move(orthos));
}

fs::path storeFolderIn(const fs::path& out) {
    return out / ".city3d" / "terrain";
}

class Stage {
public:
    Stage(const scan::CityProject& project,
          const scan::TerrainCatalogue& catalogue,
          const std::vector<overview::Leaf>& blocks,
          const tiles3d::geo::EnuFrame& frame,
          const JobOptions& options)
        : codecs_(project.output), catalogue_(catalogue), blocks_(blocks), out_(options.out),
          frame_(frame), plan_(planFor(catalogue)) {
        for (const overview::Leaf& block : blocks) {
            blockExtents_.push_back(extentOf(block.boxEcef));
        }
        for (const PlannedCell& cell : plan_.cells) {
            fingerprints_.push_back(cell.isBase ? baseFingerprint(cell) : upperFingerprint(cell));
        }
    }

    Terrain run(Ledger& ledger, engine::IEngine& engine, IJobListener& listener) {
        must(tiles3d::base::makeFolder(out_ / "terrain"), "output");
        must(tiles3d::base::makeFolder(storeFolder()), "output");
        forgetStale(ledger);
        const std::vector<std::size_t> due = dueCells(ledger);
        Progress progress{.what = "terrain cells", .allUnits = due.size()};
        for (std::size_t first = 0; first < due.size();) {
            const std::size_t end = endOfRound(due, first);
            buildRound({due.begin() + static_cast<std::ptrdiff_t>(first),
                        due.begin() + static_cast<std::ptrdiff_t>(end)},
                       ledger,
                       engine,
                       [&] {
                           ++progress.doneUnits;
                           listener.onProgress(progress);
                       });
            first = end;
        }
        for (const auto& [file, reason] : unreadable_) {
            listener.onWarning(
                file + ": cannot be read, at least in part, and is left out there: " + reason);
        }
        Terrain terrain{.tiles = {.grid = plan_.grid, .frame = frame_}, .cellsDoneNow = due.size()};
        for (const auto& [unit, tiles] : tiles_) {
            terrain.tiles.tiles.insert(terrain.tiles.tiles.end(), tiles.begin(), tiles.end());
        }
        if (codecs_.quantizedMesh && fs::exists(terrain::storePath(storeFolder(), {}))) {
            terrain.tiles.rootLand = must(terrain::readCell(storeFolder(), {}), "terrain").land;
        }
        return terrain;
    }

private:
    static std::string unitOf(const PlannedCell& cell) { return kTerrainUnit + cell.cell.name(); }
    fs::path storeFolder() const { return storeFolderIn(out_); }

    /// What a unit reads: its cell, and as much again of its neighbours.
    Extent reachOf(const PlannedCell& cell) const {
        Extent extent = terrain::extentOf(plan_.grid, cell.cell);
        const double margin = plan_.grid.sideDegrees(cell.cell.depth) / 2.0;
        extent.west -= margin;
        extent.south -= margin;
        extent.east += margin;
        extent.north += margin;
        return extent;
    }

    Fingerprint commonFingerprint(const PlannedCell& cell) const {
        Fingerprint fingerprint;
        fingerprint.add(kTerrainVersion);
        fingerprint.add(scan::toWord(codecs_.geometry));
        fingerprint.add(scan::toWord(codecs_.texture));
        fingerprint.add(std::uint64_t{codecs_.quantizedMesh});
        const glm::dvec3& origin = frame_.toEcefMatrix()[3];
        fingerprint.add(fmt::format("{},{},{}", origin.x, origin.y, origin.z));
        const terrain::CellGrid& grid = plan_.grid;
        fingerprint.add(fmt::format("{},{},{}", grid.alignedLevel, grid.alignedX, grid.alignedY));
        fingerprint.add(
            fmt::format("{},{},{}", cell.finestDepth, cell.demDepth, std::uint64_t{cell.isBase}));
        return fingerprint;
    }

    std::string baseFingerprint(const PlannedCell& cell) const {
        Fingerprint fingerprint = commonFingerprint(cell);
        const Extent reach = reachOf(cell);
        if (catalogue_.seaLevelMetres) {
            fingerprint.add(fmt::format("sea {} {}",
                                        *catalogue_.seaLevelMetres,
                                        tiles3d::crs::describe(catalogue_.seaHeights)));
        }
        fingerprint.add(static_cast<std::uint64_t>(catalogue_.nodata));
        for (std::size_t i = 0; i < plan_.dems.size(); ++i) {
            if (plan_.dems[i].extent.touches(reach)) {
                fingerprint.add(catalogue_.dems[i].fingerprint);
            }
        }
        for (std::size_t i = 0; i < plan_.orthos.size(); ++i) {
            if (plan_.orthos[i].extent.touches(reach)) {
                fingerprint.add(catalogue_.orthos[i].fingerprint);
            }
        }
        for (const std::size_t block : blocksAt(reach)) {
            fingerprint.add(blocks_[block].name);
            fingerprint.add(blocks_[block].fingerprint);
        }
        return fingerprint.hex();
    }

    /// Cells come after those that they are made from.
    std::string upperFingerprint(const PlannedCell& cell) const {
        Fingerprint fingerprint = commonFingerprint(cell);
        const Extent reach = reachOf(cell);
        for (std::size_t i = 0; i < fingerprints_.size(); ++i) {
            const PlannedCell& other = plan_.cells[i];
            if ((other.isBase || other.cell.depth == cell.cell.depth + 1) &&
                terrain::extentOf(plan_.grid, other.cell).touches(reach)) {
                fingerprint.add(fingerprints_[i]);
            }
        }
        return fingerprint.hex();
    }

    std::vector<std::size_t> blocksAt(const Extent& extent) const {
        std::vector<std::size_t> blocks;
        for (std::size_t i = 0; i < blockExtents_.size(); ++i) {
            if (blockExtents_[i].touches(extent)) {
                blocks.push_back(i);
            }
        }
        return blocks;
    }

    void forgetStale(Ledger& ledger) const {
        std::set<std::string> wanted;
        std::set<fs::path> stores;
        for (const PlannedCell& cell : plan_.cells) {
            wanted.insert(unitOf(cell));
            stores.insert(terrain::storePath(storeFolder(), cell.cell));
        }
        must(forgetOthers(ledger, kTerrainUnit, wanted), "ledger");
        std::error_code error;
        for (const fs::directory_entry& entry : fs::directory_iterator(storeFolder(), error)) {
            if (!stores.contains(entry.path())) {
                fs::remove(entry.path(), error);
            }
        }
    }

    bool isWhole(const PlannedCell& cell, const CellResult& result) const {
        const auto isThere = [&](const terrain::TileRecord& tile) {
            const bool needsMesh =
                codecs_.quantizedMesh && tile.cell.depth >= terrain::kAlignedDepth;
            return fs::exists(out_ / "terrain" / terrain::contentPath(tile.cell)) &&
                   (!needsMesh || fs::exists(out_ / "terrain" /
                                             terrain::quantizedMeshPath(
                                                 terrain::tmsTileOf(plan_.grid, tile.cell))));
        };
        return result.tiles.empty() || (fs::exists(terrain::storePath(storeFolder(), cell.cell)) &&
                                        std::ranges::all_of(result.tiles, isThere));
    }

    /// What has to be built; the results of the rest are taken over.
    std::vector<std::size_t> dueCells(Ledger& ledger) {
        std::vector<std::size_t> due;
        std::vector<std::string> stale;
        for (std::size_t i = 0; i < plan_.cells.size(); ++i) {
            const std::string unit = unitOf(plan_.cells[i]);
            const auto known = must(ledger.find(unit), "ledger");
            if (known && known->fingerprint == fingerprints_[i]) {
                CellResult result = terrain::cellResultFrom(known->result);
                if (isWhole(plan_.cells[i], result)) {
                    takeOver(unit, std::move(result));
                    continue;
                }
            }
            stale.push_back(unit);
            due.push_back(i);
        }
        must(ledger.forget(stale), "ledger");
        return due;
    }

    void takeOver(const std::string& unit, CellResult result) {
        tiles_[unit] = std::move(result.tiles);
        for (const scan::RejectedRaster& raster : result.unreadable) {
            unreadable_.emplace(raster.file, raster.reason);
        }
    }

    /// Base cells make a round, and so does each depth above them.
    std::size_t endOfRound(const std::vector<std::size_t>& due, std::size_t first) const {
        const PlannedCell& start = plan_.cells[due[first]];
        std::size_t end = first;
        while (end < due.size() && plan_.cells[due[end]].isBase == start.isBase &&
               (start.isBase || plan_.cells[due[end]].cell.depth == start.cell.depth)) {
            ++end;
        }
        return end;
    }

    terrain::CellTask taskOf(const PlannedCell& cell) const {
        terrain::CellTask task{.cell = cell,
                               .plan = &plan_,
                               .catalogue = &catalogue_,
                               .store = storeFolder(),
                               .style = {.grid = plan_.grid,
                                         .frame = frame_,
                                         .folder = out_ / "terrain",
                                         .codecs = codecs_,
                                         .writesQuantizedMesh = codecs_.quantizedMesh}};
        for (const std::size_t block : blocksAt(reachOf(cell))) {
            task.blocks.push_back(out_ / blocks_[block].file);
        }
        return task;
    }

    void buildRound(const std::vector<std::size_t>& cells,
                    Ledger& ledger,
                    engine::IEngine& engine,
                    const std::function<void()>& onDone) {
        std::vector<engine::Unit> units;
        for (const std::size_t i : cells) {
            units.push_back({.name = "terrain cell " + plan_.cells[i].cell.name()});
        }
        const engine::Work work = [&](std::size_t i, const engine::UnitContext& context) {
            const terrain::CellTask task = taskOf(plan_.cells[cells[i]]);
            const auto result = task.cell.isBase ? terrain::buildBaseCell(task, context)
                                                 : terrain::buildUpperCell(task);
            return result ? Result<std::string>(terrain::toJson(*result).dump())
                          : Result<std::string>(result.error());
        };
        runUnits(
            {engine, ledger, out_, "terrain"}, units, work, [&](std::size_t i, const Json& json) {
                const std::string unit = unitOf(plan_.cells[cells[i]]);
                takeOver(unit, terrain::cellResultFrom(json));
                onDone();
                return LedgerRow{
                    .unit = unit, .fingerprint = fingerprints_[cells[i]], .result = json};
            });
    }

    scan::OutputOptions codecs_;
    const scan::TerrainCatalogue& catalogue_;
    const std::vector<overview::Leaf>& blocks_;
    fs::path out_;
    tiles3d::geo::EnuFrame frame_;
    terrain::TerrainPlan plan_;
    std::vector<Extent> blockExtents_;
    std::vector<std::string> fingerprints_;
    std::map<std::string, std::vector<terrain::TileRecord>> tiles_; ///< By unit.
    std::map<std::string, std::string> unreadable_;                 ///< Reasons by file.
};

/// Every input ends in the ledger: rasters as used, or as left out with the reason.
void recordRasters(const scan::TerrainCatalogue& catalogue, Ledger& ledger) {
    std::vector<LedgerRow> rows;
    const auto add = [&](const std::string& file, const std::string& fingerprint, Json result) {
        rows.push_back(
            {.unit = kRasterUnit + file, .fingerprint = fingerprint, .result = std::move(result)});
    };
    for (const scan::DemSource& dem : catalogue.dems) {
        add(tiles3d::base::toUtf8(dem.raster.file),
            dem.fingerprint,
            Json::object().set("used_as", "dem"));
    }
    for (const scan::OrthoSource& ortho : catalogue.orthos) {
        add(tiles3d::base::toUtf8(ortho.raster.file),
            ortho.fingerprint,
            Json::object().set("used_as", "ortho"));
    }
    for (const scan::RejectedRaster& raster : catalogue.rejected) {
        Json loss = Json::object();
        loss.set("kind", "unreadable").set("file", raster.file).set("reason", raster.reason);
        add(raster.file, "", Json::object().set("losses", Json(Json::Array{loss})));
    }
    std::set<std::string> wanted;
    for (const LedgerRow& row : rows) {
        wanted.insert(row.unit);
    }
    must(forgetOthers(ledger, kRasterUnit, wanted), "ledger");
    must(ledger.record(rows), "ledger");
}

} // namespace

Terrain buildTerrain(const scan::CityProject& project,
                     const scan::TerrainCatalogue& catalogue,
                     const std::vector<overview::Leaf>& blocks,
                     const tiles3d::geo::EnuFrame& frame,
                     const JobOptions& options,
                     Ledger& ledger,
                     engine::IEngine& engine,
                     IJobListener& listener) {
    recordRasters(catalogue, ledger);
    tellRasters(catalogue, blocks, listener);
    if (catalogue.dems.empty()) {
        must(forgetOthers(ledger, kTerrainUnit, {}), "ledger");
        std::error_code error; // an earlier build's
        fs::remove_all(storeFolderIn(options.out), error);
        return {.tiles = {.frame = frame}};
    }
    Terrain terrain =
        Stage(project, catalogue, blocks, frame, options).run(ledger, engine, listener);
    if (terrain.tiles.tiles.empty()) {
        const std::string text = "no DEM has a height anywhere";
        if (blocks.empty()) {
            throw JobFailure(text + ": there is no city to write. Is their no-data value right?");
        }
        listener.onWarning(text + ": there is no terrain");
    }
    return terrain;
}

tiles3d::geo::EnuFrame frameFor(const scan::TerrainCatalogue& catalogue) {
    Extent land;
    for (const scan::DemSource& dem : catalogue.dems) {
        land.include(extentOf(dem.extent));
    }
    using tiles3d::geo::Angle;
    return tiles3d::geo::EnuFrame({.longitude = Angle::degrees((land.west + land.east) / 2.0),
                                   .latitude = Angle::degrees((land.south + land.north) / 2.0)});
}

} // namespace pipeline::job
