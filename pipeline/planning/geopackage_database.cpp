#include "pipeline/planning/geopackage_database.h"

#include "tiles3d/base/file.h"

#include <system_error>

namespace pipeline::planning {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;

namespace fs = std::filesystem;

std::string quotedText(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        out += c;
        if (c == '\'') {
            out += c;
        }
    }
    return out + "'";
}

Result<Database> Database::create(const fs::path& file) {
    std::error_code error;
    fs::remove(file, error);
    Database database;
    database.file_ = file;
    sqlite3* handle = nullptr;
    const int code =
        sqlite3_open_v2(file.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    database.database_.reset(handle);
    if (code != SQLITE_OK) {
        return database.error("cannot be made");
    }
    // The file counts only once it is renamed: no journal on disk, no flushing on the way.
    const Status isSet = database.execute("PRAGMA page_size = 4096; PRAGMA encoding = 'UTF-8';"
                                          "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;"
                                          "PRAGMA locking_mode = EXCLUSIVE;"
                                          "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536");
    return isSet ? Result<Database>(std::move(database)) : isSet.error();
}

Status Database::execute(const std::string& sql) const {
    return sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK
               ? ok()
               : Status(error("cannot be written"));
}

Result<Statement> Database::prepare(const std::string& sql) const {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(handle(), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
        return error("cannot be used");
    }
    return Statement(statement);
}

Status Database::run(sqlite3_stmt* statement) const {
    const int code = sqlite3_step(statement);
    if (code != SQLITE_DONE && code != SQLITE_ROW) {
        Error failed = error("cannot be written");
        sqlite3_reset(statement);
        return failed;
    }
    sqlite3_reset(statement);
    return ok();
}

Error Database::error(const std::string& what) const {
    return {tiles3d::base::toUtf8(file_) + ": " + what + ": " +
            (database_ ? sqlite3_errmsg(handle()) : "out of memory")};
}

Status Database::close() {
    if (sqlite3_close(handle()) != SQLITE_OK) {
        return error("cannot be closed");
    }
    static_cast<void>(database_.release());
    return ok();
}

void bindTo(sqlite3_stmt* statement, int place, std::string_view text) {
    sqlite3_bind_text64(statement, place, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void bindTo(sqlite3_stmt* statement, int place, std::int64_t number) {
    sqlite3_bind_int64(statement, place, number);
}

void bindTo(sqlite3_stmt* statement, int place, double number) {
    sqlite3_bind_double(statement, place, number);
}

} // namespace pipeline::planning
