#include "pipeline/job/ledger.h"

#include "tiles3d/base/file.h"

#include <sqlite3.h>

#include <algorithm>
#include <utility>

namespace pipeline::job {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::toUtf8;

namespace {

namespace fs = std::filesystem;

struct CloseDatabase {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
};
struct FinalizeStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

constexpr const char* kSchema = R"sql(
    PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS units (
        name TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, state TEXT NOT NULL, result TEXT NOT NULL
    );
    CREATE VIEW IF NOT EXISTS losses AS
        SELECT units.name AS unit, json_extract(loss.value, '$.kind') AS kind,
               json_extract(loss.value, '$.file') AS file,
               json_extract(loss.value, '$.reason') AS reason
        FROM units, json_each(units.result, '$.losses') AS loss;
)sql";

std::string columnText(sqlite3_stmt* statement, int column) {
    const void* text = sqlite3_column_blob(statement, column);
    const int size = sqlite3_column_bytes(statement, column);
    return text == nullptr
               ? std::string()
               : std::string(static_cast<const char*>(text), static_cast<std::size_t>(size));
}

void bindText(sqlite3_stmt* statement, int index, const std::string& text) {
    sqlite3_bind_text(
        statement, index, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

} // namespace

struct Ledger::State {
    fs::path file;
    Database database;

    Error error(const std::string& what) const {
        return {toUtf8(file) + ": " + what + ": " + sqlite3_errmsg(database.get())};
    }

    Status execute(const char* sql) const {
        return sqlite3_exec(database.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK
                   ? ok()
                   : Status(error("the ledger cannot be written"));
    }

    Result<Statement> prepare(const char* sql) const {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(database.get(), sql, -1, &statement, nullptr) != SQLITE_OK) {
            return error("the ledger cannot be read");
        }
        return Statement(statement);
    }

    Status insert(const LedgerRow& row) const {
        return run("INSERT OR REPLACE INTO units VALUES (?1, ?2, 'done', ?3)",
                   {row.unit, row.fingerprint, row.result.dump()});
    }

    /// All or none.
    template <typename Items, typename Do>
    Status transaction(const Items& items, const Do& apply) const {
        if (items.empty()) {
            return ok();
        }
        if (Status begun = execute("BEGIN"); !begun) {
            return begun;
        }
        for (const auto& item : items) {
            if (Status applied = apply(item); !applied) {
                (void)execute("ROLLBACK");
                return applied;
            }
        }
        return execute("COMMIT");
    }

    /// REQUIRES: a row of name, fingerprint, result.
    Result<LedgerRow> rowOf(sqlite3_stmt* statement) const {
        auto result = tiles3d::base::parseJson(columnText(statement, 2));
        if (!result) {
            return tiles3d::base::within(toUtf8(file), result.error());
        }
        return LedgerRow{.unit = columnText(statement, 0),
                         .fingerprint = columnText(statement, 1),
                         .result = *std::move(result)};
    }

    Status run(const char* sql, std::initializer_list<std::string> values) const {
        const Result<Statement> statement = prepare(sql);
        if (!statement) {
            return statement.error();
        }
        int index = 1;
        for (const std::string& value : values) {
            bindText(statement->get(), index++, value);
        }
        return sqlite3_step(statement->get()) == SQLITE_DONE
                   ? ok()
                   : Status(error("the ledger cannot be written"));
    }
};

Ledger::Ledger(std::unique_ptr<State> state) : state_(std::move(state)) {}
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&&) noexcept = default;
Ledger::~Ledger() = default;

Result<Ledger> Ledger::open(const fs::path& file) {
    auto state = std::make_unique<State>();
    state->file = file;
    sqlite3* database = nullptr;
    const int opened = sqlite3_open(file.c_str(), &database);
    state->database.reset(database);
    if (opened != SQLITE_OK) {
        return state->error("the ledger cannot be opened");
    }
    if (const Status created = state->execute(kSchema); !created) {
        const int code = sqlite3_errcode(database);
        const bool isOther = code == SQLITE_NOTADB || code == SQLITE_CORRUPT;
        return Error{created.error().message +
                     (isOther ? ". Remove it, or build with --fresh, to start anew" : "")};
    }
    return Ledger(std::move(state));
}

Result<std::optional<LedgerRow>> Ledger::find(const std::string& unit) const {
    const Result<Statement> statement =
        state_->prepare("SELECT name, fingerprint, result FROM units WHERE name = ?1");
    if (!statement) {
        return statement.error();
    }
    bindText(statement->get(), 1, unit);
    if (sqlite3_step(statement->get()) != SQLITE_ROW) {
        return std::optional<LedgerRow>();
    }
    Result<LedgerRow> row = state_->rowOf(statement->get());
    return row ? Result<std::optional<LedgerRow>>(*std::move(row))
               : Result<std::optional<LedgerRow>>(row.error());
}

Status Ledger::record(const std::vector<LedgerRow>& rows) {
    return state_->transaction(rows, [&](const LedgerRow& row) { return state_->insert(row); });
}

Status Ledger::forget(const std::vector<std::string>& units) {
    return state_->transaction(units, [&](const std::string& unit) {
        return state_->run("DELETE FROM units WHERE name = ?1", {unit});
    });
}

Status Ledger::forEach(const std::function<Status(const LedgerRow&)>& visit) const {
    const Result<Statement> statement =
        state_->prepare("SELECT name, fingerprint, result FROM units ORDER BY name");
    if (!statement) {
        return statement.error();
    }
    int step = SQLITE_ROW;
    while ((step = sqlite3_step(statement->get())) == SQLITE_ROW) {
        const Result<LedgerRow> row = state_->rowOf(statement->get());
        const Status visited = row ? visit(*row) : Status(row.error());
        if (!visited) {
            return visited;
        }
    }
    return step == SQLITE_DONE ? ok() : Status(state_->error("the ledger cannot be read"));
}

Result<std::set<std::string>> Ledger::units() const {
    const Result<Statement> statement = state_->prepare("SELECT name FROM units");
    if (!statement) {
        return statement.error();
    }
    std::set<std::string> names;
    while (sqlite3_step(statement->get()) == SQLITE_ROW) {
        names.insert(columnText(statement->get(), 0));
    }
    return names;
}

Status Ledger::compact() {
    // A copy row by row: VACUUM carries the counters of the old file's header over.
    fs::path part = state_->file;
    part += ".part";
    std::error_code error;
    fs::remove(part, error);
    {
        Result<Ledger> copy = open(part);
        if (!copy) {
            return copy.error();
        }
        if (Status begun = copy->state_->execute("BEGIN"); !begun) {
            return begun;
        }
        const Status copied =
            forEach([&](const LedgerRow& row) { return copy->state_->insert(row); });
        if (!copied) {
            return copied;
        }
        if (Status committed = copy->state_->execute("COMMIT"); !committed) {
            return committed;
        }
    }
    state_->database.reset();
    fs::rename(part, state_->file, error);
    if (error) {
        return Error{toUtf8(state_->file) + ": cannot be replaced: " + error.message()};
    }
    return ok();
}

Status forgetOthers(Ledger& ledger, std::string_view prefix, const std::set<std::string>& wanted) {
    const auto units = ledger.units();
    if (!units) {
        return units.error();
    }
    std::vector<std::string> gone;
    std::ranges::copy_if(*units, std::back_inserter(gone), [&](const std::string& unit) {
        return unit.starts_with(prefix) && !wanted.contains(unit);
    });
    return ledger.forget(gone);
}

} // namespace pipeline::job
