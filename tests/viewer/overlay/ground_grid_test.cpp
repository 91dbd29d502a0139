#include "viewer/overlay/ground_grid.h"

#include "viewer/overlay/ground_watch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <thread>

namespace viewer::overlay {
namespace {

/// The scene as it is, in kilometres.
PlaneFit sameAsScene() {
    PlaneFit fit{.scaleMetres = 1000.0};
    fit.terms[1] = {1000.0, 0.0, 0.0};
    fit.terms[2] = {0.0, 1000.0, 0.0};
    fit.terms[3] = {0.0, 0.0, 1000.0};
    return fit;
}

/// A level square round `middle`.
std::shared_ptr<const stream::MeshPack> square(const glm::dvec3& middle, float half) {
    stream::MeshPack pack{.centre = middle};
    pack.limits.minimum = middle - glm::dvec3(half, half, 0.0);
    pack.limits.maximum = middle + glm::dvec3(half, half, 0.0);
    pack.parts.push_back(
        {.positions = {{-half, -half, 0}, {half, -half, 0}, {half, half, 0}, {-half, half, 0}},
         .shortIndices = {0, 1, 2, 0, 2, 3}});
    return std::make_shared<const stream::MeshPack>(std::move(pack));
}

const GroundArea kArea{.low = {-200.0, -200.0}, .cellMetres = 4.0, .cellsAcross = 100};

float heightAt(const GroundGrid& grid, double x, double y) {
    const glm::dvec2 cell = (glm::dvec2(x, y) - grid.area.low) / grid.area.cellMetres;
    return grid.heights[static_cast<std::size_t>(cell.y) * grid.area.cellsAcross +
                        static_cast<std::size_t>(cell.x)];
}

TEST(GroundGrid, roofsAndFlyoversAreNoGroundWhateverTheOrder) {
    Meshes meshes{square({0, 0, 12}, 300.0F), square({50, 50, 40}, 25.0F)};
    const GroundGrid grid = groundUnder(meshes, sameAsScene(), kArea);
    EXPECT_FLOAT_EQ(heightAt(grid, 50, 50), 12.0F);
    EXPECT_FLOAT_EQ(heightAt(grid, -150, 20), 12.0F);
    std::ranges::reverse(meshes);
    EXPECT_EQ(groundUnder(meshes, sameAsScene(), kArea).heights, grid.heights);
}

TEST(GroundGrid, aRoofOnNothingIsGroundAndElsewhereNothingIsKnown) {
    const GroundGrid grid =
        groundUnder({square({0, 0, 40}, 20.0F), square({5000, 0, 3}, 20.0F)}, sameAsScene(), kArea);
    EXPECT_FLOAT_EQ(heightAt(grid, 0, 0), 40.0F);
    EXPECT_TRUE(std::isnan(heightAt(grid, 150, 150)));
    EXPECT_TRUE(std::isnan(heightAt(groundUnder({}, sameAsScene(), kArea), 0, 0)));
}

TEST(GroundGrid, brokenVerticesLeaveHoles) {
    stream::MeshPack broken = *square({0, 0, 12}, 100.0F);
    broken.parts.front().positions[0].x = std::numeric_limits<float>::quiet_NaN();
    const auto pack = std::make_shared<const stream::MeshPack>(broken);
    EXPECT_EQ(groundUnder({pack}, sameAsScene(), kArea).heights.size(), 10000U);
}

TEST(GroundGrid, theAreaMovesInStepsAndCoversTheEye) {
    const GroundArea area = groundAreaAround({1000.0, -3000.0}, 100.0);
    EXPECT_EQ(groundAreaAround({1010.0, -2990.0}, 300.0), area);
    EXPECT_EQ(groundAreaAround({1010.0, -2990.0}, 800.0).cellMetres, 8.0);
    const double across = area.cellMetres * static_cast<double>(area.cellsAcross);
    EXPECT_NEAR(area.low.x + across / 2.0, 1000.0, 128.0);
    EXPECT_NEAR(area.low.y + across / 2.0, -3000.0, 128.0);
}

TEST(GroundWatch, isMadeOnceAndAgainAfterAChange) {
    GroundWatch watch(sameAsScene());
    int asked = 0;
    const auto meshes = [&] {
        ++asked;
        return Meshes{square({0, 0, 12}, 300.0F)};
    };
    const auto settle = [&] {
        int made = 0;
        while (!watch.isSettled()) {
            made += watch.step(kArea, meshes) ? 1 : 0;
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        return made;
    };
    EXPECT_FALSE(watch.isSettled());
    EXPECT_EQ(settle(), 1);
    EXPECT_FALSE(watch.step(kArea, meshes));
    EXPECT_EQ(asked, 1);
    watch.noteSurfaceChange();
    EXPECT_EQ(settle(), 1);
    EXPECT_EQ(asked, 2);
}

} // namespace
} // namespace viewer::overlay
