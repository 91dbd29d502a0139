#include "pipeline/job/run_job.h"

#include "pipeline/emit/emit.h"
#include "pipeline/job/folder_lock.h"
#include "pipeline/job/must.h"
#include "pipeline/job/pyramid.h"
#include "pipeline/job/result_keeper.h"
#include "pipeline/oblique/convert_block.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/hash.h"

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

/// Changes whenever the same inputs and options would give other output bytes.
constexpr std::string_view kOutputVersion = "city3d oblique 3";

struct PlannedBlock {
    const scan::Production* production = nullptr;
    oblique::BlockTask task;
    std::string fingerprint;
    std::uint64_t bytes = 0;
};

/// What a worker process makes once and keeps: OSG's registry and PROJ's objects.
class WorkerState {
public:
    Result<std::string> convert(const PlannedBlock& block, const engine::UnitContext& context) {
        if (!runtime_) {
            runtime_ = std::make_unique<sources::OsgbRuntime>();
        }
        auto known = transforms_.find(block.production);
        if (known == transforms_.end()) {
            auto made =
                tiles3d::crs::Transform::create(block.production->crs, block.production->heights);
            if (!made) {
                return made.error();
            }
            known = transforms_.emplace(block.production, *std::move(made)).first;
        }
        const auto result = oblique::convertBlock(block.task, *runtime_, known->second, context);
        return result ? Result<std::string>(oblique::toJson(*result).dump())
                      : Result<std::string>(result.error());
    }

private:
    std::unique_ptr<sources::OsgbRuntime> runtime_;
    std::map<const scan::Production*, tiles3d::crs::Transform> transforms_;
};

std::string fingerprintOf(const scan::Block& block,
                          const scan::Production& production,
                          const oblique::BlockTask& task) {
    tiles3d::base::Fingerprint fingerprint;
    fingerprint.add(kOutputVersion);
    fingerprint.add(block.fingerprint);
    if (const auto* crs = std::get_if<tiles3d::crs::ProjectedCrs>(&production.crs.horizontal)) {
        fingerprint.add(crs->definition);
    } else {
        const auto& enu = std::get<tiles3d::crs::LocalEnu>(production.crs.horizontal).origin;
        fingerprint.add(fmt::format(
            "ENU:{},{},{}", enu.latitude.degrees(), enu.longitude.degrees(), enu.heightMetres));
    }
    fingerprint.add(tiles3d::crs::describe(production.heights));
    fingerprint.add(fmt::format("{},{},{}", task.origin.x, task.origin.y, task.origin.z));
    fingerprint.add(scan::toWord(task.codecs.geometry));
    fingerprint.add(scan::toWord(task.codecs.texture));
    fingerprint.add(scan::toWord(task.codecs.chains));
    return fingerprint.hex();
}

std::vector<PlannedBlock> planBlocks(const scan::SourceCatalogue& catalogue,
                                     const scan::CityProject& project,
                                     const JobOptions& options) {
    std::vector<PlannedBlock> plan;
    for (std::size_t i = 0; i < catalogue.productions.size(); ++i) {
        const scan::Production& production = catalogue.productions[i];
        const bool isOriginExplicit =
            options.scan.origin.has_value() || project.oblique[i].origin.has_value();
        for (const scan::Block& block : production.blocks) {
            PlannedBlock planned{.production = &production, .bytes = block.bytes};
            planned.task = {.name = block.name,
                            .folder = block.folder,
                            .root = block.root,
                            .origin = production.origin,
                            .isOriginExplicit = isOriginExplicit,
                            .output = options.out / "oblique" / block.name,
                            .codecs = project.output};
            planned.fingerprint = fingerprintOf(block, production, planned.task);
            plan.push_back(std::move(planned));
        }
    }
    return plan;
}

/// Removes the outputs of units that the project no longer has, and what a killed build left.
void removeStale(const std::vector<PlannedBlock>& plan, Ledger& ledger, const fs::path& out) {
    std::set<std::string> wanted;
    for (const PlannedBlock& block : plan) {
        wanted.insert(block.task.name);
    }
    for (const std::string& unit : must(ledger.units(), "ledger")) {
        if (!unit.starts_with(kOverviewUnit) && !wanted.contains(unit)) {
            must(ledger.forget(unit), "ledger");
        }
    }
    std::error_code error;
    std::vector<fs::path> stale;
    for (fs::directory_iterator production(out / "oblique", error), end;
         !error && production != end;
         production.increment(error)) {
        std::error_code inner;
        for (fs::directory_iterator block(production->path(), inner); !inner && block != end;
             block.increment(inner)) {
            const fs::path unit = production->path().filename() / block->path().filename();
            if (!wanted.contains(unit.string())) {
                stale.push_back(block->path());
            }
        }
    }
    for (const fs::path& folder : stale) {
        fs::remove_all(folder, error);
    }
}

bool isUpToDate(const PlannedBlock& block, const Ledger& ledger) {
    const std::optional<LedgerRow> known = must(ledger.find(block.task.name), "ledger");
    if (!known || known->fingerprint != block.fingerprint) {
        return false;
    }
    // A block without any tile has no folder; one that somebody removed is built again.
    const bool hasTiles = oblique::blockResultFrom(known->result).hasTiles;
    return hasTiles == fs::exists(block.task.output / "tileset.json");
}

void tellFirstPlace(const oblique::BlockResult& result, IJobListener& listener, bool& isTold) {
    if (isTold || !result.hasTiles) {
        return;
    }
    isTold = true;
    const glm::dvec3& place = result.centreDegrees;
    listener.onMessage(fmt::format("first block stands at longitude {:.6f}, latitude {:.6f}, "
                                   "ellipsoidal height {:.1f} m",
                                   place.x,
                                   place.y,
                                   place.z));
}

std::size_t convertBlocks(const std::vector<PlannedBlock>& plan,
                          Ledger& ledger,
                          const JobOptions& options,
                          engine::IEngine& engine,
                          IJobListener& listener) {
    std::vector<const PlannedBlock*> due;
    std::vector<engine::Unit> units;
    Progress progress{.allUnits = plan.size()};
    for (const PlannedBlock& block : plan) {
        if (isUpToDate(block, ledger)) {
            ++progress.doneUnits;
            continue;
        }
        must(ledger.forget(block.task.name), "ledger");
        due.push_back(&block);
        units.push_back({.name = "block " + toUtf8(block.task.name), .bytes = block.bytes});
        progress.allBytes += block.bytes;
    }
    if (progress.doneUnits > 0) {
        listener.onMessage(
            fmt::format("{} of {} blocks are up to date", progress.doneUnits, plan.size()));
    }
    const auto state = std::make_shared<WorkerState>();
    const engine::Work work = [&due, state](std::size_t i, const engine::UnitContext& context) {
        return state->convert(*due[i], context);
    };
    ResultKeeper keeper(ledger, options.out);
    bool isPlaceTold = false;
    const engine::OnResult onResult = [&](std::size_t i, const std::string& text) -> Status {
        const auto json = tiles3d::base::parseJson(text);
        if (!json) {
            return json.error();
        }
        tellFirstPlace(oblique::blockResultFrom(*json), listener, isPlaceTold);
        ++progress.doneUnits;
        progress.doneBytes += due[i]->bytes;
        listener.onProgress(progress);
        return keeper.keep(
            {.unit = due[i]->task.name, .fingerprint = due[i]->fingerprint, .result = *json});
    };
    const Status converted = engine.run(units, work, onResult);
    const Status kept = keeper.flush(); // what is done is done, even if the build now fails
    must(converted, "convert");
    must(kept, "ledger");
    return due.size();
}

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
                         .set("heights", tiles3d::crs::describe(production.heights)));
    }
    json.set("oblique", oblique);
    json.set("output",
             Json::object()
                 .set("geometry", scan::toWord(project.output.geometry))
                 .set("texture", scan::toWord(project.output.texture))
                 .set("chains", scan::toWord(project.output.chains)));
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
    const std::vector<PlannedBlock> plan = planBlocks(catalogue, project, options);
    removeStale(plan, ledger, options.out);
    const std::size_t doneNow = convertBlocks(plan, ledger, options, engine, listener);
    const auto blocksDone = Clock::now();
    const Pyramid pyramid = buildPyramid(project, catalogue, options, ledger, engine, listener);
    const auto pyramidDone = Clock::now();
    removeStaleOverview(
        pyramid.city, must(emit::emitTileset(pyramid.city, options.out), "emit"), options.out);
    BuildReport report = must(reportFromLedger(ledger), "ledger");
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
