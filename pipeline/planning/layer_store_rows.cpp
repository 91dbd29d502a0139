#include "pipeline/planning/layer_store_rows.h"

#include <algorithm>
#include <chrono>

namespace pipeline::planning {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;

namespace {

/// The place after the quoted text that begins at `at`; npos if it does not end. A doubled quote
/// reads as the end of one and the start of another, which is as good here.
std::size_t endOfQuoted(std::string_view text, std::size_t at) {
    const char end = text[at] == '[' ? ']' : text[at];
    const std::size_t found = text.find(end, at + 1);
    return found == std::string_view::npos ? found : found + 1;
}

Result<std::string> sqlOf(const RowSource& source, const RowQuery& query) {
    std::string sql = "SELECT " + quotedName(source.idColumn) + " FROM " + quotedName(source.table);
    if (!query.where.empty()) {
        if (const Status isOne = checkIsOneCondition(query.where); !isOne) {
            return isOne.error();
        }
        sql += " WHERE (" + query.where + "\n)";
    }
    sql += " ORDER BY ";
    if (!query.orderBy.empty()) {
        if (std::ranges::find(source.fields, query.orderBy, &Field::name) == source.fields.end()) {
            return Error{"there is no field " + query.orderBy + " to order by"};
        }
        sql += quotedName(query.orderBy) + (query.descending ? " DESC, " : ", ");
    }
    const bool isIdReversed = query.orderBy.empty() && query.descending;
    return sql + quotedName(source.idColumn) + (isIdReversed ? " DESC" : "");
}

} // namespace

Status checkIsOneCondition(std::string_view text) {
    int depth = 0;
    std::size_t at = 0;
    while (at < text.size()) {
        const char c = text[at];
        const std::string_view two = text.substr(at, 2);
        if (c == ';' || c == '\0' || two == "--" || two == "/*") {
            return Error{"a filter is one condition, without semicolons or comments"};
        }
        if (c == '\'' || c == '"' || c == '`' || c == '[') {
            at = endOfQuoted(text, at);
            if (at == std::string_view::npos) {
                return Error{std::string("a quote is not closed: ") + c};
            }
            continue;
        }
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (depth < 0) {
            break;
        }
        ++at;
    }
    return depth == 0 ? ok() : Status(Error{"parentheses do not match"});
}

Result<std::vector<std::int64_t>>
selectIds(Connection& connection, const RowSource& source, const RowQuery& query) {
    const auto inFilter = [&](const Error& error) {
        return tiles3d::base::within("filter " + query.where, error);
    };
    const Result<std::string> sql = sqlOf(source, query);
    if (!sql) {
        return inFilter(sql.error());
    }
    const auto timeout = std::chrono::duration_cast<std::chrono::steady_clock::duration>(
        std::chrono::duration<double>(query.timeoutSeconds));
    const Connection::Confined confined(connection,
                                        {source.table, std::chrono::steady_clock::now() + timeout});
    const Result<Statement> statement = connection.prepare(*sql);
    if (!statement) {
        return inFilter(statement.error());
    }
    if (sqlite3_bind_parameter_count(statement->get()) > 0) {
        return inFilter(Error{"a filter has no parameters"});
    }
    std::vector<std::int64_t> ids;
    while (true) {
        const Result<bool> isRow = connection.step(statement->get());
        if (!isRow) {
            return inFilter(isRow.error());
        }
        if (!*isRow) {
            return ids;
        }
        ids.push_back(sqlite3_column_int64(statement->get(), 0));
    }
}

} // namespace pipeline::planning
