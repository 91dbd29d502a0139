#include "pipeline/cli/site_command.h"

#include "pipeline/cli/console.h"
#include "pipeline/cli/progress_line.h"
#include "pipeline/cli/run_command.h"
#include "pipeline/cli/site_pictures.h"
#include "pipeline/planning/gdal_runtime.h"
#include "pipeline/planning/geometry_ops.h"
#include "pipeline/planning/site/find_sites.h"
#include "pipeline/planning/site/grid_cells.h"
#include "pipeline/planning/site/site_check.h"
#include "pipeline/planning/site/site_report.h"
#include "pipeline/scan/city_project.h"
#include "tiles3d/base/file.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <memory>
#include <optional>

namespace pipeline::cli {

namespace fs = std::filesystem;
namespace site = planning::site;
namespace style = planning::style;

using tiles3d::base::Error;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::toUtf8;

namespace {

/// The layers of a city, and its tiles where there are some.
struct OpenCity {
    std::shared_ptr<const planning::LayerStore> store;
    fs::path folder; ///< With tileset.json; "": there are only layers.
    site::SiteRules rules;
    style::Legend legend;
};

Result<OpenCity> openCity(const fs::path& path, const fs::path& rulesFile) {
    const bool isFolder = fs::is_directory(path);
    const fs::path layers = isFolder ? path / "planning.gpkg" : path;
    if (!fs::is_regular_file(layers)) {
        return Error{toUtf8(layers) +
                     ": no such file; layers are imported by city3d layers import"};
    }
    auto store = planning::LayerStore::open({layers});
    if (!store) {
        return store.error();
    }
    Result<style::Legend> legend = style::Legend::builtIn();
    if (!legend) {
        return legend.error();
    }
    Result<site::SiteRules> rules =
        rulesFile.empty() ? site::SiteRules() : site::readSiteRules(rulesFile);
    if (!rules) {
        return rules.error();
    }
    rules->legend = *legend;
    const bool hasTiles = isFolder && fs::is_regular_file(path / "tileset.json");
    return OpenCity{
        *std::move(store), hasTiles ? path : fs::path(), *std::move(rules), *std::move(legend)};
}

/// What the city's heights refer to, as its city.json has it.
std::optional<tiles3d::crs::HeightDatum> heightsOf(const fs::path& city) {
    const Result<scan::CityProject> project = scan::readProject(city / "city.json");
    if (!project || !project->heightDatum) {
        return std::nullopt;
    }
    const auto datum = tiles3d::crs::parseHeightDatum(*project->heightDatum, project->folder);
    return datum ? std::optional(*datum) : std::nullopt;
}

Result<std::optional<site::SurfaceGrid>>
surfaceOver(const OpenCity& city, const site::Site& place, std::size_t jobs) {
    if (city.folder.empty()) {
        return std::optional<site::SurfaceGrid>();
    }
    Result<site::SurfaceGrid> grid =
        site::readSurface(city.folder,
                          city.store->planeCrs(),
                          planning::boundsOf(place.area),
                          {.heights = heightsOf(city.folder), .threads = jobs});
    return grid ? Result<std::optional<site::SurfaceGrid>>(std::optional(*std::move(grid)))
                : grid.error();
}

/// The median of the ground in the site, or 0 where there is none.
double groundMetres(const site::SurfaceGrid& grid, const site::Site& place) {
    std::vector<float> heights;
    for (const std::size_t cell : site::cellsIn(grid, place.area)) {
        if (!std::isnan(grid.ground[cell])) {
            heights.push_back(grid.ground[cell]);
        }
    }
    if (heights.empty()) {
        return 0.0;
    }
    const auto middle = heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2);
    std::ranges::nth_element(heights, middle);
    return *middle;
}

std::string today() {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    ::localtime_r(&now, &local);
    return fmt::format("{:04}-{:02}-{:02}", local.tm_year + 1900, local.tm_mon + 1, local.tm_mday);
}

/// The options of the page, pictures taken.
site::HtmlOptions pageFor(const CheckSiteCommand& command,
                          const OpenCity& city,
                          const site::SiteReport& report,
                          const std::optional<site::SurfaceGrid>& surface) {
    site::HtmlOptions page{.language = command.language, .date = today()};
    if (!surface || !command.takesPictures) {
        page.pictureRemark =
            surface ? ""
                    : site::say(command.language,
                                "没有三维城市（tileset.json），报告不含三维图。",
                                "There is no city (tileset.json), so no pictures in 3D.");
        return page;
    }
    PartProgress progress;
    SitePictures taken = takePictures(
        report,
        {.city = city.folder,
         .siteLayers = command.out / "site.gpkg",
         .groundMetres = groundMetres(*surface, report.site),
         .language = command.language},
        [&](std::size_t done, std::size_t all) { progress.show(done, all, "pictures"); });
    progress.clear();
    if (!taken.remark.empty()) {
        spdlog::warn("{}", taken.remark);
    }
    page.pictures = std::move(taken.pictures);
    page.pictureRemark = std::move(taken.remark);
    return page;
}

void printSummary(const site::SiteReport& report, const fs::path& out) {
    const auto conflicts =
        std::ranges::count(report.layers, site::Verdict::Conflict, &site::LayerFinding::verdict);
    fmt::print("{}: {}; {} of {} layers touched, {} in conflict: {}\n",
               nameOf(report.verdict),
               site::areaText(report.amount.squareMetres, site::Language::Chinese),
               report.layers.size(),
               report.layersChecked,
               conflicts,
               toUtf8(out / "report.html"));
    for (const site::LayerFinding& layer : report.layers) {
        if (layer.verdict == site::Verdict::Conflict) {
            fmt::print("  {} ({}): {}\n",
                       layer.info.title,
                       nameOf(layer.rule.kind),
                       site::amountText(layer.conflictAmount, site::Language::Chinese));
        }
    }
}

Result<std::uint32_t> layerNamed(const planning::LayerStore& store, const std::string& name) {
    for (std::uint32_t layer = 0; layer < store.layers().size(); ++layer) {
        if (site::fits({.layer = name}, store.layers()[layer])) {
            return layer;
        }
    }
    return Error{"--parcels " + name + ": there is no such layer"};
}

std::vector<site::DistanceTarget> targetsOf(const FindSitesCommand& command) {
    std::vector<site::DistanceTarget> targets;
    for (const LayerDistance& near : command.near) {
        targets.push_back(
            {.title = near.layer, .layers = {.layer = near.layer}, .atMostMetres = near.metres});
    }
    for (const LayerDistance& far : command.far) {
        targets.push_back(
            {.title = far.layer, .layers = {.layer = far.layer}, .atLeastMetres = far.metres});
    }
    return targets;
}

} // namespace

ExitCode runCheckSite(const CheckSiteCommand& command) {
    const planning::GdalRuntime gdal;
    Result<OpenCity> city = openCity(command.city, command.rules);
    if (!city) {
        return fail(city.error().message);
    }
    if (!command.siteUse.empty()) {
        city->rules.siteUse = command.siteUse;
    }
    const Result<site::Site> place =
        site::readSite(command.site, city->store->planeCrs(), command.siteCrs);
    if (!place) {
        return fail(place.error().message);
    }
    const auto surface = surfaceOver(*city, *place, command.jobs);
    if (!surface) {
        return fail(surface.error().message);
    }
    const Result<site::SiteReport> report =
        site::checkSite(*city->store,
                        *place,
                        city->rules,
                        {.threads = command.jobs, .surface = *surface ? &**surface : nullptr});
    if (!report) {
        return fail(report.error().message);
    }
    // The pictures show what the GeoPackage holds, so it comes before the page that holds them.
    Status written = tiles3d::base::makeFolder(command.out);
    written = written ? writeSiteLayers(*report, command.out / "site.gpkg") : written;
    if (!written) {
        return fail(written.error().message);
    }
    const site::HtmlOptions page = pageFor(command, *city, *report, *surface);
    if (written = writeReport(*report, city->legend, command.out, page); !written) {
        return fail(written.error().message);
    }
    printSummary(*report, command.out);
    return report->verdict == site::Verdict::Conflict ? ExitCode::DoneWithLosses : ExitCode::Done;
}

ExitCode runFindSites(const FindSitesCommand& command) {
    const planning::GdalRuntime gdal;
    const Result<OpenCity> city = openCity(command.city, command.rules);
    if (!city) {
        return fail(city.error().message);
    }
    const Result<std::uint32_t> parcels = layerNamed(*city->store, command.parcels);
    if (!parcels) {
        return fail(parcels.error().message);
    }
    PartProgress progress;
    const Result<site::FoundSites> found =
        site::findSites(*city->store,
                        {.parcels = *parcels,
                         .where = command.where,
                         .leastSquareMetres = command.leastSquareMetres,
                         .mostSquareMetres = command.mostSquareMetres,
                         .mostSlopeDegrees = command.mostSlopeDegrees,
                         .distances = targetsOf(command),
                         .rankBy = command.rankBy},
                        city->rules,
                        {.city = city->folder,
                         .threads = command.jobs,
                         .onProgress = [&](std::size_t done, std::size_t all) {
                             progress.show(done, all, "parcels");
                         }});
    progress.clear();
    if (!found) {
        return fail(found.error().message);
    }
    if (const Status written = writeFoundSites(*found, command.out); !written) {
        return fail(written.error().message);
    }
    fmt::print("{}", toTable(*found));
    return ExitCode::Done;
}

} // namespace pipeline::cli
