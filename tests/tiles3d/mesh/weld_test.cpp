#include "tiles3d/mesh/weld.h"

#include "surfaces.h"

#include <gtest/gtest.h>

#include <random>

namespace tiles3d::mesh {
namespace {

TEST(Weld, joinsEqualPositionsInTheOrderOfFirstUse) {
    const Weld joined = weld({{1, 2, 3}, {4, 5, 6}, {1, 2, 3}, {7, 8, 9}, {4, 5, 6}});
    EXPECT_EQ(joined.pointOf, (std::vector<std::uint32_t>{0, 1, 0, 2, 1}));
    EXPECT_EQ(joined.points, (std::vector<glm::vec3>{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}));
}

TEST(Weld, zeroHasNoSignAndTheNextNumberIsAnother) {
    const float next = std::nextafter(1.0F, 2.0F);
    const Weld joined = weld({{0.0F, 1.0F, -0.0F}, {-0.0F, 1.0F, 0.0F}, {0.0F, next, 0.0F}});
    EXPECT_EQ(joined.pointOf, (std::vector<std::uint32_t>{0, 0, 1}));
}

TEST(Weld, nothingIsNothing) {
    EXPECT_TRUE(weld({}).points.empty());
    EXPECT_TRUE(weld({}).pointOf.empty());
}

TEST(Weld, everyVertexFindsItsPositionAndNoPointIsThereTwice) {
    constexpr std::uint64_t kSeed = 7;
    SCOPED_TRACE("seed " + std::to_string(kSeed));
    std::mt19937_64 random(kSeed);
    std::uniform_int_distribution<int> place(0, 20);
    std::vector<glm::vec3> positions;
    for (int i = 0; i < 20'000; ++i) {
        const int x = place(random);
        const int y = place(random);
        positions.emplace_back(x, y, place(random));
    }
    const Weld joined = weld(positions);
    EXPECT_LE(joined.points.size(), 21U * 21U * 21U);
    for (std::size_t i = 0; i < positions.size(); ++i) {
        ASSERT_EQ(joined.points[joined.pointOf[i]], positions[i]);
    }
    EXPECT_EQ(weld(joined.points).points.size(), joined.points.size());
}

TEST(DropSmallPieces, dropsByTheBoxAndKeepsTheOrderOfTheRest) {
    const TriangleMesh large = grid({.columns = 2, .rows = 2});
    const TriangleMesh small =
        grid({.columns = 1, .rows = 1, .cellMetres = 0.5F, .low = {9, 0, 0}});
    TriangleMesh mesh = together(small, large);
    EXPECT_EQ(dropSmallPiecesInPlace(mesh, 0.70), 0U); // the small one's diagonal is 0.707
    EXPECT_EQ(dropSmallPiecesInPlace(mesh, 0.71), 2U);
    EXPECT_EQ(mesh.positions.size(), small.positions.size() + large.positions.size());
    ASSERT_EQ(mesh.indices.size(), large.indices.size());
    for (std::size_t i = 0; i < mesh.indices.size(); ++i) {
        EXPECT_EQ(mesh.indices[i], large.indices[i] + 4);
    }
}

TEST(DropSmallPieces, piecesHangTogetherByOnePoint) {
    TriangleMesh mesh;
    mesh.positions = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {-1, 0, 0}, {0, -1, 0}};
    mesh.indices = {0, 1, 2, 0, 3, 4};
    TriangleMesh apart;
    apart.positions = {{0, 0, 9}, {1, 0, 9}, {0, 1, 9}};
    apart.indices = {0, 1, 2};
    mesh = together(mesh, apart);
    EXPECT_EQ(dropSmallPiecesInPlace(mesh, 2.0), 1U); // 2.83 across, and 1.41 for the one apart
    EXPECT_EQ(mesh.indices, (std::vector<std::uint32_t>{0, 1, 2, 0, 3, 4}));
}

TEST(DropSmallPieces, neverDropsAll) {
    TriangleMesh mesh = grid({.columns = 2, .rows = 2});
    EXPECT_EQ(dropSmallPiecesInPlace(mesh, 1000.0), 0U);
    EXPECT_EQ(mesh.indices.size(), 24U);
    TriangleMesh empty;
    EXPECT_EQ(dropSmallPiecesInPlace(empty, 1.0), 0U);
}

} // namespace
} // namespace tiles3d::mesh
