#include "pipeline/job/report.h"

#include "pipeline/job/block_stage.h"
#include "pipeline/job/layer_stage.h"
#include "pipeline/job/model_stage.h"
#include "pipeline/job/pyramid.h"
#include "pipeline/job/report_html.h"
#include "pipeline/job/terrain_stage.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/markup.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace pipeline::job {

using tiles3d::base::escaped;
using tiles3d::base::Json;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::toUtf8;

namespace {

/// Null where there are no blocks.
Json place(const BuildReport& report, const glm::dvec3& degrees) {
    if (!report.hasBlocks()) {
        return {};
    }
    return Json::object()
        .set("longitude", degrees.x)
        .set("latitude", degrees.y)
        .set("ellipsoidal_height", degrees.z);
}

Json counts(const std::map<std::string, std::uint64_t>& map) {
    Json object = Json::object();
    for (const auto& [name, number] : map) {
        object.set(name, number);
    }
    return object;
}

Json levelsJson(const BuildReport& report) {
    Json levels = Json::array();
    for (const auto& [level, totals] : report.levels) {
        levels.push(Json::object()
                        .set("level", level)
                        .set("files", totals.files)
                        .set("tiles", totals.tiles)
                        .set("triangles", totals.triangles)
                        .set("texels", totals.texels)
                        .set("source_bytes", totals.sourceBytes)
                        .set("image_bytes", totals.imageBytes)
                        .set("content_bytes", totals.contentBytes)
                        .set("metres_per_pixel", totals.metresPerPixel)
                        .set("geometric_error", totals.geometricErrorMetres));
    }
    return levels;
}

Json overviewJson(const BuildReport& report) {
    Json levels = Json::array();
    for (const auto& [level, totals] : report.overview) {
        levels.push(Json::object()
                        .set("level", level)
                        .set("nodes", totals.nodes)
                        .set("triangles", totals.triangles)
                        .set("texels", totals.texels)
                        .set("content_bytes", totals.contentBytes)
                        .set("largest_error_metres", totals.errorMetres));
    }
    return levels;
}

Json terrainJson(const BuildReport& report) {
    Json levels = Json::array();
    for (const auto& [depth, totals] : report.terrainLevels) {
        levels.push(Json::object()
                        .set("depth", depth)
                        .set("tiles", totals.tiles)
                        .set("vertices", totals.vertices)
                        .set("triangles", totals.triangles)
                        .set("texels", totals.texels)
                        .set("content_bytes", totals.contentBytes)
                        .set("largest_error_metres", totals.errorMetres));
    }
    Json rim; // null where photogrammetry and terrain do not meet
    if (report.rim.count() > 0) {
        rim.set("posts", report.rim.count())
            .set("mean_metres", report.rim.mean())
            .set("median_metres", report.rim.median())
            .set("p95_metres", report.rim.quantile(kRimQuantile))
            .set("max_metres", report.rim.largest());
    }
    return Json::object()
        .set("rasters", report.rasters)
        .set("understood", toJson(report.placedRasters))
        .set("levels", levels)
        .set("photogrammetry_above_terrain_at_rim", rim);
}

Json modelsJson(const BuildReport& report) {
    const ModelTotals& models = report.models;
    return Json::object()
        .set("models", models.models)
        .set("models_without_tiles", models.modelsWithoutTiles)
        .set("triangles", models.triangles)
        .set("texels", models.texels)
        .set("source_bytes", models.sourceBytes)
        .set("content_bytes", models.contentBytes);
}

Json stagesJson(const BuildReport& report) {
    Json stages = Json::object();
    for (const auto& [name, seconds] : report.stages) {
        stages.set(name, seconds);
    }
    return stages;
}

SupersededTotals supersededOf(const BuildReport& report, const scan::Production& production) {
    const auto found = report.superseded.find(toUtf8(production.name));
    return found != report.superseded.end() ? found->second : SupersededTotals{};
}

Json deliveriesJson(const BuildReport& report, const scan::SourceCatalogue& catalogue) {
    Json deliveries = Json::array();
    for (const scan::Production& production : catalogue.productions) {
        Json warnings = Json::array();
        for (const std::string& warning : production.warnings) {
            warnings.push(warning);
        }
        const SupersededTotals superseded = supersededOf(report, production);
        deliveries.push(Json::object()
                            .set("name", toUtf8(production.name))
                            .set("path", toUtf8(production.path))
                            .set("vintage", production.vintage)
                            .set("blocks", std::uint64_t{production.blocks.size()})
                            .set("blocks_superseded_by_newer", superseded.blocks)
                            .set("blocks_cut_by_newer", superseded.cutBlocks)
                            .set("triangles_superseded_by_newer", superseded.triangles)
                            .set("crs", production.crs.understoodAs)
                            .set("heights", tiles3d::crs::describe(production.heights))
                            .set("warnings", warnings));
    }
    return deliveries;
}

constexpr double kMegabyte = 1e6;

std::string levelTable(const BuildReport& report) {
    std::string html = "<h2>Levels of detail</h2>\n<table>\n";
    html += row({"level",
                 "files",
                 "tiles",
                 "triangles",
                 "texture, Mpx",
                 "source, MB",
                 "tiles, MB",
                 "m/pixel at handover",
                 "geometric error, m"},
                "th");
    for (const auto& [level, totals] : report.levels) {
        html += row({fmt::format("L{}", level),
                     fmt::format("{}", totals.files),
                     fmt::format("{}", totals.tiles),
                     fmt::format("{}", totals.triangles),
                     fmt::format("{:.1f}", static_cast<double>(totals.texels) / kMegabyte),
                     fmt::format("{:.1f}", static_cast<double>(totals.sourceBytes) / kMegabyte),
                     fmt::format("{:.1f}", static_cast<double>(totals.contentBytes) / kMegabyte),
                     fmt::format("{:.4g}", totals.metresPerPixel),
                     fmt::format("{:.4g}", totals.geometricErrorMetres)});
    }
    return html + "</table>\n";
}

std::string overviewTable(const BuildReport& report) {
    if (report.overview.empty()) {
        return {};
    }
    std::string html = "<h2>The pyramid above the blocks</h2>\n<table>\n";
    html += row({"level", "nodes", "triangles", "texture, Mpx", "MB", "simplified by at most, m"},
                "th");
    for (const auto& [level, totals] : report.overview) {
        html += row({std::to_string(level),
                     std::to_string(totals.nodes),
                     std::to_string(totals.triangles),
                     fmt::format("{:.2f}", static_cast<double>(totals.texels) / kMegabyte),
                     fmt::format("{:.2f}", static_cast<double>(totals.contentBytes) / kMegabyte),
                     fmt::format("{:.3g}", totals.errorMetres)});
    }
    html += "</table>\n";
    if (report.chainTiles > 0) {
        html += fmt::format("<p>{} coarse tiles of the delivery show the same area as the next "
                            "finer one; the pyramid stands in for them (--chains keep keeps "
                            "them).</p>\n",
                            report.chainTiles);
    }
    return html;
}

std::string terrainPlacementTable(const BuildReport& report) {
    if (report.placedRasters.empty()) {
        return {};
    }
    std::string html = "<h2>Placement of terrain</h2>\n<table>\n";
    html += row({"files", "first", "used as", "coordinates", "heights", "m/unit", "m/pixel"}, "th");
    for (const std::vector<std::string>& cells : placementRows(report.placedRasters)) {
        html += row(cells);
    }
    return html + "</table>\n";
}

std::string terrainTable(const BuildReport& report) {
    if (report.terrainLevels.empty()) {
        return {};
    }
    std::string html =
        fmt::format("<h2>Terrain</h2>\n<p>From {} rasters.</p>\n<table>\n", report.rasters);
    html += row({"depth", "tiles", "vertices", "texture, Mpx", "MB", "measured error at most, m"},
                "th");
    for (const auto& [depth, totals] : report.terrainLevels) {
        html += row({std::to_string(depth),
                     std::to_string(totals.tiles),
                     std::to_string(totals.vertices),
                     fmt::format("{:.2f}", static_cast<double>(totals.texels) / kMegabyte),
                     fmt::format("{:.2f}", static_cast<double>(totals.contentBytes) / kMegabyte),
                     fmt::format("{:.3g}", totals.errorMetres)});
    }
    html += "</table>\n";
    if (report.rim.count() > 0) {
        const bool isWrong = isRimShifted(report.rim);
        html += fmt::format("<p{}>Along its edge the photogrammetry lies {:.2f} m above the "
                            "terrain (mean; median {:.2f} m, p95 {:.2f} m, most {:.2f} m){}.</p>\n",
                            isWrong ? " class=\"lost\"" : "",
                            report.rim.mean(),
                            report.rim.median(),
                            report.rim.quantile(kRimQuantile),
                            report.rim.largest(),
                            isWrong ? ": one of the two has a wrong height datum or place" : "");
    }
    return html;
}

std::string modelTable(const BuildReport& report) {
    const ModelTotals& models = report.models;
    if (models.models == 0) {
        return {};
    }
    std::string html = "<h2>Design models</h2>\n<table>\n";
    html += row({"models", "without tiles", "triangles", "texture, Mpx", "source, MB", "MB"}, "th");
    html += row({std::to_string(models.models),
                 std::to_string(models.modelsWithoutTiles),
                 std::to_string(models.triangles),
                 fmt::format("{:.2f}", static_cast<double>(models.texels) / kMegabyte),
                 fmt::format("{:.2f}", static_cast<double>(models.sourceBytes) / kMegabyte),
                 fmt::format("{:.2f}", static_cast<double>(models.contentBytes) / kMegabyte)});
    return html + "</table>\n";
}

std::string placementTable(const BuildReport& report, const scan::SourceCatalogue& catalogue) {
    if (!report.hasBlocks()) {
        return {};
    }
    std::string html = "<h2>Placement</h2>\n<table>\n";
    for (const scan::Production& production : catalogue.productions) {
        html += row({toUtf8(production.name), production.crs.understoodAs});
        html += row({"heights", tiles3d::crs::describe(production.heights)});
        for (const std::string& warning : production.warnings) {
            html += row({"warning", warning});
        }
    }
    html += row({"blocks from",
                 fmt::format("{:.6f}, {:.6f}", report.minimumDegrees.x, report.minimumDegrees.y)});
    html += row(
        {"to", fmt::format("{:.6f}, {:.6f}", report.maximumDegrees.x, report.maximumDegrees.y)});
    html += row({"placement against PROJ",
                 fmt::format("within {:.2g} mm", report.fitResidualMetres * 1000.0)});
    html += row({"coarsest position step",
                 fmt::format("{:.4g} mm (at most a tenth of a level's metres per pixel)",
                             report.positionStepMetres * 1000.0)});
    return html + "</table>\n";
}

std::string vintageTable(const BuildReport& report, const scan::SourceCatalogue& catalogue) {
    if (report.superseded.empty()) {
        return {};
    }
    std::string html = "<h2>Vintages</h2>\n<p>Where deliveries overlap, the newest is shown.</p>\n"
                       "<table>\n";
    html +=
        row({"delivery", "vintage", "blocks", "nothing of them left", "cut", "triangles left out"},
            "th");
    for (const scan::Production& production : catalogue.productions) {
        const SupersededTotals superseded = supersededOf(report, production);
        html += row({toUtf8(production.name),
                     production.vintage,
                     std::to_string(production.blocks.size()),
                     std::to_string(superseded.blocks),
                     std::to_string(superseded.cutBlocks),
                     std::to_string(superseded.triangles)});
    }
    return html + "</table>\n";
}

std::string lossTable(const BuildReport& report) {
    if (!report.hasLosses()) {
        return "<h2>Losses</h2>\n<p>None: every input was converted.</p>\n";
    }
    std::string html = "<h2>Losses</h2>\n<p>Where a file is lost, its parent's geometry stays in "
                       "its place.</p>\n<table>\n";
    html += row({"block", "kind", "file", "reason"}, "th");
    std::uint64_t all = 0;
    for (const auto& [kind, number] : report.losses) {
        all += number;
    }
    for (const ReportedLoss& loss : report.lossList) {
        html += row({loss.unit, oblique::toWord(loss.loss.kind), loss.loss.file, loss.loss.reason});
    }
    html += "</table>\n";
    if (all > report.lossList.size()) {
        html += fmt::format("<p>{} more: .city3d/ledger.sqlite, view losses.</p>\n",
                            all - report.lossList.size());
    }
    return html;
}

std::string irregularityTable(const BuildReport& report) {
    if (report.irregularities.empty()) {
        return {};
    }
    std::string html = "<h2>Irregularities that were kept</h2>\n<table>\n";
    html += row({"what", "how often"}, "th");
    for (const auto& [what, number] : report.irregularities) {
        html += row({what, std::to_string(number)});
    }
    return html + "</table>\n";
}

constexpr std::string_view kStyle =
    "body{font:15px/1.5 system-ui,'Noto Sans CJK SC',sans-serif;max-width:70em;margin:2em auto;"
    "padding:0 1em;color:#223}table{border-collapse:collapse;margin:.5em 0 1.5em}"
    "td,th{border:1px solid #ccd;padding:.25em .7em;text-align:left;vertical-align:top}"
    "th{background:#eef}h1{margin-bottom:0}.lost{color:#b00}";

} // namespace

bool isRimShifted(const terrain::RimHistogram& rim) {
    return std::abs(rim.mean()) > kMostRimMetres && std::abs(rim.median()) > kMostRimMetres / 2.0;
}

void BuildReport::add(const std::string& unit, const oblique::BlockResult& result) {
    ++units;
    unitsWithoutTiles += result.hasTiles ? 0 : 1;
    inputFiles += result.inputFiles;
    convertedFiles += result.convertedFiles;
    tiles += result.tiles;
    contents += result.contents;
    chainTiles += result.chainTiles;
    degenerateTriangles += result.degenerateTriangles;
    if (result.supersededTriangles > 0) {
        SupersededTotals& totals = superseded[unit.substr(0, unit.rfind('/'))];
        ++(result.isSuperseded() ? totals.blocks : totals.cutBlocks);
        totals.triangles += result.supersededTriangles;
    }
    for (const auto& [level, totals] : result.levels) {
        levels[level].add(totals);
        triangles += totals.triangles;
        contentBytes += totals.contentBytes;
    }
    for (const auto& [what, number] : result.irregularities) {
        irregularities[what] += number;
    }
    addLosses(unit, result.losses);
    if (result.hasTiles) {
        minimumDegrees = glm::min(minimumDegrees, result.centreDegrees);
        maximumDegrees = glm::max(maximumDegrees, result.centreDegrees);
    }
    fitResidualMetres = std::max(fitResidualMetres, result.fitResidualMetres);
    positionStepMetres = std::max(positionStepMetres, result.positionStepMetres);
}

void BuildReport::add(int level, const overview::NodeResult& result) {
    ++tiles;
    ++contents;
    triangles += result.triangles;
    contentBytes += result.contentBytes;
    OverviewTotals& totals = overview[level];
    ++totals.nodes;
    totals.triangles += result.triangles;
    totals.texels += result.texels;
    totals.contentBytes += result.contentBytes;
    totals.errorMetres = std::max(totals.errorMetres, result.errorMetres);
}

void BuildReport::add(const terrain::CellResult& result) {
    for (const terrain::TileRecord& tile : result.tiles) {
        ++tiles;
        ++contents;
        triangles += tile.triangles;
        contentBytes += tile.bytes;
        TerrainTotals& totals = terrainLevels[tile.cell.depth];
        ++totals.tiles;
        totals.vertices += tile.vertices;
        totals.triangles += tile.triangles;
        totals.texels += tile.texels;
        totals.contentBytes += tile.bytes;
        totals.errorMetres = std::max(totals.errorMetres, tile.errorMetres);
    }
    rim.add(result.rim);
    for (const scan::RejectedRaster& raster : result.unreadable) {
        if (std::ranges::any_of(lossList, [&](const ReportedLoss& known) {
                return known.unit == "terrain" && known.loss.file == raster.file;
            })) {
            continue; // by another cell
        }
        addLosses("terrain",
                  {{.kind = oblique::LossKind::Unreadable,
                    .file = raster.file,
                    .reason = raster.reason}});
    }
}

void BuildReport::add(const std::string& unit, const models::ModelResult& result) {
    ++models.models;
    models.modelsWithoutTiles += result.hasTiles ? 0 : 1;
    models.triangles += result.triangles;
    models.texels += result.texels;
    models.sourceBytes += result.sourceBytes;
    models.contentBytes += result.contentBytes;
    tiles += result.hasTiles ? 1 : 0;
    contents += result.hasTiles ? 1 : 0;
    triangles += result.triangles;
    degenerateTriangles += result.degenerateTriangles;
    contentBytes += result.contentBytes;
    for (const std::string& what : result.irregularities) {
        ++irregularities[what];
    }
    addLosses(unit, result.losses);
}

void BuildReport::add(const planning::ImportReport& result) {
    layers = result;
    for (const planning::ImportedLayer& layer : result.layers) {
        const std::uint64_t dropped = layer.counts.dropped();
        if (layer.lost.empty() && dropped == 0) {
            continue;
        }
        const bool isLost = !layer.lost.empty();
        losses[isLost ? "layer" : "feature"] += isLost ? 1 : dropped;
        lossList.push_back(
            {.unit = "layers",
             .loss = {.kind = oblique::LossKind::Unreadable,
                      .file = layer.layer.empty() ? layer.source : layer.layer,
                      .reason = isLost ? planning::lossOf(layer)
                                       : fmt::format("{} of {} features, see planning.gpkg, table "
                                                     "city3d_import_ledger",
                                                     dropped,
                                                     layer.counts.read)}});
    }
}

void BuildReport::addLosses(const std::string& unit, const std::vector<oblique::Loss>& lost) {
    for (const oblique::Loss& loss : lost) {
        ++losses[oblique::toWord(loss.kind)];
        if (lossList.size() < kMaxListedLosses) {
            lossList.push_back({.unit = unit, .loss = loss});
        }
    }
}

Json toJson(const BuildReport& report,
            const scan::CityProject& project,
            const scan::SourceCatalogue& catalogue) {
    Json losses = Json::array();
    for (const ReportedLoss& loss : report.lossList) {
        losses.push(Json::object()
                        .set("block", loss.unit)
                        .set("kind", oblique::toWord(loss.loss.kind))
                        .set("file", loss.loss.file)
                        .set("reason", loss.loss.reason));
    }
    return Json::object()
        .set("city", report.city)
        .set("geometry", scan::toWord(project.output.geometry))
        .set("texture", scan::toWord(project.output.texture))
        .set("chains", scan::toWord(project.output.chains))
        .set("deliveries", deliveriesJson(report, catalogue))
        .set("placement",
             Json::object()
                 .set("southwest_block", place(report, report.minimumDegrees))
                 .set("northeast_block", place(report, report.maximumDegrees))
                 .set("largest_residual_metres", report.fitResidualMetres)
                 .set("largest_position_step_metres", report.positionStepMetres))
        .set("totals",
             Json::object()
                 .set("blocks", report.units)
                 .set("blocks_without_tiles", report.unitsWithoutTiles)
                 .set("input_files", report.inputFiles)
                 .set("converted_files", report.convertedFiles)
                 .set("ignored_top_files", report.ignoredFiles)
                 .set("tiles", report.tiles)
                 .set("contents", report.contents)
                 .set("chain_tiles_left_to_the_pyramid", report.chainTiles)
                 .set("triangles", report.triangles)
                 .set("degenerate_triangles_dropped", report.degenerateTriangles)
                 .set("content_bytes", report.contentBytes))
        .set("levels", levelsJson(report))
        .set("overview", overviewJson(report))
        .set("terrain", terrainJson(report))
        .set("models", modelsJson(report))
        .set("layers", planning::toJson(report.layers))
        .set("losses_by_kind", counts(report.losses))
        .set("losses", losses)
        .set("irregularities", counts(report.irregularities))
        .set("run",
             Json::object()
                 .set("blocks_built_now", report.unitsDoneNow)
                 .set("overview_nodes_built_now", report.nodesDoneNow)
                 .set("terrain_cells_built_now", report.cellsDoneNow)
                 .set("stages", stagesJson(report))
                 .set("seconds", report.seconds));
}

std::string toHtml(const BuildReport& report,
                   const scan::CityProject& project,
                   const scan::SourceCatalogue& catalogue) {
    std::string html = fmt::format(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{0}</title>"
        "<style>{1}</style></head><body>\n<h1>{0}</h1>\n",
        escaped(report.city),
        kStyle);
    html +=
        fmt::format("<p>{} blocks, {} tiles, {} triangles, {:.1f} MB; geometry {}, textures {}. "
                    "{} of {} input files converted{}.</p>\n",
                    report.units,
                    report.tiles,
                    report.triangles,
                    static_cast<double>(report.contentBytes) / kMegabyte,
                    scan::toWord(project.output.geometry),
                    scan::toWord(project.output.texture),
                    report.convertedFiles,
                    report.inputFiles,
                    report.hasLosses() ? ", <b class=\"lost\">with losses</b>" : "");
    html += placementTable(report, catalogue);
    html += vintageTable(report, catalogue);
    html += levelTable(report);
    html += overviewTable(report);
    html += terrainPlacementTable(report);
    html += terrainTable(report);
    html += modelTable(report);
    html += layerTable(report.layers);
    html += lossTable(report);
    html += irregularityTable(report);
    return html + fmt::format("<p>Built in {:.1f} s.</p>\n</body></html>\n", report.seconds);
}

Result<BuildReport> reportFromLedger(const Ledger& ledger) {
    BuildReport report;
    const Status read = ledger.forEach([&](const LedgerRow& row) {
        if (row.unit.starts_with(kOverviewUnit)) { // "/overview/LEVEL/COLUMN_ROW"
            int level = 0;
            const std::size_t start = std::string_view(kOverviewUnit).size();
            std::from_chars(row.unit.data() + start, row.unit.data() + row.unit.size(), level);
            report.add(level, overview::nodeResultFrom(row.result));
        } else if (row.unit.starts_with(kTerrainUnit)) {
            report.add(terrain::cellResultFrom(row.result));
        } else if (row.unit.starts_with(kRasterUnit)) {
            // A raster that was left out reads as a cell without tiles that could not read it.
            const terrain::CellResult raster = terrain::cellResultFrom(row.result);
            report.add(raster);
            report.rasters += raster.unreadable.empty() ? 1U : 0U;
        } else if (row.unit == kLayerUnit) {
            return ok(); // the stage tells of it itself
        } else if (row.unit.starts_with(kModelUnit)) {
            report.add(row.unit, models::modelResultFrom(row.result));
        } else if (row.unit.starts_with(kIgnoredUnit)) {
            report.ignoredFiles += static_cast<std::uint64_t>(row.result["files"].integerOr(0));
        } else {
            report.add(toUtf8(row.unit), oblique::blockResultFrom(row.result));
        }
        return ok();
    });
    if (!read) {
        return read.error();
    }
    return report;
}

} // namespace pipeline::job
