#include "pipeline/job/run_job.h"

#include "pipeline/emit/emit_terrain.h"
#include "pipeline/job/block_stage.h"
#include "pipeline/job/folder_lock.h"
#include "pipeline/job/layer_stage.h"
#include "pipeline/job/model_stage.h"
#include "pipeline/job/must.h"
#include "pipeline/job/pyramid.h"
#include "pipeline/job/terrain_stage.h"
#include "tiles3d/base/file.h"
#include "tiles3d/crs/srs_text.h"
#include "tiles3d/crs/transform.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <system_error>

namespace pipeline::job {

using tiles3d::base::Error;
using tiles3d::base::Json;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::toUtf8;

namespace {

namespace fs = std::filesystem;

void tellAssumptions(const scan::SourceCatalogue& catalogue, IJobListener& listener) {
    for (const scan::Production& production : catalogue.productions) {
        const std::string name = toUtf8(production.name);
        listener.onMessage(fmt::format("{}: {} blocks; {}; heights: {}",
                                       name,
                                       production.blocks.size(),
                                       production.crs.understoodAs,
                                       tiles3d::crs::describe(production.heights)));
        for (const std::string& warning : production.warnings) {
            listener.onWarning(name + ": " + warning);
        }
    }
}

void tellSuperseded(const BuildReport& report, IJobListener& listener) {
    for (const auto& [delivery, superseded] : report.superseded) {
        listener.onMessage(fmt::format("{}: newer vintages show the place of {} of its blocks and "
                                       "of parts of {} more: {} triangles left out",
                                       delivery,
                                       superseded.blocks,
                                       superseded.cutBlocks,
                                       superseded.triangles));
    }
}

/// Where the delivery's origin stands, before any work starts: a wrong CRS shows here.
void tellOrigins(const scan::SourceCatalogue& catalogue, IJobListener& listener) {
    for (const scan::Production& production : catalogue.productions) {
        const auto transform =
            must(tiles3d::crs::Transform::create(production.crs, production.heights),
                 toUtf8(production.name));
        const auto place = transform.toCartographic(production.origin);
        if (place) {
            listener.onMessage(fmt::format("{}: its origin stands at longitude {:.6f}, latitude "
                                           "{:.6f}, ellipsoidal height {:.1f} m",
                                           toUtf8(production.name),
                                           place->longitude.degrees(),
                                           place->latitude.degrees(),
                                           place->heightMetres));
        }
    }
}

bool isBelow(const fs::path& path, const fs::path& folder) {
    const fs::path way =
        fs::weakly_canonical(path).lexically_relative(fs::weakly_canonical(folder));
    return !way.empty() && *way.begin() != "..";
}

/// What a build replaces, relative to OUT.
constexpr std::array kOwnFolders = {"oblique", "overview", "terrain", "models", ".city3d/terrain"};

/// Every file and folder that the city is made from.
std::vector<fs::path> inputsOf(const scan::CityProject& project,
                               const scan::SourceCatalogue& catalogue,
                               const scan::TerrainCatalogue& land) {
    std::vector<fs::path> inputs;
    for (const scan::ObliqueSource& source : project.oblique) {
        inputs.push_back(source.path);
    }
    for (const scan::DemSource& dem : land.dems) {
        inputs.push_back(dem.raster.file);
    }
    for (const scan::OrthoSource& ortho : land.orthos) {
        inputs.push_back(ortho.raster.file);
    }
    for (const scan::RejectedRaster& raster : land.rejected) {
        inputs.emplace_back(raster.file);
    }
    for (const scan::PlacedModel& model : catalogue.models) {
        inputs.push_back(model.source.path);
    }
    return inputs;
}

/// removeStale() and startFresh() delete what they do not know: never a delivery.
Status checkApart(const scan::CityProject& project,
                  const std::vector<fs::path>& inputs,
                  const fs::path& out) {
    for (const fs::path& input : inputs) {
        for (const char* own : kOwnFolders) {
            if (isBelow(input, out / own)) {
                return Error{toUtf8(out / own) + ": what a build replaces, but the delivery " +
                             toUtf8(input) + " lies in it. Give another --out"};
            }
        }
    }
    if (project.text.isObject() && isBelow(out, project.folder) && isBelow(project.folder, out)) {
        return Error{toUtf8(out / "city.json") +
                     ": the project itself, which the resolved one would replace. Give another "
                     "--out"};
    }
    return ok();
}

void prepareFolder(const JobOptions& options) {
    const fs::path own = options.out / ".city3d";
    must(tiles3d::base::makeFolder(own), "output");
}

void startFresh(const fs::path& out) {
    std::error_code error;
    for (const char* folder : kOwnFolders) {
        fs::remove_all(out / folder, error);
    }
    for (const char* name : {"ledger.sqlite", "ledger.sqlite-journal"}) {
        fs::remove(out / ".city3d" / name, error);
    }
}

/// The models as the project has them, each with what was understood of its place.
Json resolvedModels(const scan::CityProject& project, const scan::SourceCatalogue& catalogue) {
    Json models = Json::array();
    const Json::Array& written = project.text["models"].items();
    for (std::size_t i = 0; i < catalogue.models.size(); ++i) {
        const scan::PlacedModel& model = catalogue.models[i];
        Json entry = i < written.size() ? written[i] : Json::object();
        entry.set("path", toUtf8(model.source.path)).set("understood_as", model.understoodAs);
        models.push(entry);
    }
    return models;
}

/// The layers as the project has them; what is not public, passwords and the parameters of a city's
/// own grid, is cut.
Json resolvedLayers(const scan::CityProject& project) {
    Json layers = Json::array();
    const Json::Array& written = project.text["layers"].items();
    for (std::size_t i = 0; i < project.layers.size(); ++i) {
        const planning::LayerSource& source = project.layers[i];
        Json entry = written[i].isObject() ? written[i] : Json::object();
        entry.set("path", planning::withoutPassword(source.path));
        if (!source.crs.empty()) {
            entry.set("crs", tiles3d::crs::shortened(source.crs));
        }
        layers.push(entry);
    }
    return layers;
}

/// city.json with what was resolved written in.
Json resolvedProject(const scan::CityProject& project,
                     const scan::SourceCatalogue& catalogue,
                     const BuildReport& report) {
    Json json = project.text.isObject() ? project.text : Json::object();
    json.set("name", project.name);
    Json oblique = Json::array();
    for (const scan::Production& production : catalogue.productions) {
        oblique.push(Json::object()
                         .set("path", toUtf8(production.path))
                         .set("vintage", production.vintage)
                         .set("understood_as", production.crs.understoodAs)
                         .set("heights", tiles3d::crs::describe(production.heights))
                         .set("tops", scan::toWord(production.tops)));
    }
    json.set("oblique", oblique);
    if (!project.terrain.isEmpty()) {
        Json terrain = json["terrain"].isObject() ? json["terrain"] : Json::object();
        json.set("terrain", terrain.set("understood", toJson(report.placedRasters)));
    }
    if (!project.layers.empty()) {
        json.set("layers", resolvedLayers(project));
    }
    if (!catalogue.models.empty()) {
        json.set("models", resolvedModels(project, catalogue));
    }
    json.set("output",
             Json::object()
                 .set("geometry", scan::toWord(project.output.geometry))
                 .set("texture", scan::toWord(project.output.texture))
                 .set("chains", scan::toWord(project.output.chains))
                 .set("overview", scan::toWord(project.output.overview))
                 .set("terrain_tiling", scan::toWord(project.output.terrainTiling))
                 .set("quantized_mesh", project.output.quantizedMesh));
    return json;
}

void writeReports(const BuildReport& report,
                  const scan::CityProject& project,
                  const scan::SourceCatalogue& catalogue,
                  const fs::path& out) {
    const auto write = [&](const char* name, const std::string& text) {
        must(tiles3d::base::writeFile(out / name, std::string_view(text)), "report");
    };
    write("city.json", resolvedProject(project, catalogue, report).dump(true) + "\n");
    write("report.json", toJson(report, project, catalogue).dump(true) + "\n");
    write("report.html", toHtml(report, project, catalogue));
}

/// Files of a folder that an earlier build wrote and this one did not, and folders left empty.
void removeStale(const fs::path& out, const char* folder, const std::set<fs::path>& wanted) {
    std::vector<fs::path> stale;
    std::error_code error;
    for (fs::recursive_directory_iterator entries(out / folder, error), end;
         !error && entries != end;
         entries.increment(error)) {
        if (!entries->is_directory() && !wanted.contains(entries->path().lexically_relative(out))) {
            stale.push_back(entries->path());
        }
    }
    for (const fs::path& file : stale) {
        fs::remove(file, error);
        for (fs::path above = file.parent_path(); above != out && fs::remove(above, error);) {
            above = above.parent_path(); // if that was its last
        }
    }
}

/// The whole city's tilesets; what an earlier build left beside them goes.
void emitCity(emit::City city,
              const Terrain& terrain,
              const scan::OutputOptions& output,
              const fs::path& out) {
    std::set<fs::path> terrainFiles;
    if (!terrain.tiles.tiles.empty()) {
        emit::EmittedTerrain emitted = must(emit::emitTerrain(terrain.tiles, output, out), "emit");
        city.others.push_back(std::move(emitted.tileset));
        terrainFiles = std::move(emitted.files);
    }
    std::set<fs::path> overviewFiles = must(emit::emitTileset(city, out), "emit");
    for (const emit::PlacedNode& node : city.nodes) {
        overviewFiles.insert(node.content);
    }
    removeStale(out, "overview", overviewFiles);
    removeStale(out, "terrain", terrainFiles);
}

/// A city of terrain alone.
Pyramid withoutBlocks(const scan::TerrainCatalogue& land, Ledger& ledger) {
    if (land.dems.empty()) {
        const bool hasRasters = !land.orthos.empty() || !land.rejected.empty();
        throw JobFailure(hasRasters ? "neither a block nor a DEM could be used: there is no city "
                                      "to write. Terrain needs heights, under terrain.dem"
                                    : "no block could be converted: there is no city to write");
    }
    must(forgetOthers(ledger, kOverviewUnit, {}), "ledger");
    return {.city = {.frame = frameFor(land)}};
}

/// A mistake in a height datum shows where photogrammetry and terrain meet.
void tellRim(const BuildReport& report, IJobListener& listener) {
    if (report.rim.count() == 0) {
        return;
    }
    const std::string text = fmt::format("along its edge the photogrammetry lies {:.2f} m above "
                                         "the terrain (mean; median {:.2f} m, p95 {:.2f} m, "
                                         "most {:.2f} m)",
                                         report.rim.mean(),
                                         report.rim.median(),
                                         report.rim.quantile(kRimQuantile),
                                         report.rim.largest());
    if (isRimShifted(report.rim)) {
        listener.onAlert(text + ": one of the two has a wrong height datum or place");
    } else {
        listener.onMessage(text);
    }
}

using Clock = std::chrono::steady_clock;

double secondsBetween(Clock::time_point from, Clock::time_point to) {
    return std::chrono::duration<double>(to - from).count();
}

BuildReport build(const scan::CityProject& project,
                  const JobOptions& options,
                  engine::IEngine& engine,
                  IJobListener& listener) {
    const auto start = Clock::now();
    const scan::SourceCatalogue catalogue = must(scanSources(project, options.scan), "scan");
    const scan::TerrainCatalogue land = must(scanTerrain(project, options.scan), "scan");
    must(checkApart(project, inputsOf(project, catalogue, land), options.out), "output");
    tellAssumptions(catalogue, listener);
    tellOrigins(catalogue, listener);
    prepareFolder(options);
    const FolderLock lock = must(FolderLock::take(options.out / ".city3d" / "lock"), "output");
    if (options.isFresh) {
        startFresh(options.out);
    }
    Ledger ledger = must(Ledger::open(options.out / ".city3d" / "ledger.sqlite"), "ledger");
    const std::size_t doneNow =
        convertBlocks(project, catalogue, options, ledger, engine, listener);
    const auto blocksDone = Clock::now();
    const std::vector<overview::Leaf> blocks = finishedBlocks(catalogue, ledger);
    Pyramid pyramid =
        blocks.empty()
            ? withoutBlocks(land, ledger)
            : buildPyramid(project, catalogue, blocks, options, ledger, engine, listener);
    const auto pyramidDone = Clock::now();
    const Terrain terrain =
        buildTerrain(project, land, blocks, pyramid.city.frame, options, ledger, engine, listener);
    const auto terrainDone = Clock::now();
    const Models models = buildModels(project, catalogue, options, ledger, engine, listener);
    pyramid.city.others = models.tilesets;
    emitCity(std::move(pyramid.city), terrain, project.output, options.out);
    BuildReport report = must(reportFromLedger(ledger), "ledger");
    const auto treesDone = Clock::now();
    report.add(buildLayers(project, builtExtent(report, land), options, ledger, engine, listener));
    const auto layersDone = Clock::now();
    tellSuperseded(report, listener);
    report.city = project.name;
    report.unitsDoneNow = doneNow;
    report.nodesDoneNow = pyramid.nodesDoneNow;
    report.cellsDoneNow = terrain.cellsDoneNow;
    report.placedRasters = placedRasters(land);
    tellRim(report, listener);
    must(ledger.compact(), "ledger");
    report.stages = {{"blocks", secondsBetween(start, blocksDone)},
                     {"overview", secondsBetween(blocksDone, pyramidDone)},
                     {"terrain", secondsBetween(pyramidDone, terrainDone)},
                     {"models", secondsBetween(terrainDone, treesDone)},
                     {"layers", secondsBetween(treesDone, layersDone)},
                     {"rest", secondsBetween(layersDone, Clock::now())}};
    report.seconds = secondsBetween(start, Clock::now());
    writeReports(report, project, catalogue, options.out);
    return report;
}

} // namespace

Result<BuildReport> runJob(const scan::CityProject& project,
                           const JobOptions& options,
                           engine::IEngine& engine,
                           IJobListener& listener) {
    try {
        return build(project, options, engine, listener);
    } catch (const JobFailure& failure) {
        return Error{failure.what()};
    } catch (const fs::filesystem_error& failure) {
        return Error{failure.what()};
    }
}

} // namespace pipeline::job
