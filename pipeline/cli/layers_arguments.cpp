#include "pipeline/cli/layers_arguments.h"

#include "tiles3d/crs/srs_text.h"

#include <CLI/CLI.hpp>

namespace pipeline::cli {

using tiles3d::base::Error;
using tiles3d::base::Result;

namespace {

constexpr const char* kImportExamples = R"(Examples:
  city3d layers import city.json --out planning.gpkg
      every layer that city.json names, in its plane_crs
  city3d layers import 控规/ 永久基本农田.shp --out planning.gpkg --plane-crs EPSG:4548
      a folder with all vector files in it, and a Shapefile
  city3d layers import parcels.shp --crs "+proj=tmerc +lon_0=118.5 +x_0=50000 +ellps=GRS80 +units=m"
      --out planning.gpkg --plane-crs EPSG:4548        a local grid
  city3d layers import districts.geojson --gcj02 --out planning.gpkg --plane-crs EPSG:4548
  city3d layers import "PG:host=db dbname=plans user=reader" --layers "gh_*" --out planning.gpkg
      --plane-crs EPSG:4548
  city3d layers import WFS:https://maps.example.org/wfs --out planning.gpkg --plane-crs EPSG:4548

What has not changed since the last import into the same file is not read again. Every repair and
every dropped feature is in its table city3d_import_ledger.
Exit codes: 0 nothing lost, 3 done with losses, anything else: not done.)";

constexpr const char* kCheckExamples = R"(Examples:
  city3d layers check planning.gpkg
  city3d layers check planning.gpkg --rules rules.json --json

Exit codes: 0 nothing found, 3 something found, anything else: not checked.)";

void addFile(CLI::App& app, std::string& file) {
    app.add_option("FILE", file, "A GeoPackage")->required();
}

void addJson(CLI::App& app, bool& asJson) {
    app.add_flag("--json", asJson, "Print JSON");
}

void addJobs(CLI::App& app, std::size_t& jobs) {
    app.add_option("-j,--jobs", jobs, "Cores to use")
        ->capture_default_str()
        ->check(CLI::Range(std::size_t{1}, std::size_t{64}));
}

} // namespace

void LayersArguments::addTo(CLI::App& app) {
    CLI::App* layers = app.add_subcommand(
        "layers", "Planning layers: import into one GeoPackage, list, check before a person does");
    layers->require_subcommand(1);
    addImport(*layers);
    addList(*layers);
    addCheck(*layers);
}

void LayersArguments::addImport(CLI::App& layers) {
    CLI::App* import = layers.add_subcommand(
        "import", "Bring layers into one GeoPackage in the city's plane: valid, UTF-8, indexed");
    import
        ->add_option("SOURCES",
                     paths_,
                     "Shapefile, GeoPackage, File Geodatabase, GeoJSON, KML, DXF, CSV; a folder of "
                     "them; \"PG:...\", \"postgresql://...\", \"WFS:http...\"; a city.json")
        ->required();
    import->add_option("-o,--out", out_, "The GeoPackage to write")->required();
    import->add_option("--plane-crs", planeCrs_, "The city's plane, EPSG:4548; city.json says it");
    import->add_option("--crs",
                       said_.crs,
                       "What the sources' coordinates are, whatever they say: EPSG code, WKT, PROJ "
                       "string, or a PROJ pipeline from them to the plane");
    import->add_flag("--gcj02", said_.isGcj02, "Take GCJ-02's offset (web maps of China) off");
    import->add_option("--layers", said_.layers, "Names of the layers wanted, with * and ?");
    import->add_option("--category", said_.category, "Path in the category tree, control/green");
    import->add_option("--title", said_.title, "For people; else the layer's own name");
    import->add_option("--vintage", said_.vintage, "2024-03");
    import->add_option(
        "--encoding", said_.encoding, "Of .dbf and .csv: UTF-8, GBK; else it is found out");
    import->add_option("--city-box",
                       cityBox_,
                       "west,south,east,north in the plane's metres: layers outside are refused, "
                       "with what would bring them there");
    addJson(*import, asJson_);
    addJobs(*import, jobs_);
    import->footer(kImportExamples);
}

void LayersArguments::addList(CLI::App& layers) {
    CLI::App* list = layers.add_subcommand("list", "What layers a GeoPackage holds");
    addFile(*list, file_);
    addJson(*list, asJson_);
    list->footer("Example:\n  city3d layers list planning.gpkg");
}

void LayersArguments::addCheck(CLI::App& layers) {
    CLI::App* check = layers.add_subcommand(
        "check", "Look for missing fields, unknown codes, gaps, overlaps, slivers, duplicates");
    addFile(*check, file_);
    check->add_option("--rules", rules_, "A JSON file with required fields, codes, tolerances");
    addJson(*check, asJson_);
    addJobs(*check, jobs_);
    check->footer(kCheckExamples);
}

Result<LayersCommand> LayersArguments::importCommand() const {
    LayersImportCommand command{.out = out_, .asJson = asJson_};
    for (const std::string& path : paths_) {
        command.sources.push_back(said_);
        command.sources.back().path = path;
    }
    command.options.planeCrs = planeCrs_;
    command.options.threads = jobs_;
    if (!cityBox_.empty()) {
        constexpr std::size_t kSides = 4;
        const auto sides = tiles3d::crs::numbersIn(cityBox_);
        if (!sides || sides->size() != kSides || (*sides)[0] >= (*sides)[2] ||
            (*sides)[1] >= (*sides)[3]) {
            return Error{"--city-box " + cityBox_ + ": expected west,south,east,north"};
        }
        command.options.cityBox =
            planning::PlaneBox{{(*sides)[0], (*sides)[1]}, {(*sides)[2], (*sides)[3]}};
    }
    return LayersCommand(command);
}

Result<LayersCommand> LayersArguments::command(const CLI::App& app) const {
    const CLI::App* layers = app.get_subcommand("layers");
    if (layers->got_subcommand("import")) {
        return importCommand();
    }
    if (layers->got_subcommand("list")) {
        return LayersCommand(LayersListCommand{.file = file_, .asJson = asJson_});
    }
    return LayersCommand(
        LayersCheckCommand{.file = file_, .rules = rules_, .jobs = jobs_, .asJson = asJson_});
}

} // namespace pipeline::cli
