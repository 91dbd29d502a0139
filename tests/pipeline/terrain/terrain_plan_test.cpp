#include "pipeline/terrain/terrain_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace pipeline::terrain {
namespace {

constexpr Extent kCity{.west = 118.0, .south = 24.4, .east = 118.05, .north = 24.44};
constexpr Extent kRegion{.west = 117.0, .south = 23.9, .east = 119.0, .north = 25.2};

int countOf(const TerrainPlan& plan, bool isBase) {
    return static_cast<int>(std::ranges::count(plan.cells, isBase, &PlannedCell::isBase));
}

TEST(TerrainPlan, SmallLandIsARootOverItsBaseCells) {
    const TerrainPlan plan = planTerrain({{.extent = kCity, .groundMetres = 90.0}}, {});
    EXPECT_LE(plan.cells.size(), 5U);
    EXPECT_EQ(plan.cells.back().cell, Cell{});
    EXPECT_FALSE(plan.cells.back().isBase);
    EXPECT_EQ(plan.cells.front().finestDepth, kAlignedDepth) << "some cells are the globe's";
}

TEST(TerrainPlan, BaseCellsCoverTheLandOnceAndCellsComeAfterThoseBelow) {
    const TerrainPlan plan = planTerrain({{.extent = kCity, .groundMetres = 2.0}},
                                         {{.extent = kCity, .groundMetres = 0.5}});
    double area = 0.0;
    std::set<Cell> seen;
    for (const PlannedCell& planned : plan.cells) {
        const Extent extent = extentOf(plan.grid, planned.cell);
        if (planned.isBase) {
            EXPECT_LE(planned.finestDepth - planned.cell.depth, kBaseLevels);
            const double east =
                std::min(extent.east, kCity.east) - std::max(extent.west, kCity.west);
            const double north =
                std::min(extent.north, kCity.north) - std::max(extent.south, kCity.south);
            EXPECT_GT(east, 0.0);
            EXPECT_GT(north, 0.0);
            area += east * north;
        } else {
            const bool hasBelow = std::ranges::any_of(seen, [&](const Cell& cell) {
                return cell.depth > 0 && cell.parent() == planned.cell;
            });
            EXPECT_TRUE(hasBelow) << planned.cell.name();
        }
        EXPECT_TRUE(seen.insert(planned.cell).second);
    }
    EXPECT_NEAR(area, 0.05 * 0.04, 1e-12);
    EXPECT_EQ(plan.cells.back().cell, Cell{});
}

TEST(TerrainPlan, CoarseLandRoundAFineCityCostsLittle) {
    const PlannedRaster fine{.extent = kCity, .groundMetres = 1.0};
    const PlannedRaster coarse{.extent = kRegion, .groundMetres = 90.0};
    const TerrainPlan both = planTerrain({fine, coarse}, {});
    const TerrainPlan alone = planTerrain({fine}, {});
    const TerrainPlan region = planTerrain({coarse}, {});
    EXPECT_LT(countOf(both, true), countOf(alone, true) + countOf(region, true) + 60);
    // Beside the city a base cell is as shallow as its own rasters allow.
    const auto shallow = std::ranges::min_element(both.cells, {}, [](const PlannedCell& planned) {
        return planned.isBase ? planned.cell.depth : 99;
    });
    EXPECT_LT(shallow->cell.depth, both.cells.front().finestDepth);
}

TEST(TerrainPlan, OrthophotosOutsideOfTheLandCountNothing) {
    const PlannedRaster dem{.extent = kCity, .groundMetres = 90.0};
    const PlannedRaster far{.extent = {.west = 10.0, .south = 50.0, .east = 10.1, .north = 50.1},
                            .groundMetres = 0.1};
    EXPECT_EQ(planTerrain({dem}, {far}).cells.size(), planTerrain({dem}, {}).cells.size());
}

} // namespace
} // namespace pipeline::terrain
