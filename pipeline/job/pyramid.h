#pragma once

#include "pipeline/emit/emit.h"
#include "pipeline/engine/engine.h"
#include "pipeline/job/ledger.h"
#include "pipeline/job/run_job.h"
#include "pipeline/overview/overview_plan.h"
#include "pipeline/scan/city_project.h"
#include "pipeline/scan/scan.h"

#include <cstddef>
#include <string>
#include <vector>

namespace pipeline::job {

/// What the units of the pyramid are called in the ledger: this and the node's name. No block's
/// name starts with a slash.
inline constexpr const char* kOverviewUnit = "/overview/";

struct Pyramid {
    emit::City city; ///< Ready to be emitted.
    std::size_t nodes = 0;
    std::size_t nodesDoneNow = 0; ///< The others were up to date.
};

/// The blocks and tops of the ledger that have tiles and that no top stands above.
std::vector<overview::Leaf> finishedBlocks(const scan::SourceCatalogue& catalogue,
                                           const Ledger& ledger);

/// Builds the levels above the finished blocks, from below, level by level, into
/// OUT/overview. A node is built again only if a block below it has changed, come or gone. Throws
/// JobFailure. REQUIRES: at least one block.
Pyramid buildPyramid(const scan::CityProject& project,
                     const scan::SourceCatalogue& catalogue,
                     std::vector<overview::Leaf> blocks,
                     const JobOptions& options,
                     Ledger& ledger,
                     engine::IEngine& engine,
                     IJobListener& listener);

} // namespace pipeline::job
