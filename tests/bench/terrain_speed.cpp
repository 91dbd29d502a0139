#include "tests/bench/terrain_speed.h"

#include "pipeline/sample/terrain_load.h"
#include "pipeline/terrain/build_cell.h"
#include "pipeline/terrain/colours.h"
#include "pipeline/terrain/heights.h"
#include "pipeline/terrain/terrain_plan.h"
#include "tests/bench/program_cost.h"
#include "tests/support/must.h"
#include "tiles3d/base/file.h"
#include "tiles3d/gltf/glb.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace tests::bench {

namespace bench = tests::bench;
namespace terrain = pipeline::terrain;
namespace fs = std::filesystem;
using pipeline::scan::TerrainCatalogue;
using pipeline::sources::RasterReader;
using pipeline::sources::RasterWindow;

namespace {

constexpr double kMillion = 1e6;
constexpr double kWholeKilometres = 26.5;

double cpuSecondsOf(const std::function<void()>& work) {
    rusage before{};
    ::getrusage(RUSAGE_SELF, &before);
    work();
    rusage after{};
    ::getrusage(RUSAGE_SELF, &after);
    return bench::cpuSecondsOf(after) - bench::cpuSecondsOf(before);
}

void buildOnce(const fs::path& project, double kilometres, int jobs) {
    const ScratchFolder scratch;
    const ProgramCost cost = runProgram({CITY3D_PROGRAM,
                                         "build",
                                         project.string(),
                                         "--out",
                                         (scratch / "city").string(),
                                         "--jobs",
                                         std::to_string(jobs)});
    const FolderSize size = sizeOf(scratch / "city" / "terrain");
    const double posts = kilometres * kilometres; // millions, at 1 m
    const double whole = kWholeKilometres * kWholeKilometres / posts / 60.0;
    fmt::print("| {} | {} | {:.1f} s | {:.1f} s | {:.2f} M | {:.2f} | {:.1f} | {} | {:.0f} |"
               " {:.1f} min | {:.1f} min |\n",
               kilometres,
               jobs,
               cost.wallSeconds,
               cost.cpuSeconds,
               posts / cost.wallSeconds,
               4.0 * posts / cost.wallSeconds,
               static_cast<double>(size.bytes) / kMillion,
               size.files,
               cost.peakMegabytes,
               whole * cost.wallSeconds,
               whole * cost.cpuSeconds / jobs);
    std::fflush(stdout);
}

terrain::Extent extentOf(const pipeline::scan::GeoExtent& extent) {
    return {.west = extent.westDegrees,
            .south = extent.southDegrees,
            .east = extent.eastDegrees,
            .north = extent.northDegrees};
}

terrain::TerrainPlan planFor(const TerrainCatalogue& catalogue) {
    const auto& dem = catalogue.dems.front();
    const auto& ortho = catalogue.orthos.front();
    return terrain::planTerrain(
        {{.extent = extentOf(dem.extent), .groundMetres = dem.postMetres}},
        {{.extent = extentOf(ortho.extent), .groundMetres = ortho.texelMetres}});
}

terrain::GeoLattice latticeOf(const terrain::Extent& extent, int side) {
    return {.westDegrees = extent.west,
            .southDegrees = extent.south,
            .stepDegrees = (extent.east - extent.west) / side,
            .columns = side,
            .rows = side};
}

/// As many pixels of a raster's middle as lie under the extent.
RasterWindow windowUnder(const terrain::Extent& extent,
                         const pipeline::sources::RasterInfo& raster,
                         double pixelMetres) {
    constexpr double kMetresPerDegree = 111320.0;
    const double north = (extent.north - extent.south) * kMetresPerDegree / pixelMetres;
    const auto rows = std::min(static_cast<std::uint32_t>(north), raster.height);
    const auto columns =
        std::min(static_cast<std::uint32_t>(
                     north * std::cos(tiles3d::geo::Angle::degrees(extent.north).radians())),
                 raster.width);
    return {(raster.width - columns) / 2, (raster.height - rows) / 2, columns, rows};
}

/// CPU seconds.
struct Split {
    std::size_t units = 0;
    std::size_t tiles = 0;
    double all = 0.0;
    double reading = 0.0;
    double sampling = 0.0; ///< Reading included.
    double pictures = 0.0;
    double geometry = 0.0;
};

/// Reading and sampling what a unit reads and samples, once more.
void sampleAgain(const TerrainCatalogue& catalogue,
                 const terrain::Extent& extent,
                 const terrain::CellResult& result,
                 Split& split) {
    const auto& dem = catalogue.dems.front();
    const auto& ortho = catalogue.orthos.front();
    split.reading += cpuSecondsOf([&] {
        must(must(RasterReader::open(dem.raster))
                 .readHeights(windowUnder(extent, dem.raster, dem.postMetres)));
        const RasterWindow window = windowUnder(extent, ortho.raster, ortho.texelMetres);
        must(must(RasterReader::open(ortho.raster))
                 .readColours(window, window.columns, window.rows));
    });
    split.sampling += cpuSecondsOf([&] {
        const auto sideOf = [](std::uint64_t count) {
            return std::max(static_cast<int>(std::sqrt(static_cast<double>(count))), 1);
        };
        must(terrain::sampleHeights(catalogue, latticeOf(extent, sideOf(result.posts))));
        must(terrain::sampleColours(catalogue, latticeOf(extent, sideOf(result.texels))));
    });
}

/// Encoding a tile's picture and geometry once more.
void encodeAgain(const fs::path& file, double positionStepMetres, Split& split) {
    const auto model = must(tiles3d::gltf::readGlb(must(tiles3d::base::readFile(file))));
    const auto picture = must(tiles3d::image::decode(model.images.front().bytes));
    split.pictures += cpuSecondsOf([&] { must(tiles3d::image::encode(picture)); });
    split.geometry += cpuSecondsOf([&] {
        must(tiles3d::gltf::writeGlb(model,
                                     {.positionStepMetres = positionStepMetres, .isSmall = true}));
    });
}

/// Builds all units that read rasters, in this process, and their parts once more each.
void printSplit(const fs::path& project) {
    const auto catalogue =
        must(pipeline::scan::scanTerrain(must(pipeline::scan::readProject(project))));
    const terrain::TerrainPlan plan = planFor(catalogue);
    const ScratchFolder scratch;
    const terrain::Extent& land = plan.dems.front().extent;
    using tiles3d::geo::Angle;
    const tiles3d::geo::EnuFrame frame(
        {.longitude = Angle::degrees((land.west + land.east) / 2.0),
         .latitude = Angle::degrees((land.south + land.north) / 2.0)});
    terrain::CellTask task{.plan = &plan,
                           .catalogue = &catalogue,
                           .store = scratch / "",
                           .style = {.grid = plan.grid, .frame = frame, .folder = scratch / ""}};
    Split split;
    for (const terrain::PlannedCell& cell : plan.cells) {
        if (!cell.isBase) {
            continue;
        }
        task.cell = cell;
        terrain::CellResult result;
        split.all += cpuSecondsOf([&] { result = must(terrain::buildBaseCell(task, {})); });
        sampleAgain(catalogue, terrain::extentOf(plan.grid, cell.cell), result, split);
        for (const terrain::TileRecord& tile : result.tiles) {
            encodeAgain(task.style.folder / terrain::contentPath(tile.cell),
                        terrain::positionStep(plan.grid, tile.cell.depth),
                        split);
        }
        ++split.units;
        split.tiles += result.tiles.size();
    }
    fmt::print(
        "{} units that read, {} tiles, {:.1f} s of CPU: GDAL {:.0f} %, placing and"
        " interpolating {:.0f} %, JPEG {:.0f} %, Draco {:.0f} %, meshing, measuring, relief and"
        " writing {:.0f} %\n",
        split.units,
        split.tiles,
        split.all,
        100.0 * split.reading / split.all,
        100.0 * (split.sampling - split.reading) / split.all,
        100.0 * split.pictures / split.all,
        100.0 * split.geometry / split.all,
        100.0 * (split.all - split.sampling - split.pictures - split.geometry) / split.all);
}

} // namespace

void measureTerrain(double kilometres) {
    const ScratchFolder scratch;
    const auto load =
        must(pipeline::sample::writeTerrainLoad(scratch / "load", {.kilometres = kilometres}));
    fmt::print(
        "| km | jobs | wall | CPU | posts/s | Mpx/s | MB | files | peak MB | 26.5 km by wall |"
        " by CPU / jobs |\n|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (const int jobs : {1, 2}) {
        buildOnce(load.project, kilometres, jobs);
    }
    printSplit(load.project);
}

} // namespace tests::bench
