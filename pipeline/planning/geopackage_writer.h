#pragma once

#include "pipeline/planning/geopackage_blob.h"
#include "pipeline/planning/geopackage_database.h"
#include "pipeline/planning/geopackage_rtree.h"
#include "pipeline/planning/vector_layer.h"
#include "tiles3d/base/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace pipeline::planning {

/// What the earlier file is called in SQL.
inline constexpr const char* kEarlierSchema = "earlier";

/// One table of features that is being written.
struct FeatureTable {
    std::string name;
    GeometryKind kind = GeometryKind::Polygon;
    std::vector<Field> fields; ///< Names differ, whatever their case.
    PlaneBox extent;           ///< Of the rows so far.
    std::vector<RtreeEntry> entries;
    Statement insert;
    std::int64_t spareIds = 0; ///< Given out so far.
};

/// Writes one GeoPackage (OGC 12-128r18, version 1.2, with the R-tree and Schema extensions) row by
/// row, through SQLite itself: OGR takes three times as long. All times are fixed, so the same rows
/// give the same bytes. A GdalRuntime must exist. For one thread at a time.
class GeoPackageWriter {
public:
    /// A new file in the plane CRS `crs`; one of that name is replaced. `earlier`: what copy()
    /// takes tables from; "" = nothing.
    static tiles3d::base::Result<GeoPackageWriter>
    create(const std::filesystem::path& file,
           const std::string& crs,
           const std::filesystem::path& earlier = {});

    std::int32_t srsId() const { return srsId_; }
    /// WKT of the plane's CRS, as the file has it.
    const std::string& plane() const { return plane_; }
    const Database& database() const { return database_; }

    /// Begins a table under `name`, or under "name_2" and so on if there is one of that name.
    tiles3d::base::Result<FeatureTable>
    begin(const std::string& name, GeometryKind kind, const std::vector<Field>& fields);
    /// The id that the row got: `id`, or a spare one above 2^40 if there is a row of that id.
    /// REQUIRES: a blob that is not empty, one value per field.
    tiles3d::base::Result<std::int64_t> add(FeatureTable& table,
                                            std::int64_t id,
                                            const GeometryBlob& blob,
                                            std::span<const Value> values) const;
    /// R-tree, extent, aliases: the table is whole.
    tiles3d::base::Status finish(FeatureTable table) const;

    /// All that is written between mark() and forget() is gone again; keep() ends a mark otherwise.
    tiles3d::base::Status mark();
    tiles3d::base::Status keep();
    tiles3d::base::Status forget();

    /// A name that begin() gives to no table: copy() is going to need it.
    void reserve(const std::string& table);
    /// Whether a table has or is to have this name.
    bool hasName(const std::string& table) const;
    /// Takes a finished table over from the earlier file, which this class has written, as it is.
    tiles3d::base::Status copy(const std::string& table);

    /// Commits and closes. Nothing else may follow.
    tiles3d::base::Status close();

private:
    GeoPackageWriter(Database database, std::int32_t srsId, std::string plane)
        : database_(std::move(database)), srsId_(srsId), plane_(std::move(plane)) {}

    Database database_;
    std::int32_t srsId_;
    std::string plane_;
    std::set<std::string> names_; ///< Of tables, in small letters.
    std::set<std::string> marked_;
};

/// The names of fields as a table can have them: UTF-8, not empty, different whatever their case,
/// none of "fid" and "geom"; the name that had to give way becomes the alias.
std::vector<Field> distinctFields(std::vector<Field> fields);

} // namespace pipeline::planning
