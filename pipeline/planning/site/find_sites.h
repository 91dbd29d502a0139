#pragma once

#include "pipeline/planning/layer_store.h"
#include "pipeline/planning/site/site_finding.h"
#include "pipeline/planning/site/site_rules.h"
#include "tiles3d/base/json.h"
#include "tiles3d/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::planning::site {

/// What a parcel has to be like.
struct SiteWish {
    std::uint32_t parcels = 0;      ///< The layer to search: its place in LayerStore::layers().
    std::string where;              ///< An SQL condition over its fields; "" = all.
    double leastSquareMetres = 0.0; ///< On the ellipsoid.
    double mostSquareMetres = std::numeric_limits<double>::infinity();
    double mostSlopeDegrees = std::numeric_limits<double>::infinity(); ///< Mean over the parcel.
    std::vector<DistanceTarget> distances;
    std::string rankBy; ///< A field, the greatest first; "": by area, the largest first.
};

struct FoundSite {
    FeatureRef ref;
    std::string name;
    std::vector<Value> values; ///< One per field of the parcels' layer.
    Geometry area;
    double squareMetres = 0.0; ///< On the ellipsoid.
    double planeSquareMetres = 0.0;
    std::optional<double> slopeDegrees; ///< Where it was asked for.
    std::vector<NearestFeature> distances;
};

/// How many parcels fell at which test, in the order of the tests.
struct SiteCounts {
    std::size_t considered = 0; ///< Those that meet the condition.
    std::size_t wrongArea = 0;
    std::size_t wrongDistance = 0;
    std::size_t forbidden = 0; ///< They overlap, or leave, what a rule speaks of.
    std::size_t tooSteep = 0;  ///< Or their ground is not known.
    std::size_t broken = 0;    ///< Their geometry has no area.
};

struct FoundSites {
    std::string planeCrs;
    LayerInfo parcels;
    std::vector<FoundSite> sites; ///< By rank.
    SiteCounts counts;
    std::vector<std::string> remarks;
};

struct FindOptions {
    std::filesystem::path city; ///< The folder with tileset.json, for slopes.
    std::size_t threads = 1;
    std::function<void(std::size_t done, std::size_t all)> onProgress; ///< On the caller's thread.
};

/// The parcels of a layer that meet a wish and break no rule that forbids, requires or matches;
/// rules for the parcels' own layer are passed over. Parcels are read some hundred at a time, so
/// that memory is that of what is found. Fails on a condition or field that the layer does not
/// have, on a slope without a city, and on a store that cannot be read. Same input, same answer,
/// whatever the number of threads.
tiles3d::base::Result<FoundSites> findSites(const LayerStore& store,
                                            const SiteWish& wish,
                                            const SiteRules& rules,
                                            const FindOptions& options = {});

tiles3d::base::Json toJson(const FoundSites& found);

/// For people: a line for each site, and what the others fell at.
std::string toTable(const FoundSites& found);

/// Writes FOLDER/sites.gpkg (the parcels with rank, sizes and distances) and sites.json, each whole
/// or not at all; the folder is made. A GdalRuntime must exist.
tiles3d::base::Status writeFoundSites(const FoundSites& found, const std::filesystem::path& folder);

} // namespace pipeline::planning::site
