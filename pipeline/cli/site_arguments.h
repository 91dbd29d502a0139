#pragma once

#include "pipeline/cli/site_command.h"
#include "tiles3d/base/result.h"

#include <memory>
#include <optional>
#include <variant>

namespace CLI { // NOLINT(readability-identifier-naming): the library says so
class App;
} // namespace CLI

namespace pipeline::cli {

using SiteCommand = std::variant<CheckSiteCommand, FindSitesCommand>;

/// The options of check-site and find-sites.
class SiteArguments {
public:
    /// Adds both commands to `app`, which must not outlive it. `cores`: the default of --jobs.
    SiteArguments(CLI::App& app, std::size_t cores);
    SiteArguments(const SiteArguments&) = delete;
    SiteArguments& operator=(const SiteArguments&) = delete;
    ~SiteArguments();

    /// Once `app` has parsed: the command, if it is one of the two.
    tiles3d::base::Result<std::optional<SiteCommand>> command() const;

private:
    struct Raw;
    std::unique_ptr<Raw> raw_;
    CLI::App* check_;
    CLI::App* find_;
};

} // namespace pipeline::cli
