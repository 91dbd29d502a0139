#include "pipeline/verify/verify.h"

#include <fmt/format.h>

namespace pipeline::verify {

using tiles3d::base::Json;

namespace {

std::string toWord(Severity severity) {
    switch (severity) {
    case Severity::Info:
        return "info";
    case Severity::Warning:
        return "warning";
    case Severity::Error:
        break;
    }
    return "error";
}

} // namespace

std::string toText(const VerifyReport& report) {
    std::string text;
    for (const Finding& finding : report.findings) {
        text += fmt::format("{}: {}{}{}: {}\n",
                            toWord(finding.severity),
                            finding.file.empty() ? "city" : finding.file,
                            finding.where.empty() ? "" : " ",
                            finding.where,
                            finding.message);
    }
    const std::uint64_t all = report.errors + report.warnings;
    if (all > report.findings.size()) {
        text += fmt::format("... and {} more\n", all - report.findings.size());
    }
    constexpr double kMegabyte = 1e6;
    const Totals& totals = report.totals;
    text +=
        fmt::format("{} tilesets, {} tiles, {} contents, {} triangles, {:.1f} MB: {} errors, {} "
                    "warnings\n",
                    totals.tilesets,
                    totals.tiles,
                    totals.contents,
                    totals.triangles,
                    static_cast<double>(totals.contentBytes) / kMegabyte,
                    report.errors,
                    report.warnings);
    return text;
}

Json toJson(const VerifyReport& report) {
    Json findings = Json::array();
    for (const Finding& finding : report.findings) {
        findings.push(Json::object()
                          .set("severity", toWord(finding.severity))
                          .set("file", finding.file)
                          .set("where", finding.where)
                          .set("message", finding.message));
    }
    const Totals& totals = report.totals;
    return Json::object()
        .set("errors", report.errors)
        .set("warnings", report.warnings)
        .set("totals",
             Json::object()
                 .set("tilesets", totals.tilesets)
                 .set("tiles", totals.tiles)
                 .set("contents", totals.contents)
                 .set("triangles", totals.triangles)
                 .set("content_bytes", totals.contentBytes)
                 .set("images", totals.images)
                 .set("image_bytes", totals.imageBytes))
        .set("findings", findings);
}

} // namespace pipeline::verify
