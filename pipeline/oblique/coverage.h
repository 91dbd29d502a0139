#pragma once

#include "tiles3d/base/json.h"
#include "tiles3d/geo/enu_frame.h"
#include "tiles3d/tileset/bounding_volume.h"

#include <glm/vec2.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <unordered_map>
#include <vector>

namespace pipeline::oblique {

/// Cells (east, north) of the grid that all blocks of all deliveries share, whatever their CRS:
/// 1/65536 degree of longitude and latitude, that is 1.7 m from south to north and less from west
/// to east. One grid, so that where two blocks meet every cell's centre is in one of them.
inline constexpr double kCellsPerDegree = 65536.0;

/// Cells from `minimum` to `maximum`, both included; empty while minimum > maximum.
struct CellRange {
    glm::ivec2 minimum{std::numeric_limits<int>::max()};
    glm::ivec2 maximum{std::numeric_limits<int>::min()};

    bool isEmpty() const { return minimum.x > maximum.x; }
    bool operator==(const CellRange&) const = default;
};

/// The grid as an ENU frame sees it: a polynomial of second order, for it is asked for every
/// vertex. Within 0.1 cells of the ellipsoid's own up to 10 km from the frame's origin.
class PlanGrid {
public:
    explicit PlanGrid(const tiles3d::geo::EnuFrame& frame);

    /// Of a place in plan view, in cells: the part before the point is the cell.
    glm::dvec2 toCells(const glm::dvec3& enu) const {
        const double x = enu.x;
        const double y = enu.y;
        const double z = enu.z;
        return centre_ + x * (linear_[0] + x * square_[0] + y * mixed_[0]) +
               y * (linear_[1] + y * square_[1] + z * mixed_[1]) +
               z * (linear_[2] + z * square_[2] + x * mixed_[2]);
    }
    glm::ivec2 cellAt(const glm::dvec3& enu) const;

    /// All cells that points within `limits` can lie in, one around them included. Empty for empty
    /// limits.
    CellRange cellsOf(const tiles3d::tileset::Limits& limits) const;

private:
    glm::dvec2 centre_{0.0};
    std::array<glm::dvec2, 3> linear_{}; ///< Of x, y, z.
    std::array<glm::dvec2, 3> square_{}; ///< Of xx, yy, zz.
    std::array<glm::dvec2, 3> mixed_{};  ///< Of xy, yz, zx.
};

/// What a block shows in plan view: the cells of a range whose centres its triangles cover.
struct Coverage {
    CellRange range;
    /// Lengths of the runs of cells not covered, covered, not covered, ... row by row from the
    /// south-west; without the last one that is not covered.
    std::vector<std::uint32_t> runs;

    bool operator==(const Coverage&) const = default;
};

/// [west, south, east, north, runs...]; an empty array for an empty range.
tiles3d::base::Json toJson(const Coverage& coverage);
/// Lenient: what is not as toJson() writes it covers nothing.
Coverage coverageFrom(const tiles3d::base::Json& json);

/// What several blocks show together. About 2 bits of memory per square metre of their area.
class CoveredArea {
public:
    void add(const Coverage& coverage);
    bool isEmpty() const { return pages_.empty(); }

    /// True if the cell lies inside of the area: of it and its eight neighbours at least eight are
    /// covered. So nothing within half a cell of the area's edge counts, and a pinhole is none.
    bool contains(const glm::ivec2& cell) const;

    /// A fingerprint of all that contains() looks at for cells of `range`; empty if no cell is
    /// covered there.
    std::string fingerprint(const CellRange& range) const;

private:
    static constexpr int kPageCells = 64;
    using Page = std::array<std::uint64_t, kPageCells>; ///< Rows from the south, bit 0 in the west.

    bool isCovered(const glm::ivec2& cell) const;
    void cover(const glm::ivec2& first, std::uint32_t cells);

    std::unordered_map<std::uint64_t, Page> pages_;
};

} // namespace pipeline::oblique
