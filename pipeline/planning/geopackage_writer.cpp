#include "pipeline/planning/geopackage_writer.h"

#include "pipeline/planning/geopackage_schema.h"
#include "pipeline/planning/ogr_handles.h"
#include "tiles3d/base/file.h"

#include <cpl_conv.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace pipeline::planning {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;

namespace {

constexpr std::int32_t kOwnSrs = 100'000;
constexpr std::int64_t kFirstSpareId = std::int64_t{1} << 40U;
constexpr const char* kNoTime = "2000-01-01T00:00:00.000Z"; // same rows, same bytes

/// SQLite compares names without regard to the case of ASCII letters.
std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
}

/// UTF-8 without control characters, not empty and not endless.
std::string cleaned(const std::string& name, const std::string& otherwise) {
    constexpr std::size_t kMostBytes = 200;
    std::string clean = name.substr(0, kMostBytes);
    std::erase_if(clean, [](char c) { return static_cast<unsigned char>(c) < ' '; });
    clean = tiles3d::base::validUtf8(clean);
    return clean.empty() ? otherwise : clean;
}

/// `name`, or with the first number behind it that `taken` does not hold.
std::string distinct(const std::string& name, const std::set<std::string>& taken) {
    std::string candidate = name;
    for (int i = 2; taken.contains(lower(candidate)); ++i) {
        candidate = fmt::format("{}_{}", name, i);
    }
    return candidate;
}

/// Names that belong to SQLite, the standard and ourselves.
bool isReserved(const std::string& table) {
    constexpr std::array<std::string_view, 5> kPrefixes{
        "sqlite_", "gpkg_", "rtree_", "city3d_", "trigger_"};
    return std::ranges::any_of(kPrefixes, [name = lower(table)](std::string_view prefix) {
        return name.starts_with(prefix);
    });
}

struct SrsRow {
    std::string name;
    std::int32_t id = kOwnSrs;
    std::string organization = "NONE";
    std::string definition;
};

Result<SrsRow> srsRow(const std::string& crs) {
    const Result<Reference> reference = referenceFrom(crs);
    if (!reference) {
        return reference.error();
    }
    SrsRow row{.name = (*reference)->GetName() != nullptr ? (*reference)->GetName() : "unnamed"};
    const char* authority = (*reference)->GetAuthorityName(nullptr);
    const char* code = (*reference)->GetAuthorityCode(nullptr);
    if (authority != nullptr && code != nullptr && std::string(authority) == "EPSG") {
        row.organization = authority;
        row.id = std::atoi(code);
    }
    char* text = nullptr;
    (*reference)->exportToWkt(&text);
    row.definition = text != nullptr ? text : "";
    CPLFree(text);
    return row;
}

Status addSrs(const Database& database, const SrsRow& row) {
    Result<Statement> insert =
        database.prepare("INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, '')");
    if (!insert) {
        return insert.error();
    }
    sqlite3_stmt* statement = insert->get();
    bindTo(statement, 1, row.name);
    bindTo(statement, 2, std::int64_t{row.id});
    bindTo(statement, 3, row.organization);
    bindTo(statement, 4, std::int64_t{row.id});
    bindTo(statement, 5, row.definition);
    return database.run(statement);
}

void bindValue(sqlite3_stmt* statement, int place, const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) {
        bindTo(statement, place, *text);
    } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        bindTo(statement, place, *integer);
    } else if (const auto* real = std::get_if<double>(&value)) {
        bindTo(statement, place, *real);
    } else {
        sqlite3_bind_null(statement, place);
    }
}

bool isIdTaken(const Database& database) {
    const int code = sqlite3_extended_errcode(database.handle());
    return code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_ROWID;
}

std::string boxSql(const PlaneBox& box) {
    return box.isEmpty() ? "NULL, NULL, NULL, NULL"
                         : fmt::format("{:.17g}, {:.17g}, {:.17g}, {:.17g}",
                                       box.low.x,
                                       box.low.y,
                                       box.high.x,
                                       box.high.y);
}

/// Rows of the standard's own tables for a whole table of features.
std::string registerSql(const FeatureTable& table, std::int32_t srsId) {
    const std::string name = quotedText(table.name);
    return fmt::format(
        "INSERT INTO gpkg_contents VALUES ({name}, 'features', {name}, '', '{time}', {box}, {srs});"
        "INSERT INTO gpkg_geometry_columns VALUES ({name}, 'geom', '{type}', {srs}, 0, 0);"
        "INSERT INTO gpkg_extensions VALUES ({name}, 'geom', 'gpkg_rtree_index', "
        "'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');"
        "INSERT INTO gpkg_ogr_contents VALUES ({name}, {count});",
        fmt::arg("name", name),
        fmt::arg("time", kNoTime),
        fmt::arg("box", boxSql(table.extent)),
        fmt::arg("srs", srsId),
        fmt::arg("type", typeName(table.kind)),
        fmt::arg("count", table.entries.size()));
}

/// Aliases: as "name", which is unique in a table and what GDAL shows, and as "title".
std::string aliasSql(const FeatureTable& table) {
    std::string sql;
    std::set<std::string> names;
    for (const Field& field : table.fields) {
        if (!field.alias.empty()) {
            const bool isNew = names.insert(lower(field.alias)).second;
            sql += fmt::format("INSERT INTO gpkg_data_columns VALUES ({}, {}, {}, {}, NULL, NULL, "
                               "NULL);",
                               quotedText(table.name),
                               quotedText(field.name),
                               isNew ? quotedText(field.alias) : "NULL",
                               quotedText(field.alias));
        }
    }
    return sql;
}

} // namespace

Result<GeoPackageWriter> GeoPackageWriter::create(const std::filesystem::path& file,
                                                  const std::string& crs,
                                                  const std::filesystem::path& earlier) {
    const Result<SrsRow> srs = srsRow(crs);
    if (!srs) {
        return srs.error();
    }
    Result<Database> database = Database::create(file);
    if (!database) {
        return database.error();
    }
    const std::string attach =
        earlier.empty()
            ? ""
            : fmt::format("ATTACH {} AS {};", quotedText(earlier.string()), kEarlierSchema);
    for (const std::string& sql : {attach + geopackageSchema(), std::string("BEGIN")}) {
        if (const Status done = database->execute(sql); !done) {
            return done.error();
        }
    }
    if (const Status added = addSrs(*database, *srs); !added) {
        return added.error();
    }
    return GeoPackageWriter(*std::move(database), srs->id, srs->definition);
}

Result<FeatureTable> GeoPackageWriter::begin(const std::string& name,
                                             GeometryKind kind,
                                             const std::vector<Field>& fields) {
    const std::string clean = cleaned(name, "layer");
    FeatureTable table{.name = distinct(isReserved(clean) ? "_" + clean : clean, names_),
                       .kind = kind,
                       .fields = fields};
    if (const Status made = database_.execute(createTableSql(table.name, kind, fields)); !made) {
        return made.error();
    }
    std::string sql = "INSERT INTO " + quotedName(table.name) + " VALUES (?, ?";
    for (std::size_t i = 0; i < fields.size(); ++i) {
        sql += ", ?";
    }
    Result<Statement> insert = database_.prepare(sql + ")");
    if (!insert) {
        return insert.error();
    }
    table.insert = *std::move(insert);
    names_.insert(lower(table.name));
    return table;
}

Result<std::int64_t> GeoPackageWriter::add(FeatureTable& table,
                                           std::int64_t id,
                                           const GeometryBlob& blob,
                                           std::span<const Value> values) const {
    sqlite3_stmt* statement = table.insert.get();
    sqlite3_bind_blob64(statement, 2, blob.bytes.data(), blob.bytes.size(), SQLITE_STATIC);
    for (std::size_t i = 0; i < values.size(); ++i) {
        bindValue(statement, static_cast<int>(i) + 3, values[i]);
    }
    std::int64_t given = id < 0 ? kFirstSpareId + table.spareIds++ : id;
    bindTo(statement, 1, given);
    int code = sqlite3_step(statement);
    while (code == SQLITE_CONSTRAINT && isIdTaken(database_)) {
        sqlite3_reset(statement);
        given = kFirstSpareId + table.spareIds++;
        bindTo(statement, 1, given);
        code = sqlite3_step(statement);
    }
    if (code != SQLITE_DONE) {
        Error error = database_.error("a feature cannot be written");
        sqlite3_reset(statement);
        return error;
    }
    sqlite3_reset(statement);
    table.extent.add(blob.box.low);
    table.extent.add(blob.box.high);
    table.entries.push_back(rtreeEntry(given, blob.box));
    return given;
}

Status GeoPackageWriter::finish(FeatureTable table) const {
    table.insert.reset();
    const Status isRegistered = database_.execute(registerSql(table, srsId_) + aliasSql(table));
    if (!isRegistered) {
        return isRegistered;
    }
    const Status isIndexed = writeRtree(database_, rtreeName(table.name), std::move(table.entries));
    return isIndexed ? database_.execute(createTriggersSql(table.name)) : isIndexed;
}

Status GeoPackageWriter::mark() {
    marked_ = names_;
    return database_.execute("SAVEPOINT layer");
}

Status GeoPackageWriter::keep() {
    return database_.execute("RELEASE layer");
}

Status GeoPackageWriter::forget() {
    names_ = marked_;
    return database_.execute("ROLLBACK TO layer; RELEASE layer");
}

void GeoPackageWriter::reserve(const std::string& table) {
    names_.insert(lower(table));
}

bool GeoPackageWriter::hasName(const std::string& table) const {
    return names_.contains(lower(table));
}

Status GeoPackageWriter::copy(const std::string& table) {
    const std::string schema = kEarlierSchema;
    Result<Statement> find = database_.prepare("SELECT sql FROM " + schema +
                                               ".sqlite_master WHERE type = 'table' AND name = ?");
    if (!find) {
        return find.error();
    }
    bindTo(find->get(), 1, table);
    if (sqlite3_step(find->get()) != SQLITE_ROW) {
        return Error{"table " + table + " is not in the older file"};
    }
    std::string sql = textAt(find->get(), 0) + ";";
    find->reset();
    const auto copyRows = [&](const std::string& name, const std::string& where) {
        sql += fmt::format("INSERT INTO main.{} SELECT * FROM {}.{}{};",
                           quotedName(name),
                           schema,
                           quotedName(name),
                           where);
    };
    const std::string ofTable = " WHERE table_name = " + quotedText(table);
    copyRows(table, "");
    for (const char* name : {"gpkg_contents",
                             "gpkg_geometry_columns",
                             "gpkg_extensions",
                             "gpkg_ogr_contents",
                             "gpkg_data_columns"}) {
        copyRows(name, ofTable);
    }
    const std::string rtree = rtreeName(table);
    sql += fmt::format("CREATE VIRTUAL TABLE {0} USING rtree(id, minx, maxx, miny, maxy);"
                       "DELETE FROM {1};",
                       quotedName(rtree),
                       quotedName(rtree + "_node"));
    for (const char* shadow : {"_node", "_rowid", "_parent"}) {
        copyRows(rtree + shadow, "");
    }
    names_.insert(lower(table));
    return database_.execute(sql + createTriggersSql(table));
}

Status GeoPackageWriter::close() {
    const Status committed = database_.execute("COMMIT");
    return committed ? database_.close() : committed;
}

std::vector<Field> distinctFields(std::vector<Field> fields) {
    std::set<std::string> taken{"fid", "geom"};
    for (std::size_t i = 0; i < fields.size(); ++i) {
        Field& field = fields[i];
        const std::string name =
            distinct(cleaned(field.name, fmt::format("field_{}", i + 1)), taken);
        if (name != field.name && field.alias.empty()) {
            field.alias = tiles3d::base::validUtf8(field.name);
        }
        field.name = name;
        taken.insert(lower(name));
    }
    return fields;
}

} // namespace pipeline::planning
