#include "pipeline/terrain/cells.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pipeline::terrain {
namespace {

// Xiamen, some 26 km.
constexpr Extent kXiamen{.west = 118.0, .south = 24.4, .east = 118.26, .north = 24.64};

TEST(Cells, RootHoldsTheLandInEightByEightCellsOfTheGlobesTiling) {
    for (const Extent& land :
         {kXiamen,
          Extent{.west = -0.01, .south = -0.01, .east = 0.01, .north = 0.01},
          Extent{.west = 179.9, .south = 89.9, .east = 180.0, .north = 90.0},
          Extent{.west = -180.0, .south = -90.0, .east = -179.9, .north = -89.9},
          Extent{.west = 5.0, .south = 40.0, .east = 80.0, .north = 75.0}}) {
        const CellGrid grid = gridFor(land);
        const Extent root = extentOf(grid, {});
        EXPECT_LE(root.west, land.west);
        EXPECT_LE(root.south, land.south);
        EXPECT_GE(root.east, land.east);
        EXPECT_GE(root.north, land.north);
        EXPECT_GE(root.west, -180.0);
        EXPECT_LE(root.east, 180.0);
        EXPECT_GE(root.south, -90.0);
        EXPECT_LE(root.north, 90.0);
        const double side = 180.0 / std::exp2(grid.alignedLevel);
        EXPECT_EQ(std::remainder(root.west + 180.0, side), 0.0);
        EXPECT_EQ(std::remainder(root.south + 90.0, side), 0.0);
        EXPECT_EQ(root.east - root.west, 8.0 * side);
    }
}

TEST(Cells, RootIsNotLargerThanTheLandAsks) {
    const CellGrid grid = gridFor(kXiamen);
    EXPECT_LE(grid.sideDegrees(0), 2.3 * 0.26);
    // Astride the meridian of Greenwich and the equator, where all levels have a line.
    const CellGrid astride = gridFor({.west = -0.01, .south = -0.01, .east = 0.01, .north = 0.01});
    EXPECT_LE(astride.sideDegrees(0), 2.3 * 0.02);
}

TEST(Cells, ChildrenTileTheirParentExactly) {
    const CellGrid grid = gridFor(kXiamen);
    const Cell cell{.depth = 3, .x = 5, .y = 2};
    const Extent whole = extentOf(grid, cell);
    const Extent southWest = extentOf(grid, cell.child(0, 0));
    const Extent northEast = extentOf(grid, cell.child(1, 1));
    EXPECT_EQ(southWest.west, whole.west);
    EXPECT_EQ(southWest.south, whole.south);
    EXPECT_EQ(southWest.east, northEast.west);
    EXPECT_EQ(southWest.north, northEast.south);
    EXPECT_EQ(northEast.east, whole.east);
    EXPECT_EQ(northEast.north, whole.north);
    EXPECT_EQ(cell.child(1, 0).parent(), cell);
    EXPECT_EQ(cell.name(), "3/5/2");
}

TEST(Cells, ErrorsHalveAndAreSixteenPixels) {
    const CellGrid grid = gridFor(kXiamen);
    EXPECT_EQ(grid.geometricErrorMetres(4), 16.0 * grid.metresPerPixel(4));
    EXPECT_EQ(grid.geometricErrorMetres(4), 2.0 * grid.geometricErrorMetres(5));
    // A cell of level 16 is 180 / 65536 degrees = 305.7 m high, 0.597 m a pixel.
    const int depth = 16 - grid.levelOf(0);
    EXPECT_NEAR(grid.metresPerPixel(depth), 0.597, 0.001);
    EXPECT_EQ(depthFor(grid, 0.5), depth);
    EXPECT_EQ(depthFor(grid, 0.47), depth + 1);
    EXPECT_EQ(depthFor(grid, 1e9), 0);
    EXPECT_EQ(depthFor(grid, 1e-9), kMostDepth);
}

} // namespace
} // namespace pipeline::terrain
