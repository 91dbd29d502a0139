#include "tiles3d/mesh/border.h"

#include "surfaces.h"
#include "tiles3d/mesh/weld.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace tiles3d::mesh {
namespace {

/// Border edges whose middle is farther than `marginMetres` from every side of the rectangle.
std::size_t innerBorders(const TriangleMesh& mesh,
                         const glm::vec2& low,
                         const glm::vec2& high,
                         float marginMetres) {
    const auto edges = borderEdges(mesh.indices);
    return static_cast<std::size_t>(std::ranges::count_if(edges, [&](const BorderEdge& edge) {
        const glm::vec2 middle(0.5F * (mesh.positions[edge.from] + mesh.positions[edge.to]));
        return middle.x > low.x + marginMetres && middle.x < high.x - marginMetres &&
               middle.y > low.y + marginMetres && middle.y < high.y - marginMetres;
    }));
}

/// Pieces side by side, none sharing a vertex.
struct Pieces {
    TriangleMesh mesh;
    std::vector<std::uint32_t> pieceOf;

    void add(const TriangleMesh& piece) {
        const std::uint32_t index = pieceOf.empty() ? 0 : pieceOf.back() + 1;
        mesh = together(mesh, piece);
        pieceOf.resize(mesh.positions.size(), index);
    }
};

/// Two sheets of 10 m by 10 m, the second `gapMetres` east of the first, with cells of their own.
Pieces twoSheets(float gapMetres, int secondRows) {
    Pieces pieces;
    pieces.add(grid({.noiseMetres = 0.02F, .seed = 1}));
    TriangleMesh second =
        grid({.columns = 10, .rows = secondRows, .noiseMetres = 0.02F, .seed = 2});
    for (glm::vec3& position : second.positions) {
        position.x += 10.0F + gapMetres;
        position.y *= 10.0F / static_cast<float>(secondRows);
    }
    pieces.add(second);
    return pieces;
}

TEST(BorderEdges, ofOneTriangleAreItsSides) {
    const auto edges = borderEdges({4, 7, 5});
    ASSERT_EQ(edges.size(), 3U);
    EXPECT_EQ(edges[0].from, 4U);
    EXPECT_EQ(edges[0].to, 7U);
    EXPECT_EQ(edges[2].from, 5U);
    EXPECT_EQ(edges[2].to, 4U);
    EXPECT_EQ(edges[2].triangle, 0U);
}

TEST(BorderEdges, ofAGridAreItsRimAndOfASphereNone) {
    const auto edges = borderEdges(grid({.columns = 5, .rows = 3}).indices);
    EXPECT_EQ(edges.size(), 16U);
    EXPECT_TRUE(std::ranges::is_sorted(edges, {}, &BorderEdge::triangle));
    EXPECT_TRUE(borderEdges(sphere(1.0F, 8).indices).empty());
    EXPECT_TRUE(borderEdges({}).empty());
}

TEST(BorderEdges, theSurfaceLiesOnTheirLeft) {
    const TriangleMesh mesh = grid({.columns = 5, .rows = 3});
    for (const BorderEdge& edge : borderEdges(mesh.indices)) {
        const glm::vec3 from = mesh.positions[edge.from];
        const glm::vec3 along = mesh.positions[edge.to] - from;
        const glm::vec3 inward = glm::vec3(2.5F, 1.5F, 0.0F) - from;
        EXPECT_GT(glm::cross(along, inward).z, 0.0F);
    }
}

TEST(BorderEdges, anEdgeOfThreeTrianglesIsNoBorderIfOneRunsTheOtherWay) {
    EXPECT_EQ(borderEdges({0, 1, 2, 1, 0, 3, 0, 1, 4}).size(), 6U);
    EXPECT_EQ(borderEdges({0, 1, 2, 0, 1, 3}).size(), 6U); // both the same way: both are
}

TEST(ZipBorders, gapsAndOverlapsWithinTheToleranceClose) {
    for (const float gap : {0.2F, 0.0F, -0.2F}) {
        for (const int rows : {10, 7, 23, 1}) {
            Pieces pieces = twoSheets(gap, rows);
            const std::size_t left = zipBordersInPlace(pieces.mesh, pieces.pieceOf, 0.45);
            EXPECT_EQ(innerBorders(pieces.mesh, {0, 0}, {20, 10}, 0.4F), 0U) << gap << " " << rows;
            EXPECT_EQ(left, borderEdges(pieces.mesh.indices).size());
            EXPECT_NEAR(areaOf(pieces.mesh), 200.0, 3.0);
        }
    }
}

TEST(ZipBorders, widerGapsStay) {
    Pieces pieces = twoSheets(0.5F, 7);
    const TriangleMesh before = pieces.mesh;
    zipBordersInPlace(pieces.mesh, pieces.pieceOf, 0.45);
    EXPECT_EQ(pieces.mesh.indices, before.indices);
    EXPECT_EQ(pieces.mesh.positions, before.positions);
}

TEST(ZipBorders, onlyBorderVerticesMoveAndByNoMoreThanTheTolerance) {
    Pieces pieces = twoSheets(0.3F, 10);
    const TriangleMesh before = pieces.mesh;
    std::vector<bool> isBorder(before.positions.size());
    for (const BorderEdge& edge : borderEdges(before.indices)) {
        isBorder[edge.from] = true;
    }
    zipBordersInPlace(pieces.mesh, pieces.pieceOf, 0.45);
    float farthest = 0.0F;
    for (std::size_t i = 0; i < before.positions.size(); ++i) {
        const float moved = glm::distance(before.positions[i], pieces.mesh.positions[i]);
        EXPECT_TRUE(isBorder[i] || moved == 0.0F);
        farthest = std::max(farthest, moved);
    }
    EXPECT_GT(farthest, 0.1F); // half way
    EXPECT_LE(farthest, 0.2F);
}

TEST(ZipBorders, aSplitEdgeDoesNotMove) {
    // One long triangle beside two short ones, whose middle vertex lies half way along its side.
    Pieces pieces;
    pieces.add({.positions = {{0, 0, 0}, {0, 4, 0}, {-3, 2, 0}}, .indices = {0, 1, 2}});
    pieces.add({.positions = {{0, 0, 0}, {3, 2, 0}, {0.1F, 2, 0}, {0, 4, 0}},
                .indices = {0, 1, 2, 2, 1, 3}});
    EXPECT_EQ(zipBordersInPlace(pieces.mesh, pieces.pieceOf, 0.5), 4U);
    EXPECT_EQ(pieces.mesh.indices.size(), 12U);
    EXPECT_NEAR(areaOf(pieces.mesh), 12.0, 0.1);
}

TEST(ZipBorders, fourPiecesThatMeetInOnePointClose) {
    Pieces pieces;
    const int cells[] = {10, 7, 5, 13}; // NOLINT(modernize-avoid-c-arrays)
    for (int i = 0; i < 4; ++i) {
        const int count = cells[i];
        const glm::vec3 low(i % 2 == 0 ? 0.0F : 10.1F, i < 2 ? 0.0F : 9.9F, 0.0F);
        pieces.add(grid({.columns = count,
                         .rows = count,
                         .cellMetres = 10.0F / static_cast<float>(count),
                         .low = low,
                         .noiseMetres = 0.02F,
                         .seed = static_cast<std::uint64_t>(i + 1)}));
    }
    zipBordersInPlace(pieces.mesh, pieces.pieceOf, 0.3);
    EXPECT_EQ(innerBorders(pieces.mesh, {0, 0}, {20, 20}, 0.4F), 0U);
}

TEST(ZipBorders, anyFourPiecesClose) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937_64 random(seed);
        std::uniform_int_distribution<int> cells(8, 20);
        std::uniform_real_distribution<float> shift(-0.12F, 0.12F);
        Pieces pieces;
        for (int i = 0; i < 4; ++i) {
            const int count = cells(random);
            const glm::vec3 low(i % 2 == 0 ? 0.0F : 14.0F, i < 2 ? 0.0F : 14.0F, 0.0F);
            TriangleMesh piece = grid({.columns = count,
                                       .rows = count,
                                       .cellMetres = 14.0F / static_cast<float>(count),
                                       .low = low,
                                       .noiseMetres = 0.05F,
                                       .seed = seed});
            for (glm::vec3& position : piece.positions) {
                position.x += shift(random);
                position.y += shift(random);
            }
            pieces.add(piece);
        }
        EXPECT_GT(innerBorders(pieces.mesh, {0, 0}, {28, 28}, 1.5F), 50U);
        zipBordersInPlace(pieces.mesh, pieces.pieceOf, 0.5);
        EXPECT_EQ(innerBorders(pieces.mesh, {0, 0}, {28, 28}, 1.5F), 0U);
    }
}

TEST(ZipBorders, flatCornersSplitOnBothSidesClose) {
    // To the bit in one plane and on one line: no triangle of the fan may be flat and vanish.
    Pieces pieces;
    pieces.add({.positions = {{0, 0, 0}, {4, 0, 0}, {0, 4, 0}}, .indices = {0, 1, 2}});
    pieces.add({.positions = {{0, 0, 0}, {2, -4, 0}, {2, 0, 0}, {4, 0, 0}},
                .indices = {0, 1, 2, 2, 1, 3}});
    pieces.add({.positions = {{0, 4, 0}, {-4, 2, 0}, {0, 2, 0}, {0, 0, 0}},
                .indices = {0, 1, 2, 2, 1, 3}});
    EXPECT_EQ(zipBordersInPlace(pieces.mesh, pieces.pieceOf, 0.5), 5U); // the outer sides
    EXPECT_DOUBLE_EQ(areaOf(pieces.mesh), 24.0);
}

TEST(ZipBorders, aLongSlitCloses) {
    // The foot of a wall that stands at the seam joins the second piece's corner, which then has no
    // edge of the first to split: between the two sheets a slit of 70 m by 0.1 m stays.
    Pieces pieces;
    const TriangleMesh wall{.positions = {{-0.1F, 35, 0}, {-0.1F, 35, 10}, {-5, 35, 0}},
                            .indices = {0, 1, 2}};
    pieces.add(together({.positions = {{0, -9, 0}, {0, 0, 0}, {0, 70, 0}, {0, 79, 0}, {-30, 35, 0}},
                         .indices = {0, 1, 4, 1, 2, 4, 2, 3, 4}},
                        wall));
    pieces.add(
        {.positions = {{0, -9, 0}, {30, 35, 0}, {0, 0, 0}, {0.3F, 35, 0}, {0, 70, 0}, {0, 79, 0}},
         .indices = {0, 1, 2, 2, 1, 3, 3, 1, 4, 4, 1, 5}});
    EXPECT_EQ(zipBordersInPlace(pieces.mesh, pieces.pieceOf, 1.0), 7U); // outer sides and wall
}

TEST(ZipBorders, aPieceIsNotClosedOntoItself) {
    Pieces pieces;
    TriangleMesh piece = together(grid({.columns = 5, .rows = 5}),
                                  grid({.columns = 5, .rows = 5, .low = {5.1F, 0, 0}}));
    pieces.add(piece); // a slit of 0.1 m
    pieces.add(grid({.columns = 5, .rows = 5, .low = {50, 0, 0}}));
    const TriangleMesh before = pieces.mesh;
    zipBordersInPlace(pieces.mesh, pieces.pieceOf, 0.3);
    EXPECT_EQ(pieces.mesh.indices, before.indices);
}

TEST(ZipBorders, sameInputSameOutput) {
    Pieces one = twoSheets(0.2F, 23);
    Pieces two = twoSheets(0.2F, 23);
    zipBordersInPlace(one.mesh, one.pieceOf, 0.45);
    zipBordersInPlace(two.mesh, two.pieceOf, 0.45);
    EXPECT_EQ(one.mesh.indices, two.mesh.indices);
    EXPECT_EQ(one.mesh.positions, two.mesh.positions);
}

TEST(ZipBorders, nothingIsNothing) {
    TriangleMesh empty;
    EXPECT_EQ(zipBordersInPlace(empty, {}, 1.0), 0U);
}

} // namespace
} // namespace tiles3d::mesh
