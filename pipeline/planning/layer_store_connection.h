#pragma once

#include "pipeline/planning/vector_layer.h"
#include "tiles3d/base/result.h"

#include <sqlite3.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pipeline::planning {

struct FinalizeStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

/// A name as SQL takes it, whatever it holds: in double quotes.
std::string quotedName(const std::string& name);

/// A column of the row that a statement stands on. Text is valid UTF-8; blobs are no value.
Value valueAt(sqlite3_stmt* row, int column);
std::string textAt(sqlite3_stmt* row, int column);
/// Until the next step.
std::span<const std::byte> bytesAt(sqlite3_stmt* row, int column);

/// What a statement from a stranger may do.
struct Confinement {
    std::string table; ///< The only one that it may read.
    std::chrono::steady_clock::time_point deadline;
};

/// An SQLite file opened to be read and never written, distrusted: no views, triggers, extensions
/// or schema with side effects. For one thread at a time.
class Connection {
public:
    /// Fails on a file that is missing or no database.
    static tiles3d::base::Result<std::unique_ptr<Connection>>
    open(const std::filesystem::path& file);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    tiles3d::base::Result<Statement> prepare(const std::string& sql) const;

    /// A statement that is kept, unbound and before its first row.
    tiles3d::base::Result<sqlite3_stmt*> kept(const std::string& sql);

    /// Steps to the next row: false after the last.
    tiles3d::base::Result<bool> step(sqlite3_stmt* statement) const;

    /// All that is read while it lives is of one state of the file, and needs its lock only
    /// once.
    class Snapshot {
    public:
        explicit Snapshot(Connection& connection);
        Snapshot(const Snapshot&) = delete;
        Snapshot& operator=(const Snapshot&) = delete;
        ~Snapshot();

    private:
        Connection& connection_;
    };

    /// One statement that may only select from one table, with plain functions.
    class Confined {
    public:
        Confined(Connection& connection, Confinement limits);
        Confined(const Confined&) = delete;
        Confined& operator=(const Confined&) = delete;
        ~Confined();

    private:
        Connection& connection_;
    };

private:
    explicit Connection(std::filesystem::path file) : file_(std::move(file)) {}
    tiles3d::base::Status openAs(const std::string& uri);
    void restrict();
    void run(const char* sql);
    tiles3d::base::Error error() const;
    static int
    authorise(void* self, int action, const char*, const char*, const char*, const char*);
    static int isLate(void* self);

    std::filesystem::path file_;
    sqlite3* database_ = nullptr;
    std::optional<Confinement> confinement_;
    int selects_ = 0; // that the confined statement has begun
    std::map<std::string, Statement> kept_;
};

/// Connections to one file for any number of threads.
class ConnectionPool {
public:
    explicit ConnectionPool(std::filesystem::path file) : file_(std::move(file)) {}

    /// Goes back into the pool when it dies, before the pool does.
    struct GiveBack {
        ConnectionPool* pool = nullptr;
        void operator()(Connection* connection) const;
    };
    using Lent = std::unique_ptr<Connection, GiveBack>;
    tiles3d::base::Result<Lent> lend();

    const std::filesystem::path& file() const { return file_; }

private:
    std::filesystem::path file_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Connection>> idle_;
};

} // namespace pipeline::planning
