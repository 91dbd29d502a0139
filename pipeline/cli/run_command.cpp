#include "pipeline/cli/run_command.h"

#include "pipeline/cli/console.h"
#include "pipeline/cli/layers_command.h"
#include "pipeline/cli/progress_line.h"
#include "pipeline/engine/local_engine.h"
#include "pipeline/job/inspect.h"
#include "pipeline/job/run_job.h"
#include "pipeline/planning/gdal_runtime.h"
#include "pipeline/sample/defects.h"
#include "pipeline/sample/planning_load.h"
#include "pipeline/sample/sample.h"
#include "pipeline/sample/terrain_load.h"
#include "pipeline/verify/verify.h"
#include "tiles3d/base/file.h"

#include <fmt/format.h>

#include <cstdio>

namespace pipeline::cli {

using tiles3d::base::Result;
using tiles3d::base::toUtf8;

namespace {

namespace fs = std::filesystem;

/// A city.json, a folder with one, or a bare delivery.
Result<scan::CityProject> openProject(const fs::path& path) {
    if (path.extension() == ".json") {
        return scan::readProject(path);
    }
    if (fs::is_regular_file(path / "city.json")) {
        return scan::readProject(path / "city.json");
    }
    return scan::projectForDelivery(path);
}

ExitCode run(const PrintCommand& command) {
    print(command.text);
    return ExitCode::Done;
}

ExitCode run(const InspectCommand& command) {
    const Result<scan::CityProject> project = openProject(command.path);
    if (!project) {
        return fail(project.error().message);
    }
    engine::LocalEngine engine({.jobs = command.jobs});
    job::InspectOptions options{.scan = command.scan};
    options.sampleBytes = command.readsAll ? 0 : options.sampleBytes;
    const auto inspection = job::inspectSources(*project, options, engine);
    if (!inspection) {
        return fail(inspection.error().message);
    }
    print(command.asJson ? job::toJson(*inspection).dump(true) + "\n" : job::toText(*inspection));
    return ExitCode::Done;
}

ExitCode summarise(const job::BuildReport& report, const fs::path& out) {
    constexpr double kMegabyte = 1e6;
    print(fmt::format("{} blocks, {} tiles, {} triangles, {:.1f} MB in {:.1f} s: {}\n",
                      report.units,
                      report.tiles,
                      report.triangles,
                      static_cast<double>(report.contentBytes) / kMegabyte,
                      report.seconds,
                      toUtf8(out / "tileset.json")));
    if (!report.hasLosses()) {
        return ExitCode::Done;
    }
    std::string losses;
    for (const auto& [kind, number] : report.losses) {
        losses += fmt::format("{}{} {}", losses.empty() ? "" : ", ", number, kind);
    }
    print(fmt::format("with losses: {}; see {}\n", losses, toUtf8(out / "report.html")));
    return ExitCode::DoneWithLosses;
}

ExitCode run(const BuildCommand& command) {
    Result<scan::CityProject> project = openProject(command.path);
    if (!project) {
        return fail(project.error().message);
    }
    for (scan::ObliqueSource& source : project->oblique) {
        source.tops = command.tops.value_or(source.tops);
    }
    project->output.geometry = command.geometry.value_or(project->output.geometry);
    project->output.texture = command.texture.value_or(project->output.texture);
    project->output.chains = command.chains.value_or(project->output.chains);
    project->output.overview = command.overview.value_or(project->output.overview);
    project->output.terrainTiling = command.terrainTiling.value_or(project->output.terrainTiling);
    project->output.quantizedMesh |= command.writesQuantizedMesh;
    const planning::GdalRuntime gdal;
    engine::LocalEngine engine({.jobs = command.jobs});
    ProgressLine listener;
    const Result<job::BuildReport> report =
        job::runJob(*project,
                    {.out = fs::absolute(command.out).lexically_normal(),
                     .scan = command.scan,
                     .isFresh = command.isFresh},
                    engine,
                    listener);
    return report ? summarise(*report, command.out) : fail(report.error().message);
}

/// What the ledger says the city holds; nothing if there is no ledger.
Result<std::optional<verify::ExpectedTotals>> expectedTotals(const fs::path& out) {
    const fs::path file = out / ".city3d" / "ledger.sqlite";
    if (!fs::exists(file)) {
        return std::optional<verify::ExpectedTotals>();
    }
    const Result<job::Ledger> ledger = job::Ledger::open(file);
    if (!ledger) {
        return ledger.error();
    }
    const Result<job::BuildReport> report = job::reportFromLedger(*ledger);
    if (!report) {
        return report.error();
    }
    return std::optional(verify::ExpectedTotals{.tiles = report->tiles,
                                                .contents = report->contents,
                                                .triangles = report->triangles,
                                                .contentBytes = report->contentBytes});
}

ExitCode run(const VerifyCommand& command) {
    const auto expected = expectedTotals(command.out);
    if (!expected) {
        return fail(expected.error().message);
    }
    const auto report =
        verify::verifyOutput(command.out, {.threads = command.jobs, .expected = *expected});
    if (!report) {
        return fail(report.error().message);
    }
    print(command.asJson ? verify::toJson(*report).dump(true) + "\n" : verify::toText(*report));
    return report->hasErrors() ? ExitCode::Failed : ExitCode::Done;
}

ExitCode writeTerrain(const SampleCommand& command) {
    PartProgress progress;
    const auto report = sample::writeTerrainLoad(
        command.folder,
        {.kilometres = *command.terrainKilometres, .seed = command.seed, .threads = command.jobs},
        [&](std::size_t done, std::size_t all, const char* what) {
            progress.show(done, all, what);
        });
    progress.clear();
    if (!report) {
        return fail(report.error().message);
    }
    constexpr double kMillion = 1e6;
    print(fmt::format("{:.1f} million posts, {:.1f} million texels, {:.1f} MB: {}\n",
                      static_cast<double>(report->posts) / kMillion,
                      static_cast<double>(report->texels) / kMillion,
                      static_cast<double>(report->bytes) / kMillion,
                      toUtf8(report->project)));
    return ExitCode::Done;
}

ExitCode writePlanning(const SampleCommand& command) {
    PartProgress progress;
    const auto report =
        sample::writePlanningLoad(command.folder,
                                  {.features = command.planningFeatures,
                                   .layers = command.planningLayers,
                                   .seed = command.seed,
                                   .threads = command.jobs},
                                  [&](std::size_t done, std::size_t all, const std::string& what) {
                                      progress.show(done, all, what);
                                  });
    progress.clear();
    if (!report) {
        return fail(report.error().message);
    }
    constexpr double kMegabyte = 1e6;
    print(fmt::format("{} layers, {} features of {:.1f} vertices, {:.1f} MB: {}\n",
                      report->layers,
                      report->features,
                      static_cast<double>(report->vertices) / static_cast<double>(report->features),
                      static_cast<double>(report->bytes) / kMegabyte,
                      toUtf8(report->project)));
    return ExitCode::Done;
}

ExitCode run(const SampleCommand& command) {
    const planning::GdalRuntime gdal;
    if (command.isPlanningLoad) {
        return writePlanning(command);
    }
    if (command.terrainKilometres) {
        return writeTerrain(command);
    }
    sample::SampleOptions options = command.isLean ? sample::leanSample() : sample::SampleOptions();
    options.tilesEast = command.tilesEast;
    options.tilesNorth = command.tilesNorth;
    options.seed = command.seed;
    options.threads = command.jobs;
    if (command.finestLevel != 0) {
        options.finestLevel = command.finestLevel;
    }
    PartProgress progress;
    const auto report = sample::writeSample(
        command.folder, options, [&](std::size_t done, std::size_t all, const std::string& what) {
            progress.show(done, all, what);
        });
    progress.clear();
    if (!report) {
        return fail(report.error().message);
    }
    if (command.withDefects) {
        const fs::path defects = command.folder / "defects";
        if (const auto written = sample::writeDefects(defects, command.seed); !written) {
            return fail(written.error().message);
        }
        print(fmt::format("every known irregularity: {}\n", toUtf8(defects / "defects.json")));
    }
    constexpr double kMegabyte = 1e6;
    print(fmt::format("{} blocks, {} OSGB files, {:.1f} MB: {}\n",
                      report->blocks,
                      report->files,
                      static_cast<double>(report->bytes) / kMegabyte,
                      toUtf8(report->project)));
    return ExitCode::Done;
}

ExitCode run(const CheckSiteCommand& command) {
    return runCheckSite(command);
}

ExitCode run(const FindSitesCommand& command) {
    return runFindSites(command);
}

} // namespace

ExitCode runCommand(const Command& command) {
    return std::visit([](const auto& chosen) { return run(chosen); }, command);
}

} // namespace pipeline::cli
