#pragma once

#include "pipeline/cli/layers_arguments.h"
#include "pipeline/cli/site_command.h"
#include "pipeline/job/run_job.h"
#include "pipeline/scan/city_project.h"
#include "pipeline/scan/scan.h"
#include "tiles3d/base/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace pipeline::cli {

/// `city3d sample DIR`
struct SampleCommand {
    std::filesystem::path folder;
    int tilesEast = 4;
    int tilesNorth = 4;
    std::uint64_t seed = 1;
    bool withDefects = false;
    bool isLean = false;                     ///< Tiny blocks: sample::leanSample().
    int finestLevel = 0;                     ///< 0: the generator's default.
    std::optional<double> terrainKilometres; ///< Instead of a city: sample::writeTerrainLoad().
    bool isPlanningLoad = false;             ///< Instead of a city: sample::writePlanningLoad().
    std::size_t planningFeatures = 2'000'000;
    std::size_t planningLayers = 600;
    std::size_t jobs = 1;
};

/// `city3d inspect PATH`
struct InspectCommand {
    std::filesystem::path path;
    scan::ScanOptions scan;
    bool readsAll = false;
    bool asJson = false;
    std::size_t jobs = 1;
};

/// `city3d build PATH --out OUT`
struct BuildCommand {
    std::filesystem::path path;
    std::filesystem::path out;
    std::optional<scan::Tops> tops; ///< Of every delivery; overrides city.json.
    scan::ScanOptions scan;
    std::optional<scan::Geometry> geometry; ///< Overrides city.json.
    std::optional<scan::TextureCodec> texture;
    std::optional<scan::Chains> chains;
    std::optional<scan::Overview> overview;
    std::optional<scan::TerrainTiling> terrainTiling;
    bool writesQuantizedMesh = false; ///< As well as where city.json says so.
    bool isFresh = false;
    std::size_t jobs = 1;
};

/// `city3d verify OUT`
struct VerifyCommand {
    std::filesystem::path out;
    bool asJson = false;
    std::size_t jobs = 1;
};

/// Text to print, and with which exit code to end: --help, --version.
struct PrintCommand {
    std::string text;
};

using Command = std::variant<SampleCommand,
                             InspectCommand,
                             BuildCommand,
                             VerifyCommand,
                             CheckSiteCommand,
                             FindSitesCommand,
                             LayersCommand,
                             PrintCommand>;

/// The command that `args` (without the program's name) ask for. Neither prints nor exits. Fails
/// with one sentence and a pointer to --help. `cores` is the default of --jobs.
tiles3d::base::Result<Command> parseArgs(const std::vector<std::string>& args, std::size_t cores);

} // namespace pipeline::cli
