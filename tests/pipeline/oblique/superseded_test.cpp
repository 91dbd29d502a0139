#include "pipeline/oblique/superseded.h"

#include <gtest/gtest.h>

namespace pipeline::oblique {
namespace {

using tiles3d::geo::Angle;

/// Around (0, 0) of the frame everything within 100 m is covered but a strip of some 5 m.
class SupersededTest : public testing::Test {
protected:
    SupersededTest() {
        const glm::ivec2 centre = cellAt(frame, {0.0, 0.0, 0.0});
        constexpr int kHalf = 60;
        const auto rows = [&](int south, int north) {
            const int cells = (2 * kHalf + 1) * (north - south + 1);
            area.add(
                {.range = {centre + glm::ivec2(-kHalf, south), centre + glm::ivec2(kHalf, north)},
                 .runs = {0, static_cast<std::uint32_t>(cells)}});
        };
        rows(-kHalf, 10);
        rows(14, kHalf);
    }

    std::size_t dropped(const std::vector<glm::vec3>& corners) const {
        tiles3d::mesh::TriangleMesh mesh{.positions = corners, .indices = {0, 1, 2}};
        const std::size_t number = dropSupersededInPlace(mesh, {0.0, 0.0, 0.0}, frame, area);
        EXPECT_EQ(mesh.indices.size(), number == 0 ? 3U : 0U);
        return number;
    }

    tiles3d::geo::EnuFrame frame{
        {.longitude = Angle::degrees(118.09), .latitude = Angle::degrees(24.44)}};
    CoveredArea area;
};

TEST_F(SupersededTest, whatLiesInsideGoesHoweverHigh) {
    EXPECT_EQ(dropped({{0.0F, 0.0F, 0.0F}, {5.0F, 0.0F, 0.0F}, {0.0F, 5.0F, 0.0F}}), 1U);
    EXPECT_EQ(dropped({{0.0F, 0.0F, 0.0F}, {5.0F, 0.0F, 90.0F}, {0.0F, 0.0F, 300.0F}}), 1U);
}

TEST_F(SupersededTest, whatCrossesTheEdgeStays) {
    EXPECT_EQ(dropped({{0.0F, 0.0F, 0.0F}, {300.0F, 0.0F, 0.0F}, {0.0F, 5.0F, 0.0F}}), 0U);
    EXPECT_EQ(dropped({{500.0F, 0.0F, 0.0F}, {510.0F, 0.0F, 0.0F}, {500.0F, 5.0F, 0.0F}}), 0U);
}

TEST_F(SupersededTest, whatSpansAHoleBetweenItsCornersStays) {
    EXPECT_EQ(dropped({{0.0F, 0.0F, 0.0F}, {2.0F, 0.0F, 0.0F}, {0.0F, 60.0F, 0.0F}}), 0U);
    EXPECT_EQ(dropped({{0.0F, 40.0F, 0.0F}, {2.0F, 40.0F, 0.0F}, {0.0F, 60.0F, 0.0F}}), 1U);
}

} // namespace
} // namespace pipeline::oblique
