#include "tiles3d/mesh/raster_triangle.h"

#include <gtest/gtest.h>

#include <limits>
#include <utility>
#include <vector>

namespace tiles3d::mesh {
namespace {

using Cells = std::vector<std::pair<int, int>>;

Cells cellsOf(const glm::vec2& a, const glm::vec2& b, const glm::vec2& c) {
    Cells cells;
    rasterise(a, b, c, {4, 4}, [&](int x, int y, const glm::vec3& weights) {
        cells.emplace_back(x, y);
        const glm::vec2 centre = weights.x * a + weights.y * b + weights.z * c;
        EXPECT_NEAR(centre.x, static_cast<float>(x) + 0.5F, 1e-5F);
        EXPECT_NEAR(centre.y, static_cast<float>(y) + 0.5F, 1e-5F);
    });
    return cells;
}

TEST(Rasterise, visitsCellsWhoseCentreIsInside) {
    const Cells below{{0, 0}, {1, 0}, {0, 1}}; // the centre of (1, 1) lies beyond
    EXPECT_EQ(cellsOf({0.0F, 0.0F}, {2.4F, 0.0F}, {0.0F, 2.4F}), below);
    EXPECT_EQ(cellsOf({0.0F, 0.0F}, {0.0F, 2.4F}, {2.4F, 0.0F}), below); // either orientation
}

TEST(Rasterise, twoHalvesOfASquareCoverIt) {
    const Cells lower = cellsOf({0.0F, 0.0F}, {4.0F, 0.0F}, {4.0F, 4.0F});
    const Cells upper = cellsOf({0.0F, 0.0F}, {4.0F, 4.0F}, {0.0F, 4.0F});
    EXPECT_EQ(lower.size() + upper.size(), 16U + 4U); // the diagonal is an edge of both
}

TEST(Rasterise, staysInTheGridAndRefusesWhatHasNoArea) {
    EXPECT_EQ(cellsOf({-90.0F, -90.0F}, {190.0F, -90.0F}, {-90.0F, 190.0F}).size(), 16U);
    EXPECT_TRUE(cellsOf({9.0F, 9.0F}, {12.0F, 9.0F}, {9.0F, 12.0F}).empty());
    EXPECT_TRUE(cellsOf({0.0F, 0.0F}, {1.0F, 1.0F}, {3.0F, 3.0F}).empty());
    const float nan = std::numeric_limits<float>::quiet_NaN();
    EXPECT_TRUE(cellsOf({0.0F, nan}, {3.0F, 0.0F}, {0.0F, 3.0F}).empty());
}

} // namespace
} // namespace tiles3d::mesh
