#pragma once

#include "pipeline/planning/import_layers.h"
#include "tiles3d/base/result.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

namespace pipeline::cli {

/// `city3d layers import SOURCES... --out FILE`
struct LayersImportCommand {
    /// As on the command line; a city.json stands for the layers in it.
    std::vector<planning::LayerSource> sources;
    std::filesystem::path out;
    planning::ImportOptions options; ///< The plane CRS is that of city.json where none is given.
    bool asJson = false;
};

/// `city3d layers list FILE`
struct LayersListCommand {
    std::filesystem::path file;
    bool asJson = false;
};

/// `city3d layers check FILE`
struct LayersCheckCommand {
    std::filesystem::path file;
    std::filesystem::path rules; ///< "": the built-in ones.
    std::size_t jobs = 1;
    bool asJson = false;
};

using LayersCommand = std::variant<LayersImportCommand, LayersListCommand, LayersCheckCommand>;

/// The arguments of `city3d layers`.
class LayersArguments {
public:
    explicit LayersArguments(std::size_t cores) { jobs_ = cores; }

    /// Adds the subcommand. REQUIRES: this outlives `app`.
    void addTo(CLI::App& app);
    /// What `app` was asked for. REQUIRES: its subcommand "layers" was chosen.
    tiles3d::base::Result<LayersCommand> command(const CLI::App& app) const;

private:
    void addImport(CLI::App& layers);
    void addList(CLI::App& layers);
    void addCheck(CLI::App& layers);
    tiles3d::base::Result<LayersCommand> importCommand() const;

    std::vector<std::string> paths_;
    std::string file_;
    std::string out_;
    std::string rules_;
    std::string planeCrs_;
    std::string cityBox_;
    planning::LayerSource said_; ///< Of all sources, but their paths.
    std::size_t jobs_ = 1;
    bool asJson_ = false;
};

} // namespace pipeline::cli
