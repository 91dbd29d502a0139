#pragma once

#include "pipeline/planning/geopackage_database.h"
#include "pipeline/planning/plane_box.h"
#include "tiles3d/base/result.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace pipeline::planning {

/// One row of an R-tree: a box in single precision, rounded outwards as SQLite does.
struct RtreeEntry {
    std::int64_t id = 0;
    std::array<float, 4> box{}; ///< xmin, xmax, ymin, ymax.
};

RtreeEntry rtreeEntry(std::int64_t id, const PlaneBox& box);

/// Makes the virtual table `name` with all entries at once, packed: its nodes are written as SQLite
/// keeps them, without the searches and splits of inserting row by row. Same entries, same bytes.
/// REQUIRES: ids differ. Source: SQLite, "The SQLite R*Tree Module", 6 (shadow tables);
/// Leutenegger, Lopez, Edgington, "STR: A Simple and Efficient Algorithm for R-Tree Packing"
/// (1997).
tiles3d::base::Status
writeRtree(const Database& database, const std::string& name, std::vector<RtreeEntry> entries);

} // namespace pipeline::planning
