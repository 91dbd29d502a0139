#include "pipeline/job/layer_stage.h"

#include "pipeline/job/must.h"
#include "pipeline/planning/import_gate.h"
#include "pipeline/planning/import_layers.h"
#include "pipeline/planning/style/embedded_legend.h"
#include "tiles3d/base/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <system_error>

namespace pipeline::job {

using planning::ImportReport;
using tiles3d::base::Json;
using tiles3d::base::ok;
using tiles3d::base::Result;

namespace {

namespace fs = std::filesystem;

constexpr const char* kFile = "planning.gpkg";
constexpr const char* kLegend = "legend.json";

/// Runs in a worker process.
Result<std::string> importInto(const scan::CityProject& project,
                               const std::optional<scan::GeoExtent>& city,
                               const fs::path& out,
                               std::size_t threads) {
    constexpr double kMarginMetres = 5000.0;
    planning::ImportOptions options{.planeCrs = project.planeCrs, .threads = threads};
    if (city) {
        const auto box = planning::planeBoxOf({city->westDegrees, city->southDegrees},
                                              {city->eastDegrees, city->northDegrees},
                                              project.planeCrs);
        if (!box) {
            return box.error();
        }
        options.cityBox = box->grownBy(kMarginMetres);
    }
    const Result<ImportReport> report =
        planning::importLayers(project.layers, out / kFile, options);
    return report ? Result<std::string>(planning::toJson(*report).dump())
                  : Result<std::string>(report.error());
}

void tell(const ImportReport& report, IJobListener& listener) {
    for (const planning::ImportedLayer& layer : report.layers) {
        const std::string name = layer.layer.empty() ? layer.source : "layer " + layer.layer;
        if (!layer.lost.empty()) {
            listener.onWarning(name + ": lost: " + planning::lossOf(layer));
        } else if (layer.counts.dropped() > 0) {
            listener.onWarning(fmt::format("{}: {} of {} features could not be used",
                                           name,
                                           layer.counts.dropped(),
                                           layer.counts.read));
        }
    }
    for (const std::string& warning : report.warnings) {
        listener.onWarning("layers: " + warning);
    }
}

void removeLayers(const fs::path& out) {
    std::error_code error;
    for (const char* name : {kFile, kLegend}) {
        fs::remove(out / name, error);
    }
}

ImportReport imported(const scan::CityProject& project,
                      const std::optional<scan::GeoExtent>& city,
                      const JobOptions& options,
                      engine::IEngine& engine) {
    const auto lostReport = [&](const std::string& reason) {
        return planning::reportOfFailure(project.layers, options.out / kFile, reason);
    };
    if (project.planeCrs.empty()) {
        return lostReport("the plane that layers are to lie in is not known; write \"plane_crs\" "
                          "into city.json");
    }
    ImportReport report;
    const auto ran = engine.run(
        {{.name = "layers"}},
        [&](std::size_t, const engine::UnitContext& context) {
            return importInto(project, city, options.out, context.threads);
        },
        [&](std::size_t, const std::string& result) -> tiles3d::base::Status {
            const auto json = tiles3d::base::parseJson(result);
            if (!json) {
                return json.error();
            }
            report = planning::importReportFrom(*json);
            return ok();
        });
    return ran ? report : lostReport(ran.error().message);
}

} // namespace

std::optional<scan::GeoExtent> builtExtent(const BuildReport& blocks,
                                           const scan::TerrainCatalogue& land) {
    std::optional<scan::GeoExtent> all;
    const auto add = [&](const scan::GeoExtent& one) {
        all = all ? scan::GeoExtent{std::min(all->westDegrees, one.westDegrees),
                                    std::min(all->southDegrees, one.southDegrees),
                                    std::max(all->eastDegrees, one.eastDegrees),
                                    std::max(all->northDegrees, one.northDegrees)}
                  : one;
    };
    if (blocks.hasBlocks()) {
        add({blocks.minimumDegrees.x,
             blocks.minimumDegrees.y,
             blocks.maximumDegrees.x,
             blocks.maximumDegrees.y});
    }
    for (const scan::DemSource& dem : land.dems) {
        add(dem.extent);
    }
    return all;
}

ImportReport buildLayers(const scan::CityProject& project,
                         const std::optional<scan::GeoExtent>& city,
                         const JobOptions& options,
                         Ledger& ledger,
                         engine::IEngine& engine,
                         IJobListener& listener) {
    if (project.layers.empty()) {
        must(ledger.forget({kLayerUnit}), "ledger");
        removeLayers(options.out);
        return {};
    }
    if (options.isFresh) {
        removeLayers(options.out);
    }
    const ImportReport report = imported(project, city, options, engine);
    must(ledger.record({{.unit = kLayerUnit, .result = planning::toJson(report)}}), "ledger");
    must(tiles3d::base::writeFile(options.out / kLegend, planning::style::embeddedLegend()),
         "layers");
    tell(report, listener);
    return report;
}

} // namespace pipeline::job
