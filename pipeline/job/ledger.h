#pragma once

#include "tiles3d/base/json.h"
#include "tiles3d/base/result.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::job {

/// One finished unit of work.
struct LedgerRow {
    std::string unit;
    std::string fingerprint; ///< Of its inputs and options: a different one means to do it again.
    /// oblique::BlockResult as JSON, losses included, or overview::NodeResult, models::ModelResult.
    tiles3d::base::Json result;
};

/// What a build has done, in OUT/.city3d/ledger.sqlite: it survives a kill at any moment. The table
/// is `units (name, fingerprint, state, result)`; the view `losses (unit, kind, file, reason)`
/// lists every input that did not end as converted. Rows hold no times: the same inputs give the
/// same file once compact() has run. Not for use from several threads or from a forked child.
class Ledger {
public:
    /// Opens or creates. Fails on a file that is no ledger, with the remedy.
    static tiles3d::base::Result<Ledger> open(const std::filesystem::path& file);
    Ledger(Ledger&&) noexcept;
    Ledger& operator=(Ledger&&) noexcept;
    ~Ledger();

    /// A unit's row; nothing if it was not finished.
    tiles3d::base::Result<std::optional<LedgerRow>> find(const std::string& unit) const;

    /// Adds or replaces rows in one transaction.
    tiles3d::base::Status record(const std::vector<LedgerRow>& rows);

    /// Forgets units whose outputs are about to be replaced, in one transaction. Units that are not
    /// there do not matter.
    tiles3d::base::Status forget(const std::vector<std::string>& units);

    /// Visits all rows by unit name, one in memory at a time. Stops at the first Error of `visit`.
    tiles3d::base::Status
    forEach(const std::function<tiles3d::base::Status(const LedgerRow&)>& visit) const;

    /// All unit names.
    tiles3d::base::Result<std::set<std::string>> units() const;

    /// Rewrites the file so that it depends on its rows only, and closes it.
    tiles3d::base::Status compact();

private:
    struct State;
    explicit Ledger(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

/// Forgets the units whose names start with `prefix` but for those in `wanted`.
tiles3d::base::Status
forgetOthers(Ledger& ledger, std::string_view prefix, const std::set<std::string>& wanted);

} // namespace pipeline::job
