#pragma once

#include "pipeline/engine/engine.h"
#include "pipeline/job/ledger.h"
#include "pipeline/job/run_job.h"
#include "pipeline/scan/city_project.h"
#include "pipeline/scan/scan.h"

#include <cstddef>
#include <set>
#include <string>

namespace pipeline::job {

/// What a delivery's own top is called in the ledger where it is used, beside its blocks.
std::string topUnitOf(const scan::Production& production);

/// Units that say of files that they were left aside on purpose: no losses.
inline constexpr const char* kIgnoredUnit = "/ignored/";

/// Converts all blocks into OUT/oblique, then the tops that are wanted, and keeps the results in
/// the ledger. Units whose inputs and options have not changed are kept, outputs of units that are
/// gone are removed. Vintages go from the newest to the oldest: what a newer one shows is left out
/// of an older one, and a change of it is a change of the older block's inputs. Returns how many
/// were converted. Throws JobFailure.
std::size_t convertBlocks(const scan::CityProject& project,
                          const scan::SourceCatalogue& catalogue,
                          const JobOptions& options,
                          Ledger& ledger,
                          engine::IEngine& engine,
                          IJobListener& listener);

/// Blocks that hang from their delivery's own top, by unit name: nothing else may point at them.
std::set<std::string> blocksBelowTops(const scan::SourceCatalogue& catalogue, const Ledger& ledger);

} // namespace pipeline::job
