#pragma once

#include "pipeline/engine/engine.h"
#include "pipeline/job/placed_rasters.h"
#include "pipeline/job/report.h"
#include "pipeline/scan/placed_model.h"
#include "pipeline/scan/scan.h"
#include "pipeline/scan/terrain.h"
#include "tiles3d/base/json.h"
#include "tiles3d/base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pipeline::job {

struct InspectOptions {
    scan::ScanOptions scan;
    /// Blocks are read until this many input bytes, spread evenly over the delivery; the rest is
    /// extrapolated from them. 0: read all.
    std::uint64_t sampleBytes = std::uint64_t{256} << 20U;
};

/// What a delivery is, and what building it would take.
struct Inspection {
    scan::SourceCatalogue catalogue;
    std::uint64_t blocks = 0;
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    std::uint64_t blocksRead = 0;
    std::uint64_t bytesRead = 0;
    BuildReport counted;   ///< Of the blocks that were read.
    bool isPlaced = false; ///< The extent below means something.
    std::vector<PlacedRaster> rasters;
    std::vector<scan::RejectedRaster> rejectedRasters;
    std::vector<scan::PlacedModel> models;
    std::vector<std::string> layers;   ///< Files of planning layers, and connections.
    std::vector<std::string> refusals; ///< Why a build would refuse the terrain or the models.
    double estimatedSeconds = 0.0;
    std::uint64_t estimatedOutputBytes = 0;
    std::uint64_t estimatedOutputFiles = 0;

    /// How much larger the whole is than what was read.
    double factor() const {
        return bytesRead > 0 ? static_cast<double>(bytes) / static_cast<double>(bytesRead) : 1.0;
    }
};

/// Surveys the deliveries of a project: listings of all blocks, and whole files of a sample of
/// them, in worker processes; of rasters the headers, of models the place. An unresolved CRS or
/// height datum is reported, not refused. Estimates are of the deliveries alone and hold for the
/// project's codecs on this machine, within a factor of about two.
tiles3d::base::Result<Inspection> inspectSources(const scan::CityProject& project,
                                                 const InspectOptions& options,
                                                 engine::IEngine& engine);

tiles3d::base::Json toJson(const Inspection& inspection);
std::string toText(const Inspection& inspection);

} // namespace pipeline::job
