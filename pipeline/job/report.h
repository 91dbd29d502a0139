#pragma once

#include "pipeline/job/ledger.h"
#include "pipeline/job/placed_rasters.h"
#include "pipeline/models/model_result.h"
#include "pipeline/oblique/block_task.h"
#include "pipeline/overview/node.h"
#include "pipeline/planning/import_report.h"
#include "pipeline/scan/city_project.h"
#include "pipeline/scan/scan.h"
#include "pipeline/terrain/cell_result.h"
#include "tiles3d/base/json.h"
#include "tiles3d/base/result.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace pipeline::job {

/// One line of the report's list of losses.
struct ReportedLoss {
    std::string unit;
    oblique::Loss loss;
};

/// Totals of one level of the pyramid above the blocks.
struct OverviewTotals {
    std::uint64_t nodes = 0;
    std::uint64_t triangles = 0;
    std::uint64_t texels = 0;
    std::uint64_t contentBytes = 0;
    double errorMetres = 0.0; ///< Largest measured by which a node was simplified.
};

/// Totals of one level of the terrain's quadtree.
struct TerrainTotals {
    std::uint64_t tiles = 0;
    std::uint64_t vertices = 0; ///< Without skirts.
    std::uint64_t triangles = 0;
    std::uint64_t texels = 0;
    std::uint64_t contentBytes = 0;
    double errorMetres = 0.0; ///< Largest measured.
};

/// What is told of the differences along the edge of the photogrammetry.
inline constexpr double kRimQuantile = 0.95;
/// A mean above it, up or down, is a mistake in a height datum, not one of surveying.
inline constexpr double kMostRimMetres = 2.0;
/// Whether that is so: a mean above it that does not come from the roofs which the edge cuts
/// through alone, since the median is more than half of it as well.
bool isRimShifted(const terrain::RimHistogram& rim);

/// Totals of the design models.
struct ModelTotals {
    std::uint64_t models = 0;
    std::uint64_t modelsWithoutTiles = 0; ///< They could not be read.
    std::uint64_t triangles = 0;
    std::uint64_t texels = 0;
    std::uint64_t sourceBytes = 0;
    std::uint64_t contentBytes = 0;
};

/// What newer vintages left of a delivery.
struct SupersededTotals {
    std::uint64_t blocks = 0;    ///< Nothing left.
    std::uint64_t cutBlocks = 0; ///< Something left.
    std::uint64_t triangles = 0; ///< Of all levels, left out.
};

/// What a build made, summed over all units.
struct BuildReport {
    std::string city;
    std::uint64_t units = 0;
    std::uint64_t unitsDoneNow = 0; ///< The others were up to date.
    std::uint64_t nodesDoneNow = 0; ///< Of the pyramid.
    std::uint64_t cellsDoneNow = 0; ///< Of the terrain.
    std::uint64_t rasters = 0;      ///< DEMs and orthophotos used; those left out are losses.
    std::vector<PlacedRaster> placedRasters; ///< The same; not from the ledger.
    std::uint64_t unitsWithoutTiles = 0;
    std::uint64_t inputFiles = 0;
    std::uint64_t convertedFiles = 0;
    std::uint64_t ignoredFiles = 0; ///< Of tops that are not wanted; not among inputFiles.
    /// This, contents, triangles and bytes: pyramid, terrain and models included.
    std::uint64_t tiles = 0;
    std::uint64_t contents = 0;
    std::uint64_t chainTiles = 0; ///< Read, but left out in favour of the pyramid.
    std::uint64_t triangles = 0;
    std::uint64_t degenerateTriangles = 0;
    std::uint64_t contentBytes = 0;
    std::map<std::string, SupersededTotals> superseded; ///< By delivery; where there is any.
    std::map<int, oblique::LevelTotals> levels;         ///< Of the blocks.
    std::map<int, OverviewTotals> overview;             ///< By quadtree level, 0 at the blocks.
    std::map<int, TerrainTotals> terrainLevels;         ///< By depth, 0 at the root.
    terrain::RimHistogram rim; ///< Photogrammetry above terrain, where they meet.
    ModelTotals models;
    planning::ImportReport layers; ///< What is lost of them counts among the losses as well.
    std::map<std::string, std::uint64_t> losses;         ///< Number per kind.
    std::map<std::string, std::uint64_t> irregularities; ///< Files per kind.
    std::vector<ReportedLoss> lossList; ///< The first kMaxListedLosses; all are in the ledger.
    glm::dvec3 minimumDegrees{1e300};   ///< Of block centres: longitude, latitude, height.
    glm::dvec3 maximumDegrees{-1e300};
    double fitResidualMetres = 0.0;
    double positionStepMetres = 0.0;
    double seconds = 0.0;
    std::vector<std::pair<std::string, double>> stages; ///< Seconds each, in their order.

    static constexpr std::size_t kMaxListedLosses = 1000;

    /// Blocks with tiles: without any, the extent means nothing.
    bool hasBlocks() const { return unitsWithoutTiles < units; }
    /// Any input that did not end as converted.
    bool hasLosses() const { return !losses.empty(); }
    void add(const std::string& unit, const oblique::BlockResult& result);
    void add(int level, const overview::NodeResult& result);
    void add(const terrain::CellResult& result);
    void add(const std::string& unit, const models::ModelResult& result);
    void add(const planning::ImportReport& result);
    void addLosses(const std::string& unit, const std::vector<oblique::Loss>& lost);
};

/// report.json: numbers and every assumption that placement rests on.
tiles3d::base::Json toJson(const BuildReport& report,
                           const scan::CityProject& project,
                           const scan::SourceCatalogue& catalogue);

/// report.html: the same for people, one file without scripts or links to elsewhere.
std::string toHtml(const BuildReport& report,
                   const scan::CityProject& project,
                   const scan::SourceCatalogue& catalogue);

/// The totals that verify compares with, from the ledger.
tiles3d::base::Result<BuildReport> reportFromLedger(const Ledger& ledger);

} // namespace pipeline::job
