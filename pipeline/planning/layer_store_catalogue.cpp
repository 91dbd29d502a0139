#include "pipeline/planning/layer_store_catalogue.h"

#include "tiles3d/base/file.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>

namespace pipeline::planning {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;

namespace {

constexpr const char* kLayersSql = R"sql(
    SELECT contents.table_name, coalesce(contents.identifier, ''), columns.column_name,
           upper(columns.geometry_type_name), systems.organization,
           systems.organization_coordsys_id, systems.definition, columns.srs_id
    FROM gpkg_contents AS contents
    JOIN gpkg_geometry_columns AS columns ON columns.table_name = contents.table_name
    LEFT JOIN gpkg_spatial_ref_sys AS systems ON systems.srs_id = columns.srs_id
    WHERE contents.data_type = 'features'
    ORDER BY contents.table_name
)sql";

std::string upper(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return text;
}

/// Of a type as tables declare it: of GeoPackage, or by SQLite's own rules for others.
FieldType fieldTypeOf(const std::string& declared) {
    const std::string type = upper(declared);
    const auto has = [&type](const char* part) { return type.find(part) != std::string::npos; };
    if (has("BOOL")) {
        return FieldType::Boolean;
    }
    if (has("INT")) {
        return FieldType::Integer;
    }
    if (has("DATE")) {
        return has("TIME") ? FieldType::DateTime : FieldType::Date;
    }
    return has("REAL") || has("FLOA") || has("DOUB") || has("NUMERIC") || has("DECIMAL")
               ? FieldType::Real
               : FieldType::String;
}

std::optional<GeometryKind> kindOf(const std::string& type) {
    const auto has = [&type](const char* part) { return type.find(part) != std::string::npos; };
    if (has("POLYGON") || has("SURFACE") || has("TIN") || has("TRIANGLE")) {
        return GeometryKind::Polygon;
    }
    if (has("LINESTRING") || has("CURVE") || has("CIRCULAR")) {
        return GeometryKind::Line;
    }
    return has("POINT") ? std::optional(GeometryKind::Point) : std::nullopt;
}

/// Reads the tables about tables.
class CatalogueReader {
public:
    CatalogueReader(Connection& connection, const std::filesystem::path& file)
        : connection_(connection), file_(file) {}

    Result<std::vector<CatalogueLayer>> read() {
        Status read = forEachRow("SELECT name FROM sqlite_master WHERE type = 'table'",
                                 {},
                                 [this](sqlite3_stmt* row) { tables_.insert(textAt(row, 0)); });
        if (read && !tables_.contains("gpkg_contents")) {
            return Error{tiles3d::base::toUtf8(file_) + ": no GeoPackage"};
        }
        if (read && tables_.contains("gpkg_geometry_columns")) { // else: rasters or tables only
            read = forEachRow(kLayersSql, {}, [this](sqlite3_stmt* row) { addLayer(row); });
        }
        for (std::size_t i = 0; read && i < layers_.size(); ++i) {
            read = complete(layers_[i]);
        }
        if (!read) {
            return read.error();
        }
        return std::move(layers_);
    }

private:
    using Visit = std::function<void(sqlite3_stmt* row)>;

    Status
    forEachRow(const std::string& sql, const std::vector<std::string>& texts, const Visit& visit) {
        const Result<sqlite3_stmt*> statement = connection_.kept(sql);
        if (!statement) {
            return statement.error();
        }
        for (std::size_t i = 0; i < texts.size(); ++i) {
            sqlite3_bind_text(*statement,
                              static_cast<int>(i + 1),
                              texts[i].data(),
                              static_cast<int>(texts[i].size()),
                              SQLITE_TRANSIENT);
        }
        while (true) {
            const Result<bool> isRow = connection_.step(*statement);
            if (!isRow) {
                return isRow.error();
            }
            if (!*isRow) {
                sqlite3_reset(*statement);
                return ok();
            }
            visit(*statement);
        }
    }

    void addLayer(sqlite3_stmt* row) {
        CatalogueLayer layer;
        layer.info.file = file_;
        layer.info.table = textAt(row, 0);
        layer.info.title = textAt(row, 1).empty() ? layer.info.table : textAt(row, 1);
        layer.geometryColumn = textAt(row, 2);
        const std::optional<GeometryKind> kind = kindOf(textAt(row, 3));
        layer.hasKind = kind.has_value();
        layer.info.kind = kind.value_or(GeometryKind::Point);
        const bool isEpsg = upper(textAt(row, 4)) == "EPSG";
        const bool isKnown = sqlite3_column_int64(row, 7) > 0; // 0 and -1: not said
        layer.crs = !isKnown ? "" : isEpsg ? "EPSG:" + textAt(row, 5) : textAt(row, 6);
        layers_.push_back(std::move(layer));
    }

    Error about(const CatalogueLayer& layer, const char* what) const {
        return {tiles3d::base::toUtf8(file_) + ": layer " + layer.info.table + " " + what};
    }

    Status complete(CatalogueLayer& layer) {
        if (layer.crs == "undefined") { // what the older WKT cannot say stands beside it
            const Status read =
                forEachRow("SELECT definition_12_063 FROM gpkg_spatial_ref_sys JOIN "
                           "gpkg_geometry_columns USING (srs_id) WHERE table_name = ?",
                           {layer.info.table},
                           [&](sqlite3_stmt* row) { layer.crs = textAt(row, 0); });
            if (!read) {
                return read;
            }
        }
        if (layer.crs.empty()) {
            return about(layer, "does not say its CRS; import it and state one");
        }
        Status read = readColumns(layer);
        read = read ? readAliases(layer) : read;
        read = read ? readOrigin(layer) : read;
        read = read ? findTree(layer) : read;
        return read ? countFeatures(layer) : read;
    }

    Status readColumns(CatalogueLayer& layer) {
        if (!tables_.contains(layer.info.table)) {
            return about(layer, "is a view or missing; import it");
        }
        layer.idColumn = "rowid"; // of every table that has no key of its own
        const auto addColumn = [&](sqlite3_stmt* row) {
            const std::string name = textAt(row, 0);
            const std::string type = textAt(row, 1);
            if (sqlite3_column_int(row, 2) == 1 && upper(type) == "INTEGER") {
                layer.idColumn = name;
            } else if (name != layer.geometryColumn) {
                layer.info.fields.push_back({name, fieldTypeOf(type), ""});
            }
        };
        return forEachRow(
            "SELECT name, type, pk FROM pragma_table_info(?)", {layer.info.table}, addColumn);
    }

    /// Does nothing in a file that has not got the table.
    Status forEachRowIn(const std::string& table,
                        const std::string& sql,
                        const std::vector<std::string>& texts,
                        const Visit& visit) {
        return tables_.contains(table) ? forEachRow(sql, texts, visit) : ok();
    }

    Status readAliases(CatalogueLayer& layer) {
        return forEachRowIn(
            "gpkg_data_columns",
            "SELECT column_name, coalesce(nullif(title, ''), name, '') FROM gpkg_data_columns "
            "WHERE table_name = ?",
            {layer.info.table},
            [&](sqlite3_stmt* row) {
                const auto field =
                    std::ranges::find(layer.info.fields, textAt(row, 0), &Field::name);
                const std::string alias = textAt(row, 1);
                if (field != layer.info.fields.end() && alias != field->name) {
                    field->alias = alias;
                }
            });
    }

    /// What importLayers() notes.
    Status readOrigin(CatalogueLayer& layer) {
        return forEachRowIn("city3d_layers",
                            "SELECT title, category, source, source_crs, vintage "
                            "FROM city3d_layers WHERE table_name = ?",
                            {layer.info.table},
                            [&info = layer.info](sqlite3_stmt* row) {
                                info.title = textAt(row, 0).empty() ? info.title : textAt(row, 0);
                                info.category = textAt(row, 1);
                                info.source = textAt(row, 2);
                                info.sourceCrs = textAt(row, 3);
                                info.vintage = textAt(row, 4);
                            });
    }

    Status findTree(CatalogueLayer& layer) {
        const std::string name = "rtree_" + layer.info.table + "_" + layer.geometryColumn;
        if (!tables_.contains(name)) {
            return ok();
        }
        return forEachRowIn("gpkg_extensions",
                            "SELECT 1 FROM gpkg_extensions WHERE table_name = ? AND column_name = ?"
                            " AND extension_name = 'gpkg_rtree_index'",
                            {layer.info.table, layer.geometryColumn},
                            [&](sqlite3_stmt*) { layer.rTree = name; });
    }

    /// GDAL keeps count, as to count the rows of a large table is to read most of it.
    Status countFeatures(CatalogueLayer& layer) {
        std::optional<std::int64_t> count;
        const auto note = [&count](sqlite3_stmt* row) {
            if (sqlite3_column_type(row, 0) == SQLITE_INTEGER) {
                count = sqlite3_column_int64(row, 0);
            }
        };
        Status read =
            forEachRowIn("gpkg_ogr_contents",
                         "SELECT feature_count FROM gpkg_ogr_contents WHERE table_name = ?",
                         {layer.info.table},
                         note);
        if (read && !count) {
            read = forEachRow("SELECT count(*) FROM " + quotedName(layer.info.table), {}, note);
        }
        layer.info.features =
            static_cast<std::size_t>(std::max(count.value_or(0), std::int64_t{0}));
        return read;
    }

    Connection& connection_;
    const std::filesystem::path& file_;
    std::set<std::string> tables_;
    std::vector<CatalogueLayer> layers_;
};

} // namespace

Result<std::vector<CatalogueLayer>> readCatalogue(Connection& connection,
                                                  const std::filesystem::path& file) {
    return CatalogueReader(connection, file).read();
}

} // namespace pipeline::planning
