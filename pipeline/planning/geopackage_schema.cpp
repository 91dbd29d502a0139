#include "pipeline/planning/geopackage_schema.h"

#include "pipeline/planning/geopackage_database.h"

#include <fmt/format.h>

namespace pipeline::planning {

namespace {

/// OGC 12-128r18, annex C; gpkg_ogr_contents is GDAL's, which counts rows one by one without it.
constexpr const char* kTables = R"sql(
PRAGMA application_id = 0x47504B47;
PRAGMA user_version = 10200;
CREATE TABLE gpkg_spatial_ref_sys (
    srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
    organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
    table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
    description TEXT DEFAULT '',
    last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
    min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
    CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
    srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
    CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
    CONSTRAINT uk_gc_table_name UNIQUE (table_name),
    CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
    CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_extensions (
    table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
    scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE gpkg_data_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
    mime_type TEXT, constraint_name TEXT,
    CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
    CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (
    constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
    min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
    CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
CREATE TABLE gpkg_ogr_contents (
    table_name TEXT NOT NULL PRIMARY KEY, feature_count INTEGER DEFAULT NULL);
INSERT INTO gpkg_spatial_ref_sys VALUES
    ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined',
     'undefined Cartesian coordinate reference system'),
    ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined',
     'undefined geographic coordinate reference system'),
    ('WGS 84 geodetic', 4326, 'EPSG', 4326,
     'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,'
     || 'AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,'
     || 'AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],'
     || 'AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]',
     'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid');
INSERT INTO gpkg_extensions VALUES
    ('gpkg_data_columns', NULL, 'gpkg_schema',
     'http://www.geopackage.org/spec120/#extension_schema', 'read-write'),
    ('gpkg_data_column_constraints', NULL, 'gpkg_schema',
     'http://www.geopackage.org/spec120/#extension_schema', 'read-write');
)sql";

const char* columnType(FieldType type) {
    switch (type) {
    case FieldType::Integer:
        return "INTEGER";
    case FieldType::Real:
        return "REAL";
    case FieldType::Boolean:
        return "BOOLEAN";
    case FieldType::Date:
        return "DATE";
    case FieldType::DateTime:
        return "DATETIME";
    case FieldType::String:
        break;
    }
    return "TEXT";
}

} // namespace

std::string geopackageSchema() {
    return kTables;
}

std::string
createTableSql(const std::string& table, GeometryKind kind, const std::vector<Field>& fields) {
    std::string sql =
        fmt::format("CREATE TABLE {} (\"fid\" INTEGER PRIMARY KEY NOT NULL, \"geom\" {}",
                    quotedName(table),
                    typeName(kind));
    for (const Field& field : fields) {
        sql += ", " + quotedName(field.name) + " " + columnType(field.type);
    }
    return sql + ")";
}

std::string createTriggersSql(const std::string& table) {
    const std::string rtree = rtreeName(table);
    const auto trigger = [&](const char* suffix) { return quotedName(rtree + suffix); };
    constexpr const char* kBox = "ST_MinX(NEW.\"geom\"), ST_MaxX(NEW.\"geom\"), "
                                 "ST_MinY(NEW.\"geom\"), ST_MaxY(NEW.\"geom\")";
    constexpr const char* kHas = "(NEW.\"geom\" NOTNULL AND NOT ST_IsEmpty(NEW.\"geom\"))";
    constexpr const char* kLacks = "(NEW.\"geom\" ISNULL OR ST_IsEmpty(NEW.\"geom\"))";
    const std::string put =
        fmt::format("INSERT OR REPLACE INTO {} VALUES (NEW.\"fid\", {});", quotedName(rtree), kBox);
    const std::string drop =
        fmt::format("DELETE FROM {} WHERE id = OLD.\"fid\";", quotedName(rtree));
    // OGC 12-128r18, annex F.3: the six triggers of the R-tree extension, then GDAL's two.
    return fmt::format(
        "CREATE TRIGGER {} AFTER INSERT ON {table} WHEN {has} BEGIN {put} END;"
        "CREATE TRIGGER {} AFTER UPDATE OF \"geom\" ON {table} WHEN OLD.\"fid\" = NEW.\"fid\" AND "
        "{has} BEGIN {put} END;"
        "CREATE TRIGGER {} AFTER UPDATE OF \"geom\" ON {table} WHEN OLD.\"fid\" = NEW.\"fid\" AND "
        "{lacks} BEGIN {drop} END;"
        "CREATE TRIGGER {} AFTER UPDATE ON {table} WHEN OLD.\"fid\" != NEW.\"fid\" AND {has} "
        "BEGIN {drop} {put} END;"
        "CREATE TRIGGER {} AFTER UPDATE ON {table} WHEN OLD.\"fid\" != NEW.\"fid\" AND {lacks} "
        "BEGIN DELETE FROM {rtree} WHERE id IN (OLD.\"fid\", NEW.\"fid\"); END;"
        "CREATE TRIGGER {} AFTER DELETE ON {table} WHEN OLD.\"geom\" NOT NULL BEGIN {drop} END;"
        "CREATE TRIGGER {} AFTER INSERT ON {table} BEGIN UPDATE gpkg_ogr_contents SET "
        "feature_count = feature_count + 1 WHERE lower(table_name) = lower({text}); END;"
        "CREATE TRIGGER {} AFTER DELETE ON {table} BEGIN UPDATE gpkg_ogr_contents SET "
        "feature_count = feature_count - 1 WHERE lower(table_name) = lower({text}); END;",
        trigger("_insert"),
        trigger("_update1"),
        trigger("_update2"),
        trigger("_update3"),
        trigger("_update4"),
        trigger("_delete"),
        quotedName("trigger_insert_feature_count_" + table),
        quotedName("trigger_delete_feature_count_" + table),
        fmt::arg("table", quotedName(table)),
        fmt::arg("rtree", quotedName(rtree)),
        fmt::arg("text", quotedText(table)),
        fmt::arg("has", kHas),
        fmt::arg("lacks", kLacks),
        fmt::arg("put", put),
        fmt::arg("drop", drop));
}

std::string rtreeName(const std::string& table) {
    return "rtree_" + table + "_geom";
}

std::string typeName(GeometryKind kind) {
    switch (kind) {
    case GeometryKind::Polygon:
        return "MULTIPOLYGON";
    case GeometryKind::Line:
        return "MULTILINESTRING";
    case GeometryKind::Point:
        break;
    }
    return "MULTIPOINT";
}

} // namespace pipeline::planning
