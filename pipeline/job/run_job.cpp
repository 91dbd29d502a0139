#include "pipeline/job/run_job.h"

#include "pipeline/emit/emit.h"
#include "pipeline/job/block_stage.h"
#include "pipeline/job/folder_lock.h"
#include "pipeline/job/must.h"
#include "pipeline/job/pyramid.h"
#include "tiles3d/base/file.h"
#include "tiles3d/crs/transform.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
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

/// removeStale() and startFresh() delete what they do not know: never a delivery.
Status checkApart(const scan::CityProject& project, const fs::path& out) {
    for (const scan::ObliqueSource& source : project.oblique) {
        for (const char* own : {"oblique", "overview"}) {
            if (isBelow(source.path, out / own)) {
                return Error{toUtf8(out / own) + ": what a build replaces, but the delivery " +
                             toUtf8(source.path) + " lies in it. Give another --out"};
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
    for (const char* folder : {"oblique", "overview"}) {
        fs::remove_all(out / folder, error);
    }
    for (const char* name : {"ledger.sqlite", "ledger.sqlite-journal"}) {
        fs::remove(out / ".city3d" / name, error);
    }
}

/// city.json with what was resolved written in.
Json resolvedProject(const scan::CityProject& project, const scan::SourceCatalogue& catalogue) {
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
    json.set("output",
             Json::object()
                 .set("geometry", scan::toWord(project.output.geometry))
                 .set("texture", scan::toWord(project.output.texture))
                 .set("chains", scan::toWord(project.output.chains))
                 .set("overview", scan::toWord(project.output.overview)));
    return json;
}

void writeReports(const BuildReport& report,
                  const scan::CityProject& project,
                  const scan::SourceCatalogue& catalogue,
                  const fs::path& out) {
    const auto write = [&](const char* name, const std::string& text) {
        must(tiles3d::base::writeFile(out / name, std::string_view(text)), "report");
    };
    write("city.json", resolvedProject(project, catalogue).dump(true) + "\n");
    write("report.json", toJson(report, project, catalogue).dump(true) + "\n");
    write("report.html", toHtml(report, project, catalogue));
}

/// Nodes and tilesets above the blocks that an earlier build wrote and this one did not.
void removeStaleOverview(const emit::City& city,
                         const std::set<fs::path>& tilesets,
                         const fs::path& out) {
    std::set<fs::path> wanted = tilesets;
    for (const emit::PlacedNode& node : city.nodes) {
        wanted.insert(node.content);
    }
    std::vector<fs::path> stale;
    std::error_code error;
    for (fs::recursive_directory_iterator entries(out / "overview", error), end;
         !error && entries != end;
         entries.increment(error)) {
        if (!entries->is_directory() && !wanted.contains(entries->path().lexically_relative(out))) {
            stale.push_back(entries->path());
        }
    }
    for (const fs::path& file : stale) {
        fs::remove(file, error);
        fs::remove(file.parent_path(), error); // if that was its last
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
    must(checkApart(project, options.out), "output");
    const scan::SourceCatalogue catalogue = must(scanSources(project, options.scan), "scan");
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
    const Pyramid pyramid = buildPyramid(project, catalogue, options, ledger, engine, listener);
    const auto pyramidDone = Clock::now();
    removeStaleOverview(
        pyramid.city, must(emit::emitTileset(pyramid.city, options.out), "emit"), options.out);
    BuildReport report = must(reportFromLedger(ledger), "ledger");
    tellSuperseded(report, listener);
    report.city = project.name;
    report.unitsDoneNow = doneNow;
    report.nodesDoneNow = pyramid.nodesDoneNow;
    must(ledger.compact(), "ledger");
    report.stages = {{"blocks", secondsBetween(start, blocksDone)},
                     {"overview", secondsBetween(blocksDone, pyramidDone)},
                     {"rest", secondsBetween(pyramidDone, Clock::now())}};
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
