#include "pipeline/job/report_html.h"

#include "tiles3d/base/markup.h"

#include <fmt/format.h>

namespace pipeline::job {

using tiles3d::base::escaped;

std::string row(const std::vector<std::string>& cells, const std::string& tag) {
    std::string html = "<tr>";
    for (const std::string& cell : cells) {
        html += fmt::format("<{0}>{1}</{0}>", tag, escaped(cell));
    }
    return html + "</tr>\n";
}

std::string layerTable(const planning::ImportReport& report) {
    if (report.layers.empty()) {
        return {};
    }
    std::string html = "<h2>Planning layers</h2>\n<table>\n";
    html += row(
        {"layer", "source", "CRS as understood", "features", "repaired", "dropped", "notes"}, "th");
    for (const planning::ImportedLayer& layer : report.layers) {
        html += row({fmt::format("{}", fmt::join(layer.tables, ", ")),
                     layer.source,
                     layer.crs,
                     std::to_string(layer.counts.kept),
                     std::to_string(layer.counts.repaired),
                     std::to_string(layer.counts.dropped()),
                     layer.lost.empty() ? fmt::format("{}", fmt::join(layer.notes, "; "))
                                        : "lost: " + planning::lossOf(layer)});
    }
    html += "</table>\n";
    for (const std::string& warning : report.warnings) {
        html += fmt::format("<p class=\"lost\">{}</p>\n", escaped(warning));
    }
    return html;
}

} // namespace pipeline::job
