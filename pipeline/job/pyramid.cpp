#include "pipeline/job/pyramid.h"

#include "pipeline/job/block_stage.h"
#include "pipeline/job/must.h"
#include "pipeline/job/run_units.h"
#include "pipeline/oblique/block_task.h"
#include "pipeline/oblique/geometric_error.h"
#include "pipeline/overview/city_plane.h"
#include "pipeline/overview/node.h"
#include "pipeline/overview/overview_plan.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/hash.h"

#include <fmt/format.h>
#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace pipeline::job {

using tiles3d::base::Json;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::tileset::Limits;
namespace fs = std::filesystem;
namespace ts = tiles3d::tileset;

namespace {

/// Changes whenever the same children would give other output bytes.
constexpr std::string_view kOverviewVersion = "city3d overview 4";

overview::Leaf leafOf(const LedgerRow& row, const oblique::BlockResult& result) {
    const auto& axes = result.boxEcef.halfAxes;
    return {.name = row.unit,
            .file = fs::path("oblique") / row.unit / "tileset.json",
            .boxEcef = result.boxEcef,
            .geometricErrorMetres = result.geometricErrorMetres,
            .metresPerPixel = result.metresPerPixel,
            .sizeMetres = 2.0 * std::max(glm::length(axes[0]), glm::length(axes[1])),
            .fingerprint = row.fingerprint};
}

overview::CityPlane planeFor(const scan::CityProject& project,
                             const scan::SourceCatalogue& catalogue,
                             const std::vector<overview::Leaf>& leaves) {
    const scan::Production& first = catalogue.productions.front();
    return must(overview::CityPlane::create({.planeCrs = project.planeCrs,
                                             .crs = first.crs,
                                             .heights = first.heights,
                                             .origin = first.origin,
                                             .firstBlock = {leaves.front().boxEcef.centre}}),
                "overview");
}

class Building {
public:
    Building(const scan::CityProject& project,
             const JobOptions& options,
             std::vector<overview::Leaf> leaves,
             const overview::CityPlane& plane)
        : codecs_(project.output), out_(options.out), leaves_(std::move(leaves)),
          frame_(plane.frame()) {
        for (overview::Leaf& leaf : leaves_) {
            leaf.plane = must(plane.toPlane({leaf.boxEcef.centre}), "block " + leaf.name);
        }
        if (project.output.overview == scan::Overview::Build) {
            plan_ = overview::planOverview(
                leaves_, {.origin = plane.origin(), .pitchMetres = overview::pitchOf(leaves_)});
        }
        results_.resize(plan_.nodes.size());
        for (const overview::PlannedNode& node : plan_.nodes) {
            limits_.push_back(leafLimits(node));
            fingerprints_.push_back(fingerprintOf(node));
        }
    }

    Pyramid run(Ledger& ledger, engine::IEngine& engine, IJobListener& listener) {
        forgetStale(ledger);
        const std::vector<std::size_t> due = dueNodes(ledger);
        Progress progress{.what = "overview nodes", .allUnits = due.size()};
        for (int height = 1; progress.doneUnits < due.size(); ++height) {
            std::vector<std::size_t> level;
            std::ranges::copy_if(due, std::back_inserter(level), [&](std::size_t i) {
                return plan_.nodes[i].height == height;
            });
            buildLevel(level, ledger, engine, [&] {
                ++progress.doneUnits;
                listener.onProgress(progress);
            });
        }
        return {.city = city(), .nodes = plan_.nodes.size(), .nodesDoneNow = due.size()};
    }

private:
    static std::string unitOf(const overview::PlannedNode& node) {
        return kOverviewUnit + node.name();
    }
    static fs::path contentOf(const overview::PlannedNode& node) {
        return fs::path("overview") / (node.name() + ".glb");
    }

    Limits leafLimits(const overview::PlannedNode& node) const {
        Limits limits;
        for (const std::size_t leaf : node.leaves) {
            limits.include(ts::limitsOf(leaves_[leaf].boxEcef, frame_.fromEcefMatrix()));
        }
        for (const std::size_t child : node.nodes) {
            limits.include(limits_[child]);
        }
        return limits;
    }

    std::string fingerprintOf(const overview::PlannedNode& node) const {
        tiles3d::base::Fingerprint fingerprint;
        fingerprint.add(kOverviewVersion);
        fingerprint.add(scan::toWord(codecs_.geometry));
        fingerprint.add(scan::toWord(codecs_.texture));
        const glm::dvec3& origin = frame_.toEcefMatrix()[3];
        fingerprint.add(fmt::format("{},{},{}", origin.x, origin.y, origin.z));
        for (const std::size_t leaf : node.leaves) {
            fingerprint.add(leaves_[leaf].name);
            fingerprint.add(leaves_[leaf].fingerprint);
        }
        for (const std::size_t child : node.nodes) {
            fingerprint.add(fingerprints_[child]);
        }
        return fingerprint.hex();
    }

    /// Rows and files of nodes that are no longer.
    void forgetStale(Ledger& ledger) const {
        std::set<std::string> wanted;
        for (const overview::PlannedNode& node : plan_.nodes) {
            wanted.insert(unitOf(node));
        }
        must(forgetOthers(ledger, kOverviewUnit, wanted), "ledger");
    }

    /// What has to be built; the results of the rest are taken over.
    std::vector<std::size_t> dueNodes(Ledger& ledger) {
        std::vector<std::size_t> due;
        std::vector<std::string> stale;
        for (std::size_t i = 0; i < plan_.nodes.size(); ++i) {
            const std::string unit = unitOf(plan_.nodes[i]);
            const auto known = must(ledger.find(unit), "ledger");
            const bool isThere = fs::exists(out_ / contentOf(plan_.nodes[i]));
            if (known && known->fingerprint == fingerprints_[i] && isThere) {
                results_[i] = overview::nodeResultFrom(known->result);
                continue;
            }
            stale.push_back(unit);
            must(tiles3d::base::makeFolder((out_ / contentOf(plan_.nodes[i])).parent_path()),
                 "output");
            due.push_back(i);
        }
        must(ledger.forget(stale), "ledger");
        return due;
    }

    overview::NodeTask taskOf(std::size_t index) const {
        const overview::PlannedNode& node = plan_.nodes[index];
        overview::NodeTask task{.output = out_ / contentOf(node),
                                .cityFromEcef = frame_.fromEcefMatrix(),
                                .metresPerPixel = node.metresPerPixel,
                                .codecs = codecs_};
        task.centre = (limits_[index].minimum + limits_[index].maximum) / 2.0;
        for (const std::size_t leaf : node.leaves) {
            task.children.push_back({.file = out_ / leaves_[leaf].file, .isBlock = true});
        }
        for (const std::size_t child : node.nodes) {
            task.children.push_back({.file = out_ / contentOf(plan_.nodes[child])});
        }
        return task;
    }

    void buildLevel(const std::vector<std::size_t>& level,
                    Ledger& ledger,
                    engine::IEngine& engine,
                    const std::function<void()>& onDone) {
        std::vector<engine::Unit> units;
        units.reserve(level.size());
        for (const std::size_t i : level) {
            units.push_back({.name = "overview node " + plan_.nodes[i].name()});
        }
        const engine::Work work = [&](std::size_t i, const engine::UnitContext& /*context*/) {
            const auto result = overview::buildNode(taskOf(level[i]));
            return result ? Result<std::string>(overview::toJson(*result).dump())
                          : Result<std::string>(result.error());
        };
        runUnits(
            {engine, ledger, out_, "overview"}, units, work, [&](std::size_t i, const Json& json) {
                results_[level[i]] = overview::nodeResultFrom(json);
                onDone();
                return LedgerRow{.unit = unitOf(plan_.nodes[level[i]]),
                                 .fingerprint = fingerprints_[level[i]],
                                 .result = json};
            });
    }

    emit::City city() const {
        emit::City city{.frame = frame_};
        for (const overview::Leaf& leaf : leaves_) {
            city.parts.push_back({.file = leaf.file,
                                  .boxEcef = leaf.boxEcef,
                                  .geometricErrorMetres = leaf.geometricErrorMetres});
        }
        for (std::size_t i = 0; i < plan_.nodes.size(); ++i) {
            const overview::PlannedNode& node = plan_.nodes[i];
            city.nodes.push_back(
                {.content = contentOf(node),
                 .limits = results_[i].limits,
                 .geometricErrorMetres = oblique::kScreenSpaceErrorPixels * node.metresPerPixel,
                 .parts = node.leaves,
                 .nodes = node.nodes});
        }
        return city;
    }

    scan::OutputOptions codecs_;
    fs::path out_;
    std::vector<overview::Leaf> leaves_;
    tiles3d::geo::EnuFrame frame_;
    overview::OverviewPlan plan_;
    std::vector<Limits> limits_; ///< Per node: of the blocks below it, city frame.
    std::vector<std::string> fingerprints_;
    std::vector<overview::NodeResult> results_;
};

} // namespace

std::vector<overview::Leaf> finishedBlocks(const scan::SourceCatalogue& catalogue,
                                           const Ledger& ledger) {
    const std::set<std::string> taken = blocksBelowTops(catalogue, ledger);
    std::vector<overview::Leaf> leaves;
    must(ledger.forEach([&](const LedgerRow& row) {
        if (!row.unit.starts_with('/') && !taken.contains(row.unit)) {
            const oblique::BlockResult result = oblique::blockResultFrom(row.result);
            if (result.hasTiles) {
                leaves.push_back(leafOf(row, result));
            }
        }
        return ok();
    }),
         "ledger");
    return leaves;
}

Pyramid buildPyramid(const scan::CityProject& project,
                     const scan::SourceCatalogue& catalogue,
                     std::vector<overview::Leaf> blocks,
                     const JobOptions& options,
                     Ledger& ledger,
                     engine::IEngine& engine,
                     IJobListener& listener) {
    const overview::CityPlane plane = planeFor(project, catalogue, blocks);
    return Building(project, options, std::move(blocks), plane).run(ledger, engine, listener);
}

} // namespace pipeline::job
