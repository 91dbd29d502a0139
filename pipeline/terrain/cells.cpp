#include "pipeline/terrain/cells.h"

#include "tiles3d/geo/ellipsoid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace pipeline::terrain {

using tiles3d::geo::Angle;

namespace {

/// Level 0 has two cells of half the globe.
constexpr double kLevelZeroDegrees = 180.0;

double sideOfLevel(int level) {
    return std::ldexp(kLevelZeroDegrees, -level);
}

} // namespace

std::string Cell::name() const {
    return fmt::format("{}/{}/{}", depth, x, y);
}

double CellGrid::sideDegrees(int depth) const {
    return sideOfLevel(levelOf(depth));
}

double CellGrid::westDegrees(const Cell& cell) const {
    return -180.0 + alignedX * sideOfLevel(alignedLevel) + cell.x * sideDegrees(cell.depth);
}

double CellGrid::southDegrees(const Cell& cell) const {
    return -90.0 + alignedY * sideOfLevel(alignedLevel) + cell.y * sideDegrees(cell.depth);
}

double CellGrid::metresPerPixel(int depth) const {
    constexpr double kMetresPerDegree = tiles3d::geo::kSemiMajorMetres * std::numbers::pi / 180.0;
    return sideDegrees(depth) * kMetresPerDegree / kTexels;
}

double CellGrid::geometricErrorMetres(int depth) const {
    constexpr double kScreenSpaceErrorPixels = 16.0; // at which clients refine by default
    return kScreenSpaceErrorPixels * metresPerPixel(depth);
}

tiles3d::tileset::Region
CellGrid::regionOf(const Cell& cell, double minimumHeightMetres, double maximumHeightMetres) const {
    const Extent extent = extentOf(*this, cell);
    return {.west = Angle::degrees(extent.west),
            .south = Angle::degrees(extent.south),
            .east = Angle::degrees(extent.east),
            .north = Angle::degrees(extent.north),
            .minimumHeightMetres = minimumHeightMetres,
            .maximumHeightMetres = maximumHeightMetres};
}

int depthFor(const CellGrid& grid, double metresPerPixel) {
    constexpr double kLetPass = 1.25;
    int depth = 0;
    while (depth < kMostDepth && grid.metresPerPixel(depth) > kLetPass * metresPerPixel) {
        ++depth;
    }
    return depth;
}

void Extent::include(const Extent& other) {
    west = std::min(west, other.west);
    south = std::min(south, other.south);
    east = std::max(east, other.east);
    north = std::max(north, other.north);
}

Extent extentOf(const CellGrid& grid, const Cell& cell) {
    const double side = grid.sideDegrees(cell.depth);
    const double west = grid.westDegrees(cell);
    const double south = grid.southDegrees(cell);
    return {.west = west, .south = south, .east = west + side, .north = south + side};
}

CellGrid gridFor(const Extent& land) {
    constexpr int kMostLevel = 22;
    constexpr double kCells = 1 << kAlignedDepth; // along a side of the root
    CellGrid grid;
    for (int level = kMostLevel; level >= kAlignedDepth; --level) {
        const double side = sideOfLevel(level);
        // A root at the globe's edge would reach beyond it.
        const double x = std::clamp(
            std::floor((land.west + 180.0) / side), 0.0, std::ldexp(2.0, level) - kCells);
        const double y = std::clamp(
            std::floor((land.south + 90.0) / side), 0.0, std::ldexp(1.0, level) - kCells);
        grid.alignedLevel = level;
        grid.alignedX = static_cast<std::uint32_t>(x);
        grid.alignedY = static_cast<std::uint32_t>(y);
        if (land.east + 180.0 <= (x + kCells) * side && land.north + 90.0 <= (y + kCells) * side) {
            break;
        }
    }
    return grid;
}

} // namespace pipeline::terrain
