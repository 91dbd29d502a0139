#include "pipeline/planning/layer_store_connection.h"

#include "tiles3d/base/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace pipeline::planning {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;
using tiles3d::base::toUtf8;

namespace {

namespace fs = std::filesystem;

/// What a condition may call: nothing that makes much out of little, knows the program or the day.
constexpr std::array<std::string_view, 26> kPlainFunctions{
    "abs",    "coalesce",  "glob", "hex",    "ifnull",  "iif",     "instr", "length",  "like",
    "lower",  "ltrim",     "max",  "min",    "nullif",  "replace", "round", "rtrim",   "sign",
    "substr", "substring", "trim", "typeof", "unicode", "upper",   "date",  "strftime"};

constexpr int kStepsBetweenChecks = 10000; // of SQLite's machine: well below a millisecond

/// As a URI of SQLite: nothing of a path is taken for an option.
std::string uriOf(const fs::path& file) {
    constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                        "0123456789/._-";
    std::string uri = "file:";
    for (const char c : fs::absolute(file).string()) {
        uri += kPlain.find(c) != std::string_view::npos
                   ? std::string(1, c)
                   : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return uri;
}

} // namespace

std::string quotedName(const std::string& name) {
    std::string out = "\"";
    for (const char c : name) {
        out += c;
        if (c == '"') {
            out += c;
        }
    }
    return out + '"';
}

std::string textAt(sqlite3_stmt* row, int column) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, column));
    return text != nullptr ? tiles3d::base::validUtf8({text, size}) : std::string();
}

std::span<const std::byte> bytesAt(sqlite3_stmt* row, int column) {
    const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(row, column));
    return {bytes,
            bytes != nullptr ? static_cast<std::size_t>(sqlite3_column_bytes(row, column))
                             : std::size_t{0}};
}

Value valueAt(sqlite3_stmt* row, int column) {
    switch (sqlite3_column_type(row, column)) {
    case SQLITE_INTEGER:
        return std::int64_t{sqlite3_column_int64(row, column)};
    case SQLITE_FLOAT:
        return sqlite3_column_double(row, column);
    case SQLITE_TEXT:
        return textAt(row, column);
    default:
        return {};
    }
}

Result<std::unique_ptr<Connection>> Connection::open(const fs::path& file) {
    std::error_code error;
    if (!fs::is_regular_file(file, error)) {
        return Error{toUtf8(file) + ": no such file"};
    }
    std::unique_ptr<Connection> connection(new Connection(file));
    Status opened = connection->openAs(uriOf(file));
    if (!opened) {
        // A file left in WAL mode in a folder that cannot be written needs its locks skipped.
        opened = connection->openAs(uriOf(file) + "?immutable=1");
    }
    if (!opened) {
        return opened.error();
    }
    return connection;
}

Status Connection::openAs(const std::string& uri) {
    sqlite3_close_v2(std::exchange(database_, nullptr));
    const int opened = sqlite3_open_v2(uri.c_str(),
                                       &database_,
                                       SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
                                       nullptr);
    if (opened != SQLITE_OK) {
        return error();
    }
    restrict();
    const Result<Statement> first = prepare("SELECT count(*) FROM sqlite_master");
    if (!first) {
        return first.error();
    }
    const Result<bool> read = step(first->get());
    return read ? ok() : Status(read.error());
}

void Connection::restrict() {
    constexpr std::array<std::pair<int, int>, 6> kSettings{{{SQLITE_DBCONFIG_DEFENSIVE, 1},
                                                            {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                                                            {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
                                                            {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
                                                            {SQLITE_DBCONFIG_ENABLE_FKEY, 0},
                                                            {SQLITE_DBCONFIG_DQS_DML, 0}}};
    for (const auto& [setting, value] : kSettings) {
        sqlite3_db_config(database_, setting, value, nullptr);
    }
    constexpr int kMostStatementBytes = 200'000; // 2,000 columns of 64 bytes in one SELECT
    constexpr int kMostPatternBytes = 200;       // LIKE takes exponential time in its %
    sqlite3_limit(database_, SQLITE_LIMIT_SQL_LENGTH, kMostStatementBytes);
    sqlite3_limit(database_, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, kMostPatternBytes);
    sqlite3_limit(database_, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(database_, SQLITE_LIMIT_EXPR_DEPTH, 200);
    run("PRAGMA cell_size_check = ON");
    run("PRAGMA cache_size = -65536"); // 64 MB: the large polygons of a place
    sqlite3_busy_timeout(database_, 2000);
    sqlite3_set_authorizer(database_, authorise, this);
    sqlite3_progress_handler(database_, kStepsBetweenChecks, isLate, this);
}

Connection::~Connection() {
    kept_.clear();
    sqlite3_close_v2(database_);
}

Error Connection::error() const {
    const char* said = database_ != nullptr ? sqlite3_errmsg(database_) : "out of memory";
    return {toUtf8(file_) + ": " + said};
}

Result<Statement> Connection::prepare(const std::string& sql) const {
    sqlite3_stmt* statement = nullptr;
    const int prepared = sqlite3_prepare_v2(
        database_, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    return prepared == SQLITE_OK ? Result<Statement>(Statement(statement)) : error();
}

Result<sqlite3_stmt*> Connection::kept(const std::string& sql) {
    auto found = kept_.find(sql);
    if (found == kept_.end()) {
        Result<Statement> statement = prepare(sql);
        if (!statement) {
            return statement.error();
        }
        found = kept_.emplace(sql, *std::move(statement)).first;
    }
    sqlite3_reset(found->second.get());
    return found->second.get();
}

Result<bool> Connection::step(sqlite3_stmt* statement) const {
    const int stepped = sqlite3_step(statement);
    if (stepped == SQLITE_ROW || stepped == SQLITE_DONE) {
        return stepped == SQLITE_ROW;
    }
    return stepped == SQLITE_INTERRUPT
               ? Error{toUtf8(file_) + ": the condition took too long and was stopped"}
               : error();
}

int Connection::authorise(void* self,
                          int action,
                          const char* first,
                          const char* second,
                          const char* /*database*/,
                          const char* /*view*/) {
    Connection& connection = *static_cast<Connection*>(self);
    if (!connection.confinement_) {
        return SQLITE_OK;
    }
    switch (action) {
    case SQLITE_SELECT:
        return ++connection.selects_ == 1 ? SQLITE_OK : SQLITE_DENY; // no SELECT in the SELECT
    case SQLITE_READ:
        return connection.confinement_->table == first ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_FUNCTION:
        return std::ranges::find(kPlainFunctions, std::string_view(second)) != kPlainFunctions.end()
                   ? SQLITE_OK
                   : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

int Connection::isLate(void* self) {
    const Connection& connection = *static_cast<Connection*>(self);
    return connection.confinement_ &&
           std::chrono::steady_clock::now() > connection.confinement_->deadline;
}

void Connection::run(const char* sql) {
    sqlite3_exec(database_, sql, nullptr, nullptr, nullptr);
}

Connection::Snapshot::Snapshot(Connection& connection) : connection_(connection) {
    connection_.run("BEGIN"); // where it fails, so does the reading that follows
}

Connection::Snapshot::~Snapshot() {
    connection_.run("COMMIT");
}

Connection::Confined::Confined(Connection& connection, Confinement limits)
    : connection_(connection) {
    connection_.confinement_ = std::move(limits);
    connection_.selects_ = 0;
}

Connection::Confined::~Confined() {
    connection_.confinement_.reset();
}

Result<ConnectionPool::Lent> ConnectionPool::lend() {
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            Lent lent(idle_.back().release(), GiveBack{this});
            idle_.pop_back();
            return lent;
        }
    }
    Result<std::unique_ptr<Connection>> opened = Connection::open(file_);
    if (!opened) {
        return opened.error();
    }
    return Lent(opened->release(), GiveBack{this});
}

void ConnectionPool::GiveBack::operator()(Connection* connection) const {
    std::unique_ptr<Connection> owned(connection);
    const std::lock_guard lock(pool->mutex_);
    pool->idle_.push_back(std::move(owned));
}

} // namespace pipeline::planning
