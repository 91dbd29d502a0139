#include "pipeline/cli/parse_args.h"

#include "pipeline/cli/site_arguments.h"

#include <CLI/CLI.hpp>

#include <charconv>

namespace pipeline::cli {

using tiles3d::base::Error;
using tiles3d::base::Result;

namespace {

constexpr const char* kVersion = "city3d 0.1.0";

constexpr const char* kExamples = R"(Examples:
  city3d sample /tmp/delivery                     a synthetic city to try things on
  city3d inspect /data/production_1               what is this delivery, where does it stand?
  city3d build /data/production_1 --out /data/city --height-datum egm96
  city3d build city.json --out /data/city         everything that city.json says
  city3d verify /data/city                        is the result whole and sound?
  city3d check-site /data/city --site 红线.shp --out report    what does a site touch?
  city3d find-sites /data/city --parcels 宗地 --area 20000.. --out found
  city3d layers import 控规/ -o planning.gpkg --plane-crs EPSG:4548    planning layers alone

Exit codes: 0 nothing lost, 3 done with losses (see report.html), anything else: not done.
check-site: 0 no conflict, 3 the site breaks a rule.)";

/// What the options write into; turned into a Command after parsing.
struct Raw {
    std::string path;
    std::string out;
    std::string tiles = "4x4";
    std::string geometry;
    std::string texture;
    std::string chains;
    std::string overview;
    std::string terrainTiling;
    std::string srs;
    std::string origin;
    std::string heightDatum;
    std::string tops;
    std::uint64_t seed = 1;
    int finest = 0;
    std::optional<double> terrainKilometres;
    std::size_t planningFeatures = SampleCommand().planningFeatures;
    std::size_t planningLayers = SampleCommand().planningLayers;
    bool isPlanningLoad = false;
    std::size_t jobs = 1;
    bool withDefects = false;
    bool isLean = false;
    bool readsAll = false;
    bool asJson = false;
    bool isFresh = false;
    bool writesQuantizedMesh = false;
};

void addPlacement(CLI::App& app, Raw& raw) {
    app.add_option("--srs",
                   raw.srs,
                   "Source CRS, overrides metadata.xml: EPSG:4548, WKT, PROJ string, "
                   "ENU:lat,lon");
    app.add_option("--origin", raw.origin, "SRSOrigin, overrides metadata.xml: E,N,H");
    app.add_option(
        "--height-datum",
        raw.heightDatum,
        "What heights refer to: ellipsoidal, egm96, a geoid grid file, or metres to add");
}

void addJobs(CLI::App& app, Raw& raw) {
    app.add_option("-j,--jobs", raw.jobs, "Cores to use")
        ->capture_default_str()
        ->check(CLI::Range(std::size_t{1}, std::size_t{64}));
}

void addSample(CLI::App& app, Raw& raw) {
    CLI::App* sample = app.add_subcommand(
        "sample", "Write a synthetic delivery: OSGB, DEM, orthophoto, layers, a model, city.json");
    sample->add_option("DIR", raw.path, "Folder to write; made if missing")->required();
    sample->add_option("--tiles", raw.tiles, "Blocks of 100 m, east x north")
        ->capture_default_str();
    sample->add_option("--seed", raw.seed, "Another number, another city")
        ->capture_default_str()
        ->check(CLI::NonNegativeNumber);
    sample->add_option("--finest", raw.finest, "Finest level, 14 to 20; fewer for load tests");
    sample->add_flag("--lean",
                     raw.isLean,
                     "Tiny blocks for cities of 10,000s of them: L14 to L16 (--finest up to 17), "
                     "plain boxes, 10 m rasters, layers of the first 2 km only");
    sample
        ->add_option("--terrain",
                     raw.terrainKilometres,
                     "No city, but terrain to load a build with: a square of KM kilometres, DEM "
                     "of 1 m and orthophoto of 50 cm")
        ->type_name("KM")
        ->check(CLI::Range(0.1, 30.0));
    sample->add_flag("--planning-load",
                     raw.isPlanningLoad,
                     "No city, but planning layers to load an import and a viewer with");
    sample
        ->add_option("--features", raw.planningFeatures, "Of the planning load, in all its layers")
        ->capture_default_str();
    sample->add_option("--layers", raw.planningLayers, "Of the planning load")
        ->capture_default_str();
    sample->add_flag("--defects", raw.withDefects, "Also write every known irregularity");
    addJobs(*sample, raw);
}

void addInspect(CLI::App& app, Raw& raw) {
    CLI::App* inspect = app.add_subcommand(
        "inspect",
        "Say what a delivery is: blocks, levels, CRS, extent, irregularities, estimates");
    inspect->add_option("PATH", raw.path, "OSGB folder or city.json")->required();
    addPlacement(*inspect, raw);
    inspect->add_flag("--all", raw.readsAll, "Read every block instead of a sample of 256 MiB");
    inspect->add_flag("--json", raw.asJson, "Print JSON");
    addJobs(*inspect, raw);
}

void addBuild(CLI::App& app, Raw& raw) {
    CLI::App* build = app.add_subcommand("build", "Build the city's 3D Tiles; run again to resume");
    build->add_option("PATH", raw.path, "city.json, OSGB folder, or DEM and orthophoto files")
        ->required();
    build->add_option("-o,--out", raw.out, "Folder of the city")->required();
    addPlacement(*build, raw);
    build->add_option("--tops", raw.tops, "Deliveries' own tops: ignore (default) or use");
    build->add_option("--geometry", raw.geometry, "draco (default), meshopt, quantized or plain");
    build->add_option("--texture", raw.texture, "keep (default), jpeg or webp");
    build->add_option("--chains",
                      raw.chains,
                      "Coarse levels of a block that show the same area again: drop (default, the "
                      "pyramid stands in) or keep");
    build->add_option("--overview",
                      raw.overview,
                      "The levels above the blocks: build (default) or none, all blocks under one "
                      "root");
    build->add_option(
        "--terrain-tiling",
        raw.terrainTiling,
        "How terrain's tiles are listed: implicit (default, subtree files) or explicit");
    build->add_flag("--quantized-mesh",
                    raw.writesQuantizedMesh,
                    "Write the terrain also as quantized-mesh for web globes");
    build->add_flag("--fresh", raw.isFresh, "Forget what was built before");
    addJobs(*build, raw);
}

void addVerify(CLI::App& app, Raw& raw) {
    CLI::App* verify =
        app.add_subcommand("verify", "Check a built city: every file, box and total");
    verify->add_option("OUT", raw.path, "Folder of the city")->required();
    verify->add_flag("--json", raw.asJson, "Print JSON");
    addJobs(*verify, raw);
}

std::optional<std::string> nonEmpty(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

scan::ScanOptions scanOptions(const Raw& raw) {
    return {.srs = nonEmpty(raw.srs),
            .origin = nonEmpty(raw.origin),
            .heightDatum = nonEmpty(raw.heightDatum)};
}

Result<Command> sampleCommand(const Raw& raw) {
    SampleCommand command{.folder = raw.path,
                          .seed = raw.seed,
                          .withDefects = raw.withDefects,
                          .isLean = raw.isLean,
                          .finestLevel = raw.finest,
                          .terrainKilometres = raw.terrainKilometres,
                          .isPlanningLoad = raw.isPlanningLoad,
                          .planningFeatures = raw.planningFeatures,
                          .planningLayers = raw.planningLayers,
                          .jobs = raw.jobs};
    const char* end = raw.tiles.data() + raw.tiles.size();
    const auto east = std::from_chars(raw.tiles.data(), end, command.tilesEast);
    const bool hasCross = east.ec == std::errc() && east.ptr != end && *east.ptr == 'x';
    const auto north = hasCross ? std::from_chars(east.ptr + 1, end, command.tilesNorth) : east;
    constexpr int kMost = 1000;
    const auto isFine = [](int count) { return count >= 1 && count <= kMost; };
    if (!hasCross || north.ec != std::errc() || north.ptr != end || !isFine(command.tilesEast) ||
        !isFine(command.tilesNorth)) {
        return Error{"--tiles " + raw.tiles + ": expected like 4x4, each from 1 to 1000"};
    }
    return Command(command);
}

Result<Command> buildCommand(const Raw& raw) {
    BuildCommand command{.path = raw.path,
                         .out = raw.out,
                         .tops = scan::parseTops(raw.tops),
                         .scan = scanOptions(raw),
                         .geometry = scan::parseGeometry(raw.geometry),
                         .texture = scan::parseTexture(raw.texture),
                         .chains = scan::parseChains(raw.chains),
                         .overview = scan::parseOverview(raw.overview),
                         .terrainTiling = scan::parseTerrainTiling(raw.terrainTiling),
                         .writesQuantizedMesh = raw.writesQuantizedMesh,
                         .isFresh = raw.isFresh,
                         .jobs = raw.jobs};
    if (!raw.tops.empty() && !command.tops) {
        return Error{"--tops " + raw.tops + ": it can be ignore or use"};
    }
    if (!raw.geometry.empty() && !command.geometry) {
        return Error{"--geometry " + raw.geometry +
                     ": it can be draco, meshopt, quantized or plain"};
    }
    if (!raw.texture.empty() && !command.texture) {
        return Error{"--texture " + raw.texture + ": it can be keep, jpeg or webp"};
    }
    if (!raw.chains.empty() && !command.chains) {
        return Error{"--chains " + raw.chains + ": it can be drop or keep"};
    }
    if (!raw.overview.empty() && !command.overview) {
        return Error{"--overview " + raw.overview + ": it can be build or none"};
    }
    if (!raw.terrainTiling.empty() && !command.terrainTiling) {
        return Error{"--terrain-tiling " + raw.terrainTiling + ": it can be implicit or explicit"};
    }
    return Command(command);
}

/// The innermost subcommand that was chosen.
const CLI::App& chosenApp(const CLI::App& app) {
    const auto chosen = app.get_subcommands();
    return chosen.empty() ? app : chosenApp(*chosen.front());
}

Result<Command> commandFrom(const CLI::App& app, const Raw& raw) {
    if (app.got_subcommand("sample")) {
        return sampleCommand(raw);
    }
    if (app.got_subcommand("inspect")) {
        return Command(InspectCommand{.path = raw.path,
                                      .scan = scanOptions(raw),
                                      .readsAll = raw.readsAll,
                                      .asJson = raw.asJson,
                                      .jobs = raw.jobs});
    }
    if (app.got_subcommand("build")) {
        return buildCommand(raw);
    }
    return Command(VerifyCommand{.out = raw.path, .asJson = raw.asJson, .jobs = raw.jobs});
}

} // namespace

Result<Command> parseArgs(const std::vector<std::string>& args, std::size_t cores) {
    CLI::App app("From oblique photogrammetry to a placed, verified, streamable 3D city", "city3d");
    Raw raw;
    raw.jobs = cores;
    app.require_subcommand(1);
    app.set_version_flag("--version", kVersion);
    app.footer(kExamples);
    addSample(app, raw);
    addInspect(app, raw);
    addBuild(app, raw);
    addVerify(app, raw);
    const SiteArguments site(app, cores);
    LayersArguments layers(cores);
    layers.addTo(app);
    std::vector<std::string> reversed(args.rbegin(), args.rend()); // CLI11 takes them from the back
    try {
        app.parse(reversed);
    } catch (const CLI::CallForHelp&) {
        return Command(PrintCommand{chosenApp(app).help()});
    } catch (const CLI::CallForVersion&) {
        return Command(PrintCommand{std::string(kVersion) + "\n"});
    } catch (const CLI::Error& error) {
        return Error{std::string(error.what()) + ". See city3d --help"};
    }
    if (app.got_subcommand("layers")) {
        const Result<LayersCommand> command = layers.command(app);
        return command ? Result<Command>(Command(*command)) : Result<Command>(command.error());
    }
    const auto siteCommand = site.command();
    if (!siteCommand) {
        return siteCommand.error();
    }
    if (*siteCommand) {
        return std::visit([](const auto& chosen) { return Command(chosen); }, **siteCommand);
    }
    return commandFrom(app, raw);
}

} // namespace pipeline::cli
