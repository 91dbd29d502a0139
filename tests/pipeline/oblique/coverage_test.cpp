#include "pipeline/oblique/coverage.h"

#include <gtest/gtest.h>

namespace pipeline::oblique {
namespace {

/// All cells of a range.
Coverage whole(const glm::ivec2& minimum, const glm::ivec2& maximum) {
    const glm::ivec2 size = maximum - minimum + 1;
    return {.range = {minimum, maximum}, .runs = {0, static_cast<std::uint32_t>(size.x * size.y)}};
}

TEST(Coverage, comesBackFromJson) {
    const Coverage coverage{.range = {{-3, 5}, {70, 9}}, .runs = {10, 100, 3, 7}};
    EXPECT_EQ(coverageFrom(toJson(coverage)), coverage);
    EXPECT_EQ(coverageFrom(toJson(Coverage{})), Coverage{});
    EXPECT_EQ(coverageFrom(tiles3d::base::Json("damaged")), Coverage{});
}

TEST(CoveredArea, containsWhatIsInsideAndNotItsEdge) {
    CoveredArea area;
    EXPECT_TRUE(area.isEmpty());
    area.add(whole({-70, -3}, {80, 3})); // across pages, west and south of zero
    for (const int x : {-69, -64, -1, 0, 63, 79}) {
        EXPECT_TRUE(area.contains({x, 0})) << x;
    }
    for (const glm::ivec2 edge :
         {glm::ivec2(-70, 0), glm::ivec2(80, 0), glm::ivec2(0, 3), glm::ivec2(0, -3)}) {
        EXPECT_FALSE(area.contains(edge)) << edge.x << ", " << edge.y;
    }
    EXPECT_FALSE(area.contains({200, 0}));
}

TEST(CoveredArea, hasNoSeamWhereTwoBlocksMeet) {
    CoveredArea area;
    area.add(whole({0, 0}, {9, 9}));
    area.add(whole({10, 0}, {19, 9}));
    EXPECT_TRUE(area.contains({9, 5}));
    EXPECT_TRUE(area.contains({10, 5}));
}

TEST(CoveredArea, hasNoPinholesButHoles) {
    CoveredArea pinhole; // rows of 10; one cell and two cells missing in the fifth
    pinhole.add({.range = {{0, 0}, {9, 9}}, .runs = {0, 45, 1, 54}});
    EXPECT_TRUE(pinhole.contains({5, 4}));
    CoveredArea hole;
    hole.add({.range = {{0, 0}, {9, 9}}, .runs = {0, 45, 2, 53}});
    EXPECT_FALSE(hole.contains({5, 4}));
    EXPECT_FALSE(hole.contains({6, 3}));
}

TEST(CoveredArea, fingerprintTellsChangesNearby) {
    CoveredArea area;
    area.add(whole({0, 0}, {9, 9}));
    const CellRange range{{20, 0}, {100, 9}};
    EXPECT_EQ(area.fingerprint(range), "");
    const CellRange touching{{10, 0}, {100, 9}}; // contains({10, 5}) looks at (9, 5)
    const std::string before = area.fingerprint(touching);
    EXPECT_NE(before, "");
    area.add(whole({300, 0}, {301, 9}));
    EXPECT_EQ(area.fingerprint(touching), before);
    area.add(whole({90, 5}, {90, 5}));
    EXPECT_NE(area.fingerprint(touching), before);
    EXPECT_EQ(area.fingerprint(CellRange{}), "");
}

const tiles3d::geo::EnuFrame kFrame({.longitude = tiles3d::geo::Angle::degrees(118.09),
                                     .latitude = tiles3d::geo::Angle::degrees(24.44)});

TEST(PlanGrid, isWithinATenthOfACellOfTheEllipsoidUpToTenKilometres) {
    const PlanGrid grid(kFrame);
    for (const double x : {-10000.0, -100.0, 0.0, 7000.0, 10000.0}) {
        for (const double y : {-10000.0, 100.0, 10000.0}) {
            for (const double z : {-100.0, 500.0}) {
                const auto place = tiles3d::geo::toCartographic(kFrame.toEcef({{x, y, z}}));
                const glm::dvec2 cells = grid.toCells({x, y, z});
                EXPECT_NEAR(cells.x, kCellsPerDegree * place.longitude.degrees(), 0.1);
                EXPECT_NEAR(cells.y, kCellsPerDegree * place.latitude.degrees(), 0.1);
            }
        }
    }
}

TEST(PlanGrid, cellsOfContainsEveryPointOfTheLimits) {
    const PlanGrid grid(kFrame);
    const CellRange range =
        grid.cellsOf({.minimum = {-2000.0, -2000.0, -50.0}, .maximum = {2000.0, 2000.0, 300.0}});
    for (double x = -2000.0; x <= 2000.0; x += 100.0) {
        for (const double y : {-2000.0, 0.0, 2000.0}) {
            const glm::ivec2 cell = grid.cellAt({x, y, 20.0});
            EXPECT_TRUE(cell.x >= range.minimum.x && cell.x <= range.maximum.x);
            EXPECT_TRUE(cell.y >= range.minimum.y && cell.y <= range.maximum.y);
        }
    }
    EXPECT_TRUE(grid.cellsOf({}).isEmpty());
}

} // namespace
} // namespace pipeline::oblique
