#pragma once

#include "pipeline/engine/engine.h"
#include "pipeline/job/ledger.h"
#include "tiles3d/base/json.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace pipeline::job {

/// Where units run and their results stay.
struct UnitRun {
    engine::IEngine& engine;
    Ledger& ledger;
    std::filesystem::path out;
    std::string step; ///< For messages of failures.
};

/// Runs units and keeps what `rowOf` makes of each result; it is called in the calling process, in
/// the order in which units finish. What is done is kept even if the run then fails:
/// every few seconds outputs are flushed to the device and the ledger told. Throws JobFailure.
/// REQUIRES: results are JSON.
void runUnits(const UnitRun& run,
              const std::vector<engine::Unit>& units,
              const engine::Work& work,
              const std::function<LedgerRow(std::size_t index, const tiles3d::base::Json&)>& rowOf);

} // namespace pipeline::job
