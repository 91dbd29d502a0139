#pragma once

#include "pipeline/planning/layer_store_connection.h"
#include "tiles3d/base/result.h"

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace pipeline::planning {

/// `text` as an SQL text.
std::string quotedText(std::string_view text);

/// An SQLite file that is being written, for one thread at a time. Errors name the file and carry
/// SQLite's words.
class Database {
public:
    /// A new file; one of that name is replaced. Made for one writer that is done or starts again:
    /// nothing survives a crash half-way.
    static tiles3d::base::Result<Database> create(const std::filesystem::path& file);

    /// One or more statements, results unread.
    tiles3d::base::Status execute(const std::string& sql) const;
    tiles3d::base::Result<Statement> prepare(const std::string& sql) const;
    /// Runs a statement without results to its end and makes it ready for the next values.
    tiles3d::base::Status run(sqlite3_stmt* statement) const;
    tiles3d::base::Error error(const std::string& what) const;
    tiles3d::base::Status close();

    sqlite3* handle() const { return database_.get(); }

private:
    struct Close {
        void operator()(sqlite3* database) const { sqlite3_close(database); }
    };
    std::filesystem::path file_;
    std::unique_ptr<sqlite3, Close> database_;
};

/// Binds a text that stays where it is until the statement has run.
void bindTo(sqlite3_stmt* statement, int place, std::string_view text);
void bindTo(sqlite3_stmt* statement, int place, std::int64_t number);
void bindTo(sqlite3_stmt* statement, int place, double number);

} // namespace pipeline::planning
