#pragma once

#include "pipeline/planning/vector_layer.h"

#include <string>

namespace pipeline::planning {

/// The tables every GeoPackage of ours has, empty but for the CRS that the standard asks for.
std::string geopackageSchema();

/// A table of features: "fid", "geom", then its fields.
std::string
createTableSql(const std::string& table, GeometryKind kind, const std::vector<Field>& fields);

/// What keeps R-tree and count right where others edit the table.
std::string createTriggersSql(const std::string& table);

std::string rtreeName(const std::string& table);

/// "MULTIPOLYGON", as in gpkg_geometry_columns.
std::string typeName(GeometryKind kind);

} // namespace pipeline::planning
