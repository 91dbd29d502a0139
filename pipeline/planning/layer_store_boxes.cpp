#include "pipeline/planning/layer_store_boxes.h"

#include "pipeline/planning/geopackage_geometry.h"

#include <optional>

namespace pipeline::planning {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;

namespace {

using Bytes = std::span<const std::byte>;

/// Calls visit(id, blob) for every feature with a geometry, until it returns false.
template <typename Visit>
Status forEachGeometry(Connection& connection, const CatalogueLayer& layer, const Visit& visit) {
    const std::string geometry = quotedName(layer.geometryColumn);
    const Result<Statement> statement =
        connection.prepare("SELECT " + quotedName(layer.idColumn) + ", " + geometry + " FROM " +
                           quotedName(layer.info.table) + " WHERE " + geometry + " IS NOT NULL");
    if (!statement) {
        return statement.error();
    }
    while (true) {
        const Result<bool> isRow = connection.step(statement->get());
        if (!isRow) {
            return isRow.error();
        }
        const bool goesOn = *isRow && visit(sqlite3_column_int64(statement->get(), 0),
                                            bytesAt(statement->get(), 1));
        if (!goesOn) {
            return ok();
        }
    }
}

Result<std::vector<BoxEntry>> boxesOfGeometries(Connection& connection,
                                                const CatalogueLayer& layer) {
    std::vector<BoxEntry> entries;
    const Status read = forEachGeometry(connection, layer, [&entries](std::int64_t id, Bytes blob) {
        const Result<PlaneBox> box = boxOf(blob);
        if (box && !box->isEmpty()) {
            entries.push_back({roundedOutwards(*box), id});
        }
        return true;
    });
    return read ? Result<std::vector<BoxEntry>>(std::move(entries)) : read.error();
}

/// None where there is no R-tree, or a broken one.
std::optional<std::vector<BoxEntry>> boxesOfRTree(Connection& connection,
                                                  const CatalogueLayer& layer) {
    if (layer.rTree.empty()) {
        return std::nullopt;
    }
    const Result<Statement> statement =
        connection.prepare("SELECT * FROM " + quotedName(layer.rTree));
    std::vector<BoxEntry> entries;
    while (statement) {
        const Result<bool> isRow = connection.step(statement->get());
        if (!isRow || entries.size() > layer.info.features) { // more: some hang in two places
            return std::nullopt;
        }
        if (!*isRow) {
            return entries;
        }
        const auto side = [&](int column) {
            return static_cast<float>(sqlite3_column_double(statement->get(), column));
        };
        entries.push_back({{.west = side(1), .south = side(3), .east = side(2), .north = side(4)},
                           sqlite3_column_int64(statement->get(), 0)});
    }
    return std::nullopt;
}

} // namespace

Result<std::vector<BoxEntry>> readBoxes(Connection& connection, const CatalogueLayer& layer) {
    const std::optional<std::vector<BoxEntry>> indexed = boxesOfRTree(connection, layer);
    return indexed ? *indexed : boxesOfGeometries(connection, layer);
}

Result<GeometryKind> firstKind(Connection& connection, const CatalogueLayer& layer) {
    std::optional<GeometryKind> kind;
    const Status read = forEachGeometry(connection, layer, [&kind](std::int64_t, Bytes blob) {
        const Result<Geometry> geometry = geometryFrom(blob);
        if (geometry && !geometry->isEmpty()) {
            kind = !geometry->polygons.empty() ? GeometryKind::Polygon
                   : !geometry->lines.empty()  ? GeometryKind::Line
                                               : GeometryKind::Point;
        }
        return !kind;
    });
    return read ? Result<GeometryKind>(kind.value_or(GeometryKind::Point)) : read.error();
}

} // namespace pipeline::planning
