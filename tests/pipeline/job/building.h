#pragma once

#include "pipeline/job/run_job.h"
#include "tiles3d/base/file.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace pipeline::job {

/// What a job told while it ran.
struct Build {
    tiles3d::base::Result<BuildReport> report;
    std::vector<std::string> messages;
    std::vector<std::string> warnings; ///< Alerts too.
    std::vector<std::string> alerts;
};

struct BuildSettings {
    std::size_t jobs = 2;
    scan::Geometry geometry = scan::Geometry::Draco;
    scan::Chains chains = scan::Chains::Drop;
    std::string heightDatum = "ellipsoidal"; ///< Empty: not stated.
};

/// `city3d build` in this process.
Build build(const std::filesystem::path& delivery,
            const std::filesystem::path& out,
            const BuildSettings& settings = {});

/// The same of a whole project; codecs and chains are those of the settings.
Build build(scan::CityProject project,
            const std::filesystem::path& out,
            const BuildSettings& settings = {});

/// Every file below `folder` but the reports, which hold times.
std::map<std::string, std::string> contentsOf(const std::filesystem::path& folder);

/// verify with the ledger's totals finds no error.
void expectSound(const std::filesystem::path& out);

/// contentsOf() of both are the same.
void expectSameBytes(const std::filesystem::path& one, const std::filesystem::path& two);

} // namespace pipeline::job
