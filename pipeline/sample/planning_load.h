#pragma once

#include "tiles3d/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace pipeline::sample {

struct PlanningLoadOptions {
    std::size_t features = 2'000'000; ///< In all; at least 13 per layer, at most 100 million.
    std::size_t layers = 600;         ///< 1 to 5,000.
    std::uint64_t seed = 1;
    std::size_t threads = 1;
};

struct PlanningLoadReport {
    std::uint64_t layers = 0;
    std::uint64_t features = 0;
    std::uint64_t vertices = 0; ///< About 22 per feature in the full load.
    std::uint64_t bytes = 0;
    std::filesystem::path project; ///< The city.json.
};

/// Called from one thread at a time: files done of files in all, the last one.
using PlanningLoadProgress =
    std::function<void(std::size_t done, std::size_t total, const std::string& what)>;

/// Writes a bureau's planning layers without a city, to try an import, a store and a viewer on:
/// - FOLDER/layers/CATEGORY/: the layers of planLoad(), most as one GeoPackage per subcategory with
///   a table per vintage, some small ones as Shapefiles (GBK, no .cpg) and as GeoJSON in degrees
/// - FOLDER/city.json: their categories, and nothing else
/// Parcels and districts tile the land of 40 x 40 km round the sample's origin. The same options
/// give the same bytes, whatever the number of threads. In memory are at most the 5,000 features of
/// a small layer per thread. Fails on options outside their limits and where a file cannot be
/// written. A planning::GdalRuntime must exist.
tiles3d::base::Result<PlanningLoadReport>
writePlanningLoad(const std::filesystem::path& folder,
                  const PlanningLoadOptions& options,
                  const PlanningLoadProgress& progress = {});

} // namespace pipeline::sample
