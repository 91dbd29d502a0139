#include "pipeline/planning/import_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pipeline::planning {

using tiles3d::base::Json;

namespace {

/// Every count under its name.
constexpr std::array<std::pair<const char*, std::uint64_t FeatureCounts::*>, 9> kCounts{{
    {"read", &FeatureCounts::read},
    {"kept", &FeatureCounts::kept},
    {"repaired", &FeatureCounts::repaired},
    {"renumbered", &FeatureCounts::renumbered},
    {"with_heights", &FeatureCounts::withHeights},
    {"with_curves", &FeatureCounts::withCurves},
    {"dropped_empty", &FeatureCounts::empty},
    {"dropped_not_finite", &FeatureCounts::notFinite},
    {"dropped_unplaced", &FeatureCounts::unplaced},
}};

Json texts(const std::vector<std::string>& list) {
    Json json = Json::array();
    for (const std::string& text : list) {
        json.push(text);
    }
    return json;
}

std::vector<std::string> textsFrom(const Json& json) {
    std::vector<std::string> list;
    for (const Json& item : json.items()) {
        list.push_back(item.stringOr(""));
    }
    return list;
}

std::string joined(const std::vector<std::string>& list) {
    return fmt::format("{}", fmt::join(list, ", "));
}

std::string toText(const ImportedLayer& layer) {
    const std::string name = layer.source + (layer.layer.empty() ? "" : " | " + layer.layer);
    if (!layer.lost.empty()) {
        return fmt::format("LOST  {}: {}\n", name, lossOf(layer));
    }
    std::string text = fmt::format("{}{} -> {}: {} of {} features",
                                   layer.isUnchanged ? "kept  " : "      ",
                                   name,
                                   joined(layer.tables),
                                   layer.counts.kept,
                                   layer.counts.read);
    text += layer.counts.repaired > 0 ? fmt::format(", {} repaired", layer.counts.repaired) : "";
    text += layer.counts.dropped() > 0 ? fmt::format(", {} DROPPED", layer.counts.dropped()) : "";
    text += fmt::format("; {}\n", layer.crs);
    for (const std::string& note : layer.notes) {
        text += "        " + note + "\n";
    }
    return text;
}

} // namespace

void FeatureCounts::add(const FeatureCounts& other) {
    for (const auto& [name, count] : kCounts) {
        this->*count += other.*count;
    }
}

bool ImportReport::hasLosses() const {
    return std::ranges::any_of(layers, [](const ImportedLayer& layer) {
        return !layer.lost.empty() || layer.counts.dropped() > 0;
    });
}

Json toJson(const ImportedLayer& layer) {
    Json counts = Json::object();
    for (const auto& [name, count] : kCounts) {
        counts.set(name, layer.counts.*count);
    }
    return Json::object()
        .set("source", layer.source)
        .set("layer", layer.layer)
        .set("tables", texts(layer.tables))
        .set("lost", layer.lost)
        .set("kept_from", layer.keptFrom)
        .set("crs", layer.crs)
        .set("features", counts)
        .set("notes", texts(layer.notes));
}

ImportedLayer importedLayerFrom(const Json& json) {
    ImportedLayer layer{.source = json["source"].stringOr(""),
                        .layer = json["layer"].stringOr(""),
                        .tables = textsFrom(json["tables"]),
                        .lost = json["lost"].stringOr(""),
                        .keptFrom = json["kept_from"].stringOr(""),
                        .crs = json["crs"].stringOr(""),
                        .notes = textsFrom(json["notes"])};
    for (const auto& [name, count] : kCounts) {
        layer.counts.*count = static_cast<std::uint64_t>(json["features"][name].integerOr(0));
    }
    return layer;
}

Json toJson(const ImportReport& report) {
    Json layers = Json::array();
    FeatureCounts totals;
    for (const ImportedLayer& layer : report.layers) {
        layers.push(toJson(layer).set("unchanged", layer.isUnchanged));
        totals.add(layer.counts);
    }
    return Json::object()
        .set("layers", layers)
        .set("features_read", totals.read)
        .set("features_kept", totals.kept)
        .set("features_repaired", totals.repaired)
        .set("features_dropped", totals.dropped())
        .set("warnings", texts(report.warnings))
        .set("unchanged", report.isUnchanged);
}

ImportReport importReportFrom(const Json& json) {
    ImportReport report{.warnings = textsFrom(json["warnings"]),
                        .isUnchanged = json["unchanged"].boolOr(false)};
    for (const Json& layer : json["layers"].items()) {
        report.layers.push_back(importedLayerFrom(layer));
        report.layers.back().isUnchanged = layer["unchanged"].boolOr(false);
    }
    return report;
}

std::string lossOf(const ImportedLayer& layer) {
    return layer.keptFrom.empty()
               ? layer.lost
               : fmt::format("{}; {} is kept from the import of {}, with {} features",
                             layer.lost,
                             joined(layer.tables),
                             layer.keptFrom,
                             layer.counts.kept);
}

std::string toText(const ImportReport& report) {
    std::string text;
    FeatureCounts totals;
    std::size_t lost = 0;
    for (const ImportedLayer& layer : report.layers) {
        text += toText(layer);
        totals.add(layer.counts);
        lost += layer.lost.empty() ? 0U : 1U;
    }
    for (const std::string& warning : report.warnings) {
        text += "WARNING  " + warning + "\n";
    }
    text += fmt::format("{} layers, {} features of {} read; {} repaired, {} dropped, {} layers "
                        "lost{}\n",
                        report.layers.size() - lost,
                        totals.kept,
                        totals.read,
                        totals.repaired,
                        totals.dropped(),
                        lost,
                        report.isUnchanged ? "; nothing has changed since the last import" : "");
    return text;
}

} // namespace pipeline::planning
