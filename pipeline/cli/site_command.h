#pragma once

#include "pipeline/planning/site/report_text.h"
#include "tiles3d/base/result.h"

#include <cstddef>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

namespace pipeline::cli {

enum class ExitCode : int;

/// `city3d check-site CITY --site FILE --out DIR`
struct CheckSiteCommand {
    std::filesystem::path city; ///< A built city's folder, or a GeoPackage alone.
    std::filesystem::path site;
    std::filesystem::path rules; ///< "": those of the legend.
    std::filesystem::path out;
    std::string siteCrs; ///< Of a file that does not say its own.
    std::vector<std::string> siteUse;
    planning::site::Language language = planning::site::Language::Chinese;
    bool takesPictures = true;
    std::size_t jobs = 1;
};

/// "LAYER:METRES" of --near and --far.
struct LayerDistance {
    std::string layer;
    double metres = 0.0;
};

/// `city3d find-sites CITY --parcels LAYER --out DIR`
struct FindSitesCommand {
    std::filesystem::path city;
    std::string parcels; ///< The layer's table or title.
    std::string where;
    double leastSquareMetres = 0.0;
    double mostSquareMetres = std::numeric_limits<double>::infinity();
    double mostSlopeDegrees = std::numeric_limits<double>::infinity();
    std::vector<LayerDistance> near;
    std::vector<LayerDistance> far;
    std::string rankBy;
    std::filesystem::path rules;
    std::filesystem::path out;
    std::size_t jobs = 1;
};

/// Done: no conflict, DoneWithLosses: the site breaks a rule.
ExitCode runCheckSite(const CheckSiteCommand& command);
ExitCode runFindSites(const FindSitesCommand& command);

} // namespace pipeline::cli
