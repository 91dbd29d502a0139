#include "pipeline/cli/layers_command.h"

#include "pipeline/cli/console.h"
#include "pipeline/cli/progress_line.h"
#include "pipeline/planning/check/layer_check.h"
#include "pipeline/planning/layer_store.h"
#include "pipeline/scan/city_project.h"
#include "tiles3d/base/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace pipeline::cli {

using planning::ImportReport;
using planning::LayerInfo;
using planning::LayerSource;
using planning::LayerStore;
using tiles3d::base::Error;
using tiles3d::base::Json;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::toUtf8;

namespace {

namespace fs = std::filesystem;

/// In place of every city.json the layers that it names.
Status resolveProjects(LayersImportCommand& command) {
    std::vector<LayerSource> sources;
    for (const LayerSource& source : command.sources) {
        if (fs::path(source.path).filename() != "city.json") {
            sources.push_back(source);
            continue;
        }
        const Result<scan::CityProject> project = scan::readProject(source.path);
        if (!project) {
            return project.error();
        }
        sources.insert(sources.end(), project->layers.begin(), project->layers.end());
        if (command.options.planeCrs.empty()) {
            command.options.planeCrs = project->planeCrs;
        }
    }
    command.sources = std::move(sources);
    return command.options.planeCrs.empty()
               ? Status(Error{"in which plane is the city? Give --plane-crs EPSG:4548, or "
                              "\"plane_crs\" in city.json"})
               : ok();
}

ExitCode runCommand(LayersImportCommand command) {
    if (const Status resolved = resolveProjects(command); !resolved) {
        return fail(resolved.error().message);
    }
    const planning::GdalRuntime gdal;
    CountProgress progress;
    command.options.onProgress = [&](const planning::ImportProgress& now) {
        progress.show(now.features, "features", now.layer);
    };
    const Result<ImportReport> report =
        planning::importLayers(command.sources, command.out, command.options);
    progress.clear();
    if (!report) {
        return fail(report.error().message);
    }
    print(command.asJson ? planning::toJson(*report).dump(true) + "\n" : planning::toText(*report));
    return report->hasLosses() ? ExitCode::DoneWithLosses : ExitCode::Done;
}

const char* wordFor(planning::GeometryKind kind) {
    switch (kind) {
    case planning::GeometryKind::Polygon:
        return "areas";
    case planning::GeometryKind::Line:
        return "lines";
    case planning::GeometryKind::Point:
        break;
    }
    return "points";
}

Json layerJson(const LayerInfo& layer) {
    Json extent = Json::array();
    if (!layer.extent.isEmpty()) {
        for (const double side :
             {layer.extent.low.x, layer.extent.low.y, layer.extent.high.x, layer.extent.high.y}) {
            extent.push(side);
        }
    }
    return Json::object()
        .set("table", layer.table)
        .set("title", layer.title)
        .set("category", layer.category)
        .set("kind", wordFor(layer.kind))
        .set("features", static_cast<std::uint64_t>(layer.features))
        .set("extent", extent)
        .set("source_crs", layer.sourceCrs)
        .set("vintage", layer.vintage)
        .set("source", layer.source);
}

std::string layerLine(const LayerInfo& layer) {
    const std::string extent = layer.extent.isEmpty()
                                   ? "no extent"
                                   : fmt::format("{:.0f},{:.0f} to {:.0f},{:.0f}",
                                                 layer.extent.low.x,
                                                 layer.extent.low.y,
                                                 layer.extent.high.x,
                                                 layer.extent.high.y);
    std::string line =
        fmt::format("{}\n    {} {}; {}", layer.table, layer.features, wordFor(layer.kind), extent);
    const auto add = [&](const char* what, const std::string& value) {
        line += value.empty() ? "" : fmt::format("; {}{}", what, value);
    };
    add("", layer.title == layer.table ? "" : layer.title);
    add("category ", layer.category);
    add("vintage ", layer.vintage);
    add("CRS ", layer.sourceCrs);
    add("from ", layer.source);
    return line + "\n";
}

ExitCode runCommand(const LayersListCommand& command) {
    const planning::GdalRuntime gdal;
    const auto store = LayerStore::open({command.file});
    if (!store) {
        return fail(store.error().message);
    }
    Json layers = Json::array();
    std::string text;
    for (const LayerInfo& layer : (*store)->layers()) {
        layers.push(layerJson(layer));
        text += layerLine(layer);
    }
    print(command.asJson ? Json::object()
                                   .set("plane_crs", (*store)->planeCrs())
                                   .set("layers", layers)
                                   .dump(true) +
                               "\n"
                         : text + fmt::format("{} layers\n", (*store)->layers().size()));
    return ExitCode::Done;
}

ExitCode runCommand(const LayersCheckCommand& command) {
    const auto rules = command.rules.empty() ? planning::check::builtInRules()
                                             : planning::check::readRules(command.rules);
    if (!rules) {
        return fail(rules.error().message);
    }
    const planning::GdalRuntime gdal;
    const auto store = LayerStore::open({command.file});
    if (!store) {
        return fail(store.error().message);
    }
    const auto layers = planning::check::checkLayers(**store, *rules, command.jobs);
    if (!layers) {
        return fail(layers.error().message);
    }
    print(command.asJson ? planning::check::toJson(*layers).dump(true) + "\n"
                         : planning::check::toText(*layers));
    const bool isClean =
        std::ranges::all_of(*layers, [](const auto& layer) { return layer.findings.empty(); });
    return isClean ? ExitCode::Done : ExitCode::DoneWithLosses;
}

} // namespace

ExitCode run(const LayersCommand& command) {
    return std::visit([](const auto& chosen) { return runCommand(chosen); }, command);
}

} // namespace pipeline::cli
