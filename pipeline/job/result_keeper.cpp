#include "pipeline/job/result_keeper.h"

#include "tiles3d/base/file.h"

#include <utility>

namespace pipeline::job {

using tiles3d::base::ok;
using tiles3d::base::Status;

Status ResultKeeper::keep(LedgerRow row) {
    rows_.push_back(std::move(row));
    constexpr std::chrono::seconds kGroup{5};
    return std::chrono::steady_clock::now() - last_ < kGroup ? ok() : flush();
}

Status ResultKeeper::flush() {
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

} // namespace pipeline::job
