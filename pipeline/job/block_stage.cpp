#include "pipeline/job/block_stage.h"

#include "pipeline/job/model_stage.h"
#include "pipeline/job/must.h"
#include "pipeline/job/pyramid.h"
#include "pipeline/job/run_units.h"
#include "pipeline/oblique/convert_block.h"
#include "pipeline/oblique/convert_top.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/hash.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

namespace pipeline::job {

using tiles3d::base::Fingerprint;
using tiles3d::base::Json;
using tiles3d::base::Result;
using tiles3d::base::toUtf8;
namespace fs = std::filesystem;

namespace {

/// Changes whenever the same inputs and options would give other output bytes.
constexpr std::string_view kOutputVersion = "city3d oblique 4";

bool usesTop(const scan::Production& production) {
    return production.top && production.tops == scan::Tops::Use;
}

/// A block, or the top of its production.
struct PlannedUnit {
    const scan::Production* production = nullptr;
    const scan::Block* block = nullptr; ///< Null for the top.
    bool isOriginExplicit = false;
    bool wantsCoverage = false; ///< Blocks of an older vintage follow.
    std::string fingerprint;    ///< Of its inputs and options; see Stage::fingerprintOfRow().

    std::string name() const { return block != nullptr ? block->name : topUnitOf(*production); }
    std::uint64_t bytes() const { return block != nullptr ? block->bytes : production->top->bytes; }
};

/// Productions of the catalogue by their vintage, from the newest to the oldest: those without one
/// are the oldest.
std::map<std::string, std::vector<std::size_t>, std::greater<>>
byVintage(const scan::SourceCatalogue& catalogue) {
    std::map<std::string, std::vector<std::size_t>, std::greater<>> groups;
    for (std::size_t i = 0; i < catalogue.productions.size(); ++i) {
        groups[catalogue.productions[i].vintage].push_back(i);
    }
    return groups;
}

/// One pass over units: plan, convert what is due, keep. What is converted leaves out what the
/// productions given to supersede() show.
class Stage {
public:
    Stage(const scan::CityProject& project,
          const scan::SourceCatalogue& catalogue,
          const JobOptions& options,
          Ledger& ledger,
          engine::IEngine& engine,
          IJobListener& listener)
        : project_(project), catalogue_(catalogue), options_(options), ledger_(ledger),
          engine_(engine), listener_(listener) {}

    std::vector<PlannedUnit> planBlocks(const std::vector<std::size_t>& productions) const {
        std::vector<PlannedUnit> plan;
        for (const std::size_t i : productions) {
            const scan::Production& production = catalogue_.productions[i];
            for (const scan::Block& block : production.blocks) {
                plan.push_back({.production = &production,
                                .block = &block,
                                .isOriginExplicit = isOriginExplicit(i),
                                .wantsCoverage = hasOlder(production)});
                plan.back().fingerprint = fingerprintOf(plan.back(), block.fingerprint).hex();
            }
        }
        return plan;
    }

    /// REQUIRES: the blocks are converted.
    std::vector<PlannedUnit> planTops(const std::vector<std::size_t>& productions) {
        std::vector<PlannedUnit> plan;
        for (const std::size_t i : productions) {
            const scan::Production& production = catalogue_.productions[i];
            if (!usesTop(production)) {
                continue;
            }
            links_[&production] = linksOf(production);
            plan.push_back({.production = &production, .isOriginExplicit = isOriginExplicit(i)});
            Fingerprint print = fingerprintOf(plan.back(), production.top->fingerprint);
            for (const oblique::BlockLink& link : links_[&production]) {
                print.add(link.tileset.native());
                print.add(std::uint64_t{link.isSuperseded});
                const glm::dvec3& centre = link.boxEcef.centre;
                print.add(fmt::format(
                    "{},{},{},{}", centre.x, centre.y, centre.z, link.geometricErrorMetres));
            }
            plan.back().fingerprint = print.hex();
        }
        return plan;
    }

    std::size_t convert(const std::vector<PlannedUnit>& plan, const std::string& what) {
        Progress progress{.what = what, .allUnits = plan.size()};
        const std::vector<const PlannedUnit*> due = dueUnits(plan, progress);
        std::vector<engine::Unit> units;
        for (const PlannedUnit* unit : due) {
            units.push_back({.name = "block " + toUtf8(unit->name()), .bytes = unit->bytes()});
        }
        const engine::Work work = [&](std::size_t i, const engine::UnitContext& context) {
            return convertUnit(*due[i], context);
        };
        runUnits({engine_, ledger_, options_.out, "convert"},
                 units,
                 work,
                 [&](std::size_t i, const Json& json) {
                     const oblique::BlockResult result = oblique::blockResultFrom(json);
                     tellFirstPlace(result);
                     ++progress.doneUnits;
                     progress.doneBytes += due[i]->bytes();
                     listener_.onProgress(progress);
                     return LedgerRow{.unit = due[i]->name(),
                                      .fingerprint = fingerprintOfRow(*due[i], result),
                                      .result = json};
                 });
        return due.size();
    }

    /// What is converted from now on is older than these productions.
    /// REQUIRES: their blocks are converted; older ones follow.
    void supersede(const std::vector<std::size_t>& productions) {
        for (const std::size_t i : productions) {
            for (const scan::Block& block : catalogue_.productions[i].blocks) {
                if (const auto row = must(ledger_.find(block.name), "ledger")) {
                    newer_.add(*oblique::blockResultFrom(row->result).coverage);
                }
            }
        }
    }

private:
    bool isOriginExplicit(std::size_t production) const {
        return options_.scan.origin.has_value() || project_.oblique[production].origin.has_value();
    }

    bool hasOlder(const scan::Production& production) const {
        return std::ranges::any_of(catalogue_.productions, [&](const scan::Production& other) {
            return other.vintage < production.vintage;
        });
    }

    fs::path outputOf(const PlannedUnit& unit) const {
        return options_.out / "oblique" / unit.name();
    }

    /// A top hands over at its blocks' own roots, so their chains stay; so do those that no pyramid
    /// stands in for.
    scan::OutputOptions codecsOf(const PlannedUnit& unit) const {
        scan::OutputOptions codecs = project_.output;
        if (usesTop(*unit.production) || codecs.overview == scan::Overview::None) {
            codecs.chains = scan::Chains::Keep;
        }
        return codecs;
    }

    Fingerprint fingerprintOf(const PlannedUnit& unit, const std::string& files) const {
        const scan::Production& production = *unit.production;
        Fingerprint fingerprint;
        fingerprint.add(kOutputVersion);
        fingerprint.add(files);
        if (const auto* crs = std::get_if<tiles3d::crs::ProjectedCrs>(&production.crs.horizontal)) {
            fingerprint.add(crs->definition);
        } else {
            const auto& enu = std::get<tiles3d::crs::LocalEnu>(production.crs.horizontal).origin;
            fingerprint.add(fmt::format(
                "ENU:{},{},{}", enu.latitude.degrees(), enu.longitude.degrees(), enu.heightMetres));
        }
        fingerprint.add(tiles3d::crs::describe(production.heights));
        const glm::dvec3& origin = production.origin;
        fingerprint.add(fmt::format("{},{},{}", origin.x, origin.y, origin.z));
        const scan::OutputOptions codecs = codecsOf(unit);
        fingerprint.add(scan::toWord(codecs.geometry));
        fingerprint.add(scan::toWord(codecs.texture));
        fingerprint.add(scan::toWord(codecs.chains));
        return fingerprint;
    }

    std::vector<oblique::BlockLink> linksOf(const scan::Production& production) const {
        std::vector<oblique::BlockLink> links;
        for (const scan::Block& block : production.blocks) {
            oblique::BlockLink link{.root = block.root};
            const auto row = must(ledger_.find(block.name), "ledger");
            const oblique::BlockResult result =
                row ? oblique::blockResultFrom(row->result) : oblique::BlockResult{};
            link.isSuperseded = result.isSuperseded();
            if (result.hasTiles) {
                link.tileset = ".." / fs::path(block.name).filename() / "tileset.json";
                link.boxEcef = result.boxEcef;
                link.geometricErrorMetres = result.geometricErrorMetres;
            }
            links.push_back(std::move(link));
        }
        return links;
    }

    oblique::BlockTask taskOf(const PlannedUnit& unit) const {
        oblique::BlockTask task{.name = unit.name(),
                                .origin = unit.production->origin,
                                .isOriginExplicit = unit.isOriginExplicit,
                                .output = outputOf(unit),
                                .codecs = codecsOf(unit),
                                .newer = newer_.isEmpty() ? nullptr : &newer_,
                                .wantsCoverage = unit.wantsCoverage};
        if (unit.block != nullptr) {
            task.folder = unit.block->folder;
            task.root = unit.block->root;
        } else {
            task.folder = unit.production->top->delivery.native();
            task.root = unit.production->top->root.native();
            task.links = links_.at(unit.production);
        }
        return task;
    }

    /// Runs in a worker process, which makes OSG's registry and PROJ's objects once and keeps them.
    Result<std::string> convertUnit(const PlannedUnit& unit, const engine::UnitContext& context) {
        if (!runtime_) {
            runtime_ = std::make_unique<sources::OsgbRuntime>();
        }
        auto known = transforms_.find(unit.production);
        if (known == transforms_.end()) {
            auto made =
                tiles3d::crs::Transform::create(unit.production->crs, unit.production->heights);
            if (!made) {
                return made.error();
            }
            known = transforms_.emplace(unit.production, *std::move(made)).first;
        }
        const auto result =
            unit.block != nullptr
                ? oblique::convertBlock(taskOf(unit), *runtime_, known->second, context)
                : oblique::convertTop(taskOf(unit), *runtime_, known->second, context);
        return result ? Result<std::string>(oblique::toJson(*result).dump())
                      : Result<std::string>(result.error());
    }

    /// Where a unit stands, and what newer blocks show there, is known only once it is read.
    std::string fingerprintOfRow(const PlannedUnit& unit,
                                 const oblique::BlockResult& result) const {
        const std::string newer = newer_.fingerprint(result.cells);
        if (newer.empty()) {
            return unit.fingerprint;
        }
        Fingerprint fingerprint;
        fingerprint.add(unit.fingerprint);
        fingerprint.add(newer);
        return fingerprint.hex();
    }

    bool isUpToDate(const PlannedUnit& unit) const {
        const auto known = must(ledger_.find(unit.name()), "ledger");
        if (!known) {
            return false;
        }
        const oblique::BlockResult result = oblique::blockResultFrom(known->result);
        if (known->fingerprint != fingerprintOfRow(unit, result) ||
            result.coverage.has_value() != unit.wantsCoverage) {
            return false;
        }
        // A block without any tile has no folder; one that somebody removed is built again.
        return result.hasTiles == fs::exists(outputOf(unit) / "tileset.json");
    }

    std::vector<const PlannedUnit*> dueUnits(const std::vector<PlannedUnit>& plan,
                                             Progress& progress) {
        std::vector<const PlannedUnit*> due;
        std::vector<std::string> stale;
        for (const PlannedUnit& unit : plan) {
            if (isUpToDate(unit)) {
                ++progress.doneUnits;
                continue;
            }
            stale.push_back(unit.name());
            due.push_back(&unit);
            progress.allBytes += unit.bytes();
        }
        must(ledger_.forget(stale), "ledger");
        if (progress.doneUnits > 0) {
            listener_.onMessage(fmt::format(
                "{} of {} {} are up to date", progress.doneUnits, plan.size(), progress.what));
        }
        return due;
    }

    void tellFirstPlace(const oblique::BlockResult& result) {
        if (isPlaceTold_ || !result.hasTiles) {
            return;
        }
        isPlaceTold_ = true;
        const glm::dvec3& place = result.centreDegrees;
        listener_.onMessage(fmt::format("first block stands at longitude {:.6f}, latitude {:.6f}, "
                                        "ellipsoidal height {:.1f} m",
                                        place.x,
                                        place.y,
                                        place.z));
    }

    const scan::CityProject& project_;
    const scan::SourceCatalogue& catalogue_;
    const JobOptions& options_;
    Ledger& ledger_;
    engine::IEngine& engine_;
    IJobListener& listener_;
    std::map<const scan::Production*, std::vector<oblique::BlockLink>> links_;
    oblique::CoveredArea newer_;
    bool isPlaceTold_ = false;

    // In a worker process only.
    std::unique_ptr<sources::OsgbRuntime> runtime_;
    std::map<const scan::Production*, tiles3d::crs::Transform> transforms_;
};

/// Units of this project's deliveries.
std::set<std::string> wantedUnits(const scan::SourceCatalogue& catalogue) {
    std::set<std::string> wanted;
    for (const scan::Production& production : catalogue.productions) {
        for (const scan::Block& block : production.blocks) {
            wanted.insert(block.name);
        }
        if (production.top) {
            const std::string top = topUnitOf(production);
            wanted.insert(usesTop(production) ? top : kIgnoredUnit + top);
        }
    }
    return wanted;
}

/// Removes the outputs of units that the project no longer has, and what a killed build left.
void removeStale(const std::set<std::string>& wanted, Ledger& ledger, const fs::path& out) {
    std::vector<std::string> gone;
    for (const std::string& unit : must(ledger.units(), "ledger")) {
        const bool isBlock = !unit.starts_with('/') || unit.starts_with(kIgnoredUnit);
        if (isBlock && !wanted.contains(unit)) {
            gone.push_back(unit);
        }
    }
    must(ledger.forget(gone), "ledger");
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

/// Every input ends in the ledger: the files of a top that nobody wants, too.
void recordIgnored(const scan::SourceCatalogue& catalogue, Ledger& ledger) {
    std::vector<LedgerRow> rows;
    for (const scan::Production& production : catalogue.productions) {
        if (production.top && !usesTop(production)) {
            rows.push_back({.unit = kIgnoredUnit + topUnitOf(production),
                            .fingerprint = production.top->fingerprint,
                            .result = Json::object()
                                          .set("files", production.top->files)
                                          .set("bytes", production.top->bytes)
                                          .set("reason", "ignored: the delivery's own top")});
        }
    }
    must(ledger.record(rows), "ledger");
}

} // namespace

std::string topUnitOf(const scan::Production& production) {
    return production.name + "/Top";
}

std::size_t convertBlocks(const scan::CityProject& project,
                          const scan::SourceCatalogue& catalogue,
                          const JobOptions& options,
                          Ledger& ledger,
                          engine::IEngine& engine,
                          IJobListener& listener) {
    removeStale(wantedUnits(catalogue), ledger, options.out);
    recordIgnored(catalogue, ledger);
    Stage stage(project, catalogue, options, ledger, engine, listener);
    std::size_t done = 0;
    std::size_t older = catalogue.productions.size();
    for (const auto& [vintage, productions] : byVintage(catalogue)) {
        done += stage.convert(stage.planBlocks(productions), "blocks");
        const std::vector<PlannedUnit> tops = stage.planTops(productions);
        done += tops.empty() ? 0 : stage.convert(tops, "tops");
        older -= productions.size();
        if (older > 0) {
            stage.supersede(productions);
        }
    }
    return done;
}

std::set<std::string> blocksBelowTops(const scan::SourceCatalogue& catalogue,
                                      const Ledger& ledger) {
    std::set<std::string> below;
    for (const scan::Production& production : catalogue.productions) {
        const auto row =
            usesTop(production) ? must(ledger.find(topUnitOf(production)), "ledger") : std::nullopt;
        if (!row || !oblique::blockResultFrom(row->result).hasTiles) {
            continue;
        }
        for (const scan::Block& block : production.blocks) {
            below.insert(block.name);
        }
        for (const std::size_t i : oblique::blockResultFrom(row->result).unlinked) {
            below.erase(production.blocks[i].name);
        }
    }
    return below;
}

} // namespace pipeline::job
