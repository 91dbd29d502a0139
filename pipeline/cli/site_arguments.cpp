#include "pipeline/cli/site_arguments.h"

#include <CLI/CLI.hpp>

#include <charconv>
#include <cmath>
#include <string_view>

namespace pipeline::cli {

using tiles3d::base::Error;
using tiles3d::base::Result;

namespace {

constexpr const char* kCheckExamples = R"(Examples:
  city3d check-site /data/city --site 红线.shp --out 报告
  city3d check-site planning.gpkg --site site.dxf --site-crs EPSG:4548 --rules rules.json --out report
  city3d check-site /data/city --site site.geojson --use 0701 --lang en --out report

The folder gets report.html (with pictures of the site in 3D), report.json and site.gpkg.
Exit codes: 0 no conflict, 3 the site breaks a rule, anything else: not checked.)";

constexpr const char* kFindExamples = R"(Examples:
  city3d find-sites /data/city --parcels 宗地 --area 20000..50000 --out found
  city3d find-sites /data/city --parcels parcel --where "DLMC = '空闲地'" --slope 8
      --near school:1000 --far gas_station:200 --out found

--near: nearest feature at most so far away; --far: at least. LAYER is a table or title, * stands
for any text. Parcels that break a rule (--rules, else the legend's) are left out.
The folder gets sites.gpkg and sites.json. Exit codes: 0 done, anything else: not done.)";

/// All of `text` as a number from 0.
std::optional<double> numberFrom(std::string_view text) {
    double number = 0.0;
    const char* end = text.data() + text.size();
    const auto [next, error] = std::from_chars(text.data(), end, number);
    const bool isFine =
        error == std::errc() && next == end && std::isfinite(number) && number >= 0.0;
    return isFine ? std::optional(number) : std::nullopt;
}

/// The layer's name may hold colons; the metres are behind the last.
Result<std::vector<LayerDistance>> distancesFrom(const std::vector<std::string>& texts,
                                                 const char* option) {
    std::vector<LayerDistance> distances;
    for (const std::string& text : texts) {
        const std::size_t colon = text.rfind(':');
        const auto metres = colon != std::string::npos && colon > 0
                                ? numberFrom(std::string_view(text).substr(colon + 1))
                                : std::nullopt;
        if (!metres) {
            return Error{std::string(option) + " " + text + ": expected like school:500"};
        }
        distances.push_back({text.substr(0, colon), *metres});
    }
    return distances;
}

/// "MIN..MAX", either of which may be missing.
bool readRange(std::string_view text, double& least, double& most) {
    const std::size_t dots = text.find("..");
    if (dots == std::string_view::npos) {
        return false;
    }
    const std::string_view low = text.substr(0, dots);
    const std::string_view high = text.substr(dots + 2);
    const auto lowNumber = low.empty() ? std::optional(least) : numberFrom(low);
    const auto highNumber = high.empty() ? std::optional(most) : numberFrom(high);
    if (!lowNumber || !highNumber || *lowNumber > *highNumber) {
        return false;
    }
    least = *lowNumber;
    most = *highNumber;
    return true;
}

} // namespace

/// What the options write into.
struct SiteArguments::Raw {
    CheckSiteCommand check;
    FindSitesCommand find;
    std::string city;
    std::string site;
    std::string rules;
    std::string out;
    std::string language = "zh";
    std::string area;
    std::vector<std::string> near;
    std::vector<std::string> far;
    std::size_t jobs = 1;

    void addCommon(CLI::App& app) {
        app.add_option("CITY", city, "Folder of a built city with planning.gpkg, or a GeoPackage")
            ->required();
        app.add_option("--rules", rules, "Rules file (JSON); default: the legend's rules");
        app.add_option("-o,--out", out, "Folder for the results; made if missing")->required();
        app.add_option("-j,--jobs", jobs, "Cores to use")
            ->capture_default_str()
            ->check(CLI::Range(std::size_t{1}, std::size_t{64}));
    }

    void addCheck(CLI::App& app) {
        addCommon(app);
        app.add_option("--site", site, "The site: polygons of any vector file and CRS")->required();
        app.add_option("--site-crs", check.siteCrs, "Of a file that does not say its own");
        app.add_option("--use", check.siteUse, "Land-use codes the site is for: 0701 or 07*");
        app.add_option("--lang", language, "Of the report: zh or en")
            ->capture_default_str()
            ->check(CLI::IsMember({"zh", "en"}));
        app.add_flag("!--no-pictures", check.takesPictures, "Without pictures in 3D");
        app.footer(kCheckExamples);
    }

    void addFind(CLI::App& app) {
        addCommon(app);
        app.add_option("--parcels", find.parcels, "The layer to search, by table or title")
            ->required();
        app.add_option("--where", find.where, "SQL condition over its fields");
        app.add_option("--area", area, "True area in m2: MIN..MAX, MIN.. or ..MAX");
        app.add_option("--slope", find.mostSlopeDegrees, "Greatest mean slope, degrees")
            ->check(CLI::Range(0.0, 90.0));
        app.add_option("--near", near, "LAYER:METRES, at most so far; repeatable");
        app.add_option("--far", far, "LAYER:METRES, at least so far; repeatable");
        app.add_option("--rank", find.rankBy, "Field to rank by, greatest first; default: area");
        app.footer(kFindExamples);
    }
};

SiteArguments::SiteArguments(CLI::App& app, std::size_t cores)
    : raw_(std::make_unique<Raw>()),
      check_(app.add_subcommand(
          "check-site",
          "Hold a site against all layers and rules: a report with areas and pictures")),
      find_(app.add_subcommand("find-sites", "Find the parcels that meet conditions")) {
    raw_->jobs = cores;
    raw_->addCheck(*check_);
    raw_->addFind(*find_);
}

SiteArguments::~SiteArguments() = default;

Result<std::optional<SiteCommand>> SiteArguments::command() const {
    if (check_->parsed()) {
        CheckSiteCommand command = raw_->check;
        command.city = raw_->city;
        command.site = raw_->site;
        command.rules = raw_->rules;
        command.out = raw_->out;
        command.jobs = raw_->jobs;
        command.language = raw_->language == "en" ? planning::site::Language::English
                                                  : planning::site::Language::Chinese;
        return std::optional<SiteCommand>(command);
    }
    if (!find_->parsed()) {
        return std::optional<SiteCommand>();
    }
    FindSitesCommand command = raw_->find;
    command.city = raw_->city;
    command.rules = raw_->rules;
    command.out = raw_->out;
    command.jobs = raw_->jobs;
    if (!raw_->area.empty() &&
        !readRange(raw_->area, command.leastSquareMetres, command.mostSquareMetres)) {
        return Error{"--area " + raw_->area + ": expected like 20000..50000, 20000.. or ..50000"};
    }
    auto near = distancesFrom(raw_->near, "--near");
    auto far = distancesFrom(raw_->far, "--far");
    if (!near || !far) {
        return near ? far.error() : near.error();
    }
    command.near = *std::move(near);
    command.far = *std::move(far);
    return std::optional<SiteCommand>(command);
}

} // namespace pipeline::cli
