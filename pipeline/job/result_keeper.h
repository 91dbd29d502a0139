#pragma once

#include "pipeline/job/ledger.h"
#include "tiles3d/base/result.h"

#include <chrono>
#include <filesystem>
#include <vector>

namespace pipeline::job {

/// Records finished units in groups: one flush of the device and one transaction for many units.
class ResultKeeper {
public:
    ResultKeeper(Ledger& ledger, const std::filesystem::path& out) : ledger_(ledger), out_(out) {}

    /// Keeps the row and flushes every few seconds.
    tiles3d::base::Status keep(LedgerRow row);

    /// Outputs reach the device before the ledger says that they are done.
    tiles3d::base::Status flush();

private:
    Ledger& ledger_;
    const std::filesystem::path& out_;
    std::vector<LedgerRow> rows_;
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

} // namespace pipeline::job
