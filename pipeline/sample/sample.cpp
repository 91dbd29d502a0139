#include "pipeline/sample/sample.h"

#include "pipeline/sample/block.h"
#include "pipeline/sample/delivery.h"
#include "pipeline/sample/design_model.h"
#include "pipeline/sample/planning_layers.h"
#include "pipeline/sample/rasters.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/json.h"
#include "tiles3d/base/parallel.h"

#include <fmt/format.h>
#include <glm/common.hpp>

#include <algorithm>
#include <mutex>
#include <optional>
#include <vector>

namespace pipeline::sample {

namespace {

namespace fs = std::filesystem;
using tiles3d::base::Error;
using tiles3d::base::Json;
using tiles3d::base::Result;
using tiles3d::base::Status;

BlockOptions blockOptions(const SampleOptions& options) {
    return {.finestLevel = options.finestLevel,
            .jpegQuality = options.jpegQuality,
            .detail = options.detail};
}

Status checkSample(const SampleOptions& options) {
    constexpr int kMaxTiles = 1000;
    const auto outside = [](int value, int low, int high) { return value < low || value > high; };
    if (outside(options.tilesEast, 1, kMaxTiles) || outside(options.tilesNorth, 1, kMaxTiles)) {
        return Error{fmt::format("{} x {} tiles: each side must be from 1 to {}",
                                 options.tilesEast,
                                 options.tilesNorth,
                                 kMaxTiles)};
    }
    if (options.threads < 1) {
        return Error{"no threads: it takes 1 or more"};
    }
    return checkOptions(blockOptions(options));
}

/// Counts finished parts and keeps the first failure, from several threads.
class Tally {
public:
    Tally(std::size_t total, const SampleProgress& progress) : total_(total), progress_(progress) {}

    void add(const BlockTotals& block, const std::string& name) {
        const std::scoped_lock lock(mutex_);
        ++done_;
        ++report_.blocks;
        report_.files += block.files;
        report_.bytes += block.bytes;
        report_.nodes += block.nodes;
        report_.triangles += block.triangles;
        if (progress_) {
            progress_(done_, total_, name);
        }
    }
    void fail(const Error& error) {
        const std::scoped_lock lock(mutex_);
        failure_ = failure_ ? failure_ : std::optional(error);
    }
    bool hasFailed() const {
        const std::scoped_lock lock(mutex_);
        return failure_.has_value();
    }
    Result<SampleReport> result() const {
        return failure_ ? Result<SampleReport>(*failure_) : Result<SampleReport>(report_);
    }

private:
    mutable std::mutex mutex_;
    std::size_t total_;
    const SampleProgress& progress_;
    std::size_t done_ = 0;
    SampleReport report_;
    std::optional<Error> failure_;
};

Result<SampleReport>
writeBlocks(const fs::path& data, const SampleOptions& options, const SampleProgress& progress) {
    const StreetPlan plan(options.seed);
    const auto east = static_cast<std::size_t>(options.tilesEast);
    const std::size_t count = east * static_cast<std::size_t>(options.tilesNorth);
    Tally tally(count, progress);
    tiles3d::base::parallelFor(count, options.threads, [&](std::size_t i) {
        if (tally.hasFailed()) {
            return;
        }
        const auto column = static_cast<std::int64_t>(i % east);
        const auto row = static_cast<std::int64_t>(i / east);
        const std::string name = blockName(column, row);
        const auto files = makeBlock(plan, column, row, blockOptions(options));
        const auto totals =
            files ? writeBlockFiles(data / name, *files) : Result<BlockTotals>(files.error());
        if (totals) {
            tally.add(*totals, name);
        } else {
            tally.fail(totals.error());
        }
    });
    return tally.result();
}

/// Names, pixel sizes and reach of what lies beside the blocks.
struct Companions {
    const char* dem = "dem/dem_2m.tif";
    double demMetres = 2.0;
    const char* ortho = "dom/dom_50cm.tif";
    double orthoMetres = 0.5;
    double layersMetres = 1e6; ///< Planning layers end at this easting and northing.
};

Companions companionsOf(Detail detail) {
    return detail == Detail::Full ? Companions{}
                                  : Companions{.dem = "dem/dem_10m.tif",
                                               .demMetres = 10.0,
                                               .ortho = "dom/dom_10m.tif",
                                               .orthoMetres = 10.0,
                                               .layersMetres = 2000.0};
}

/// What else a bureau delivers: terrain, orthophoto, layers, a design.
Status writeCompanions(const fs::path& folder, const SampleOptions& options) {
    const StreetPlan plan(options.seed);
    constexpr double kTileMetres = 100.0;
    const glm::dvec2 size(options.tilesEast * kTileMetres, options.tilesNorth * kTileMetres);
    const Window area{.low = {0.0, 0.0}, .high = size};
    for (const char* name : {"dem", "dom", "models"}) {
        if (auto made = tiles3d::base::makeFolder(folder / name); !made) {
            return made;
        }
    }
    const Companions files = companionsOf(options.detail);
    if (auto dem = writeDem(folder / files.dem,
                            plan,
                            area,
                            {.pixelMetres = files.demMetres, .threads = options.threads});
        !dem) {
        return dem;
    }
    if (auto dom = writeOrtho(folder / files.ortho,
                              plan,
                              area,
                              {.pixelMetres = files.orthoMetres,
                               .detail = options.detail,
                               .threads = options.threads});
        !dom) {
        return dom;
    }
    if (auto model = writeDesignModel(folder / "models"); !model) {
        return model;
    }
    return writePlanningLayers(folder / "layers", plan, glm::min(size, files.layersMetres));
}

Json layerJson(const char* path, const char* category) {
    return Json::object().set("path", path).set("category", category);
}

Json projectJson() {
    Json project = Json::object();
    project.set("name", "Sample city (synthetic)");
    project.set("plane_crs", "EPSG:4548");
    project.set("vertical", Json::object({{"datum", "EPSG:5773"}, {"geoid", "egm96_15.gtx"}}));
    project.set("oblique",
                Json(Json::Array{Json::object({{"path", "oblique"}, {"vintage", "2024-03"}})}));
    Json terrain = Json::object();
    terrain.set("dem", Json(Json::Array{"dem/*.tif"}))
        .set("ortho", Json(Json::Array{"dom/*.tif"}))
        .set("sea_level", 0.0);
    project.set("terrain", terrain);
    Json position = Json::array();
    position.push(118.0917).push(24.4458).push(4.0);
    Json tower = Json::object();
    tower.set("path", "models/proposed_tower.obj").set("position", position).set("heading_deg", 15);
    project.set("models", Json(Json::Array{tower}));
    Json layers = Json::array();
    layers.push(layerJson("layers/planning.gpkg", "planning/detailed"));
    layers.push(layerJson("layers/永久基本农田.shp", "control/permanent-basic-farmland"));
    project.set("layers", layers);
    return project;
}

} // namespace

SampleOptions leanSample() {
    return {.finestLevel = 16, .jpegQuality = 50, .detail = Detail::Lean};
}

Result<SampleReport>
writeSample(const fs::path& folder, const SampleOptions& options, const SampleProgress& progress) {
    if (auto checked = checkSample(options); !checked) {
        return checked.error();
    }
    const fs::path oblique = folder / "oblique";
    if (auto made = tiles3d::base::makeFolder(oblique / "Data"); !made) {
        return made.error();
    }
    if (auto written = tiles3d::base::writeFile(oblique / "metadata.xml", metadataXml());
        !written) {
        return written.error();
    }
    auto report = writeBlocks(oblique / "Data", options, progress);
    if (!report) {
        return report;
    }
    if (auto written = writeCompanions(folder, options); !written) {
        return written.error();
    }
    report->project = folder / "city.json";
    if (auto written = tiles3d::base::writeFile(report->project, projectJson().dump(true) + "\n");
        !written) {
        return written.error();
    }
    return report;
}

} // namespace pipeline::sample
