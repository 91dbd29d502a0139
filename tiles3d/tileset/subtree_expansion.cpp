#include "tiles3d/tileset/subtree.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>
#include <utility>

namespace tiles3d::tileset {

namespace {

using geo::Angle;

Box childBox(Box box, std::uint32_t child, int axes) {
    for (int axis = 0; axis < axes; ++axis) {
        const bool isUpper = ((child >> static_cast<unsigned>(axis)) & 1U) != 0;
        box.halfAxes[axis] /= 2.0;
        box.centre += isUpper ? box.halfAxes[axis] : -box.halfAxes[axis];
    }
    return box;
}

/// Midpoints of midpoints: neighbours share them to the bit, and 30 levels add up to some nm.
/// Halfway from west to east, also across the antimeridian.
Angle middleLongitude(const Region& region) {
    const double west = region.west.radians();
    const double east = region.east.radians();
    const double middle = (west + east) / 2.0;
    if (west <= east) {
        return Angle::radians(middle);
    }
    return Angle::radians(middle > 0.0 ? middle - std::numbers::pi : middle + std::numbers::pi);
}

Region childRegion(Region region, std::uint32_t child, Subdivision subdivision) {
    const Angle longitude = middleLongitude(region);
    const Angle latitude = Angle::radians((region.south.radians() + region.north.radians()) / 2.0);
    ((child & 1U) != 0 ? region.west : region.east) = longitude;
    ((child & 2U) != 0 ? region.south : region.north) = latitude;
    if (subdivision == Subdivision::Octree) {
        const double height = (region.minimumHeightMetres + region.maximumHeightMetres) / 2.0;
        ((child & 4U) != 0 ? region.minimumHeightMetres : region.maximumHeightMetres) = height;
    }
    return region;
}

/// A sphere cannot be divided and stays; validate() refuses it, and readers do.
BoundingVolume
childVolume(const BoundingVolume& volume, std::uint32_t child, Subdivision subdivision) {
    if (const auto* box = std::get_if<Box>(&volume)) {
        return childBox(*box, child, subdivision == Subdivision::Octree ? 3 : 2);
    }
    if (const auto* region = std::get_if<Region>(&volume)) {
        return childRegion(*region, child, subdivision);
    }
    return volume;
}

/// A row's numbers, none if the column is empty or one of them is not finite.
std::span<const double>
rowOf(const std::vector<double>& column, std::size_t row, std::size_t numbers) {
    if (column.empty()) {
        return {};
    }
    const auto values = std::span(column).subspan(row * numbers, numbers);
    return std::ranges::all_of(values, [](double value) { return std::isfinite(value); })
               ? values
               : std::span<const double>();
}

void setHeights(Region& region, const TileMetadata& metadata, std::size_t row) {
    const auto minimum = rowOf(metadata.minimumHeights, row, 1);
    const auto maximum = rowOf(metadata.maximumHeights, row, 1);
    const double lowest = minimum.empty() ? region.minimumHeightMetres : minimum.front();
    const double highest = maximum.empty() ? region.maximumHeightMetres : maximum.front();
    if (lowest <= highest) {
        region.minimumHeightMetres = lowest;
        region.maximumHeightMetres = highest;
    }
}

/// The volume that the metadata state, else the one by subdivision.
BoundingVolume
volumeOf(const BoundingVolume& bySubdivision, const TileMetadata& metadata, std::size_t row) {
    constexpr std::size_t kBox = 12;
    constexpr std::size_t kRegion = 6;
    constexpr std::size_t kSphere = 4;
    BoundingVolume volume = bySubdivision;
    if (const auto v = rowOf(metadata.boxes, row, kBox); !v.empty()) {
        const auto at = [&v](std::size_t i) { return glm::dvec3(v[i], v[i + 1], v[i + 2]); };
        volume = Box{at(0), glm::dmat3(at(3), at(6), at(9))};
    } else if (const auto r = rowOf(metadata.regions, row, kRegion); !r.empty()) {
        volume = Region{Angle::radians(r[0]),
                        Angle::radians(r[1]),
                        Angle::radians(r[2]),
                        Angle::radians(r[3]),
                        r[4],
                        r[5]};
    } else if (const auto s = rowOf(metadata.spheres, row, kSphere); !s.empty()) {
        volume = Sphere{glm::dvec3(s[0], s[1], s[2]), std::max(s[3], 0.0)};
    }
    if (auto* region = std::get_if<Region>(&volume)) {
        setHeights(*region, metadata, row);
    }
    return volume;
}

/// A tile by subdivision alone.
struct Cell {
    TileCoordinates at;
    BoundingVolume volume;
    double geometricErrorMetres = 0.0;
};

class Expansion {
public:
    Expansion(const Tile& implicitTile, const Subtree& subtree)
        : root_(implicitTile), tiling_(*implicitTile.implicitTiling), subtree_(subtree) {
        const std::uint64_t count = tilesAbove(tiling_.subdivision, tiling_.subtreeLevels);
        rows_.reserve(count);
        std::uint32_t row = 0;
        for (std::uint64_t i = 0; i < count; ++i) {
            rows_.push_back(row);
            row += subtree.tiles[i] ? 1U : 0U;
        }
    }

    Tile run() const {
        const Cell cell{tiling_.subtreeRoot, root_.boundingVolume, root_.geometricErrorMetres};
        if (!subtree_.tiles[0]) {
            return plainTile(cell);
        }
        return tileAt(cell, 0);
    }

private:
    Tile plainTile(const Cell& cell) const {
        Tile tile;
        tile.boundingVolume = cell.volume;
        tile.geometricErrorMetres = cell.geometricErrorMetres;
        tile.refine = root_.refine;
        return tile;
    }

    /// `index` is the tile's among those of its level.
    Tile tileAt(const Cell& cell, std::uint64_t index) const {
        const int level = cell.at.level - tiling_.subtreeRoot.level;
        const std::uint64_t bit = tilesAbove(tiling_.subdivision, level) + index;
        Tile tile = plainTile(cell);
        tile.boundingVolume = volumeOf(cell.volume, subtree_.metadata, rows_[bit]);
        if (const auto e = rowOf(subtree_.metadata.geometricErrors, rows_[bit], 1); !e.empty()) {
            tile.geometricErrorMetres = std::max(e.front(), 0.0);
        }
        const std::size_t contents = std::min(root_.contents.size(), subtree_.contents.size());
        for (std::size_t i = 0; i < contents; ++i) {
            if (subtree_.contents[i][bit]) {
                tile.contents.push_back({fillTemplate(root_.contents[i].uri, cell.at), {}});
            }
        }
        if (cell.at.level + 1 < tiling_.availableLevels) {
            addChildren(tile, cell, index);
        }
        return tile;
    }

    void addChildren(Tile& tile, const Cell& cell, std::uint64_t index) const {
        const int level = cell.at.level + 1 - tiling_.subtreeRoot.level;
        const bool isBelow = level == tiling_.subtreeLevels;
        const auto count = static_cast<std::uint32_t>(childrenPerTile(tiling_.subdivision));
        for (std::uint32_t child = 0; child < count; ++child) {
            const std::uint64_t childIndex = index * count + child;
            const bool isAvailable =
                isBelow ? subtree_.childSubtrees[childIndex]
                        : subtree_.tiles[tilesAbove(tiling_.subdivision, level) + childIndex];
            if (!isAvailable) {
                continue;
            }
            const Cell childCell{childOf(cell.at, child),
                                 childVolume(cell.volume, child, tiling_.subdivision),
                                 cell.geometricErrorMetres / 2.0};
            tile.children.push_back(isBelow ? rootBelow(childCell) : tileAt(childCell, childIndex));
        }
    }

    /// Stands for a subtree that is still to be read.
    Tile rootBelow(const Cell& cell) const {
        Tile tile = plainTile(cell);
        tile.contents = root_.contents;
        tile.implicitTiling = tiling_;
        tile.implicitTiling->subtreeRoot = cell.at;
        return tile;
    }

    const Tile& root_;
    const ImplicitTiling& tiling_;
    const Subtree& subtree_;
    std::vector<std::uint32_t> rows_; ///< Of metadata, by bit.
};

} // namespace

Tile expandSubtree(const Tile& implicitTile, const Subtree& subtree) {
    return Expansion(implicitTile, subtree).run();
}

} // namespace tiles3d::tileset
