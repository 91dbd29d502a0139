#include "pipeline/job/run_units.h"

#include "pipeline/job/must.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/result.h"

#include <chrono>
#include <utility>

namespace pipeline::job {

using tiles3d::base::ok;
using tiles3d::base::Status;

namespace {

/// Records finished units in groups: one flush of the device and one transaction for many units.
class ResultKeeper {
public:
    ResultKeeper(Ledger& ledger, const std::filesystem::path& out) : ledger_(ledger), out_(out) {}

    /// Keeps the row and flushes every few seconds.
    Status keep(LedgerRow row) {
        rows_.push_back(std::move(row));
        constexpr std::chrono::seconds kGroup{5};
        return std::chrono::steady_clock::now() - last_ < kGroup ? ok() : flush();
    }

    /// Outputs reach the device before the ledger says that they are done.
    Status flush() {
        last_ = std::chrono::steady_clock::now();
        if (rows_.empty()) {
            return ok();
        }
        if (Status synced = tiles3d::base::syncFolder(out_); !synced) {
            return synced;
        }
        Status recorded = ledger_.record(rows_);
        rows_.clear();
        return recorded;
    }

private:
    Ledger& ledger_;
    const std::filesystem::path& out_;
    std::vector<LedgerRow> rows_;
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

} // namespace

void runUnits(
    const UnitRun& run,
    const std::vector<engine::Unit>& units,
    const engine::Work& work,
    const std::function<LedgerRow(std::size_t index, const tiles3d::base::Json&)>& rowOf) {
    ResultKeeper keeper(run.ledger, run.out);
    const engine::OnResult onResult = [&](std::size_t i, const std::string& text) -> Status {
        const auto json = tiles3d::base::parseJson(text);
        return json ? keeper.keep(rowOf(i, *json)) : Status(json.error());
    };
    const Status ran = run.engine.run(units, work, onResult);
    const Status kept = keeper.flush();
    must(ran, run.step);
    must(kept, "ledger");
}

} // namespace pipeline::job
