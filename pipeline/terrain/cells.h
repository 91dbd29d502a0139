#pragma once

#include "tiles3d/tileset/bounding_volume.h"

#include <compare>
#include <cstdint>
#include <string>

namespace pipeline::terrain {

/// Texels along a side of a cell's picture, where an orthophoto has them.
inline constexpr int kTexels = 512;

/// A cell of the quadtree: x from the west, y from the south; 2^depth cells a side.
struct Cell {
    int depth = 0; ///< 0: the root, which holds all land.
    std::uint32_t x = 0;
    std::uint32_t y = 0;

    auto operator<=>(const Cell&) const = default;

    Cell parent() const { return {depth - 1, x / 2, y / 2}; }
    Cell child(std::uint32_t east, std::uint32_t north) const {
        return {depth + 1, 2 * x + east, 2 * y + north};
    }
    std::string name() const; ///< "DEPTH/X/Y", as in the templates of 3D Tiles.
};

/// From this depth on, cells are those of the geographic tiling that web globes use (OGC Two
/// Dimensional Tile Matrix Set, WorldCRS84Quad: 180 / 2^level degrees a side, rows counted from the
/// south as in TMS), so that one mesh serves 3D Tiles and quantized-mesh. The root is 8 x 8 of
/// them, wherever its south-west is: land astride a line of the coarse levels does not get a root
/// of half the globe, and the root is at most some 2.3 times as wide as the land.
inline constexpr int kAlignedDepth = 3;

/// The quadtree's place on the Earth.
struct CellGrid {
    int alignedLevel = kAlignedDepth; ///< Of the tiling's cells at kAlignedDepth.
    std::uint32_t alignedX = 0;       ///< The one in the root's south-west.
    std::uint32_t alignedY = 0;

    /// Degrees along a side of a cell, exact in binary.
    double sideDegrees(int depth) const;
    double westDegrees(const Cell& cell) const;
    double southDegrees(const Cell& cell) const;
    /// Metres from south to north over kTexels; halves with each depth.
    double metresPerPixel(int depth) const;
    int levelOf(int depth) const { return alignedLevel - kAlignedDepth + depth; }
    /// What clients refine by without regard to what was measured: 16 x metresPerPixel.
    double geometricErrorMetres(int depth) const;
    tiles3d::tileset::Region
    regionOf(const Cell& cell, double minimumHeightMetres, double maximumHeightMetres) const;
};

/// The depth at which metresPerPixel is at most `metres`, a quarter more let pass: 0 to kMostDepth.
int depthFor(const CellGrid& grid, double metresPerPixel);

/// Cells of some millimetres; deeper ones have no use, and their numbers no room.
inline constexpr int kMostDepth = 24;

/// West, south, east, north in degrees.
struct Extent {
    double west = 180.0;
    double south = 90.0;
    double east = -180.0;
    double north = -90.0;

    bool isEmpty() const { return west > east; }
    void include(const Extent& other);
    bool touches(const Extent& other) const {
        return west < other.east && other.west < east && south < other.north && other.south < north;
    }
};

Extent extentOf(const CellGrid& grid, const Cell& cell);

/// The grid whose root is the smallest that holds `land`. REQUIRES: not empty, within the globe,
/// not across the date line, at most half the globe wide.
CellGrid gridFor(const Extent& land);

} // namespace pipeline::terrain
