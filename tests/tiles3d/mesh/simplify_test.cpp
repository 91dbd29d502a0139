#include "tiles3d/mesh/simplify.h"

#include "surfaces.h"
#include "tiles3d/mesh/border.h"
#include "tiles3d/mesh/weld.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace tiles3d::mesh {
namespace {

/// Float rounding of coordinates of some tens of metres.
constexpr double kRounding = 1e-4;

TriangleMesh welded(TriangleMesh mesh) {
    const Weld joined = weld(mesh.positions);
    for (std::uint32_t& index : mesh.indices) {
        index = joined.pointOf[index];
    }
    mesh.positions = joined.points;
    return mesh;
}

/// What the header promises of any result.
void expectBound(const TriangleMesh& mesh, double maxError) {
    const Simplified simplified = simplify(mesh, maxError);
    const double measured = farthest(mesh, simplified.mesh);
    EXPECT_LE(measured, maxError + kRounding);
    EXPECT_LE(measured, simplified.errorMetres + kRounding);
    EXPECT_LE(simplified.errorMetres, maxError * 1.0001);
    EXPECT_LE(simplified.mesh.indices.size(), mesh.indices.size());
    EXPECT_TRUE(simplified.mesh.uvs.empty());
    TriangleMesh compact = simplified.mesh;
    EXPECT_EQ(dropDegenerateTrianglesInPlace(compact), 0U);
    compactVerticesInPlace(compact);
    EXPECT_EQ(compact.positions.size(), simplified.mesh.positions.size());
}

TEST(Simplify, boundHoldsOnNoisyHeights) {
    for (const float noise : {0.01F, 0.3F, 2.0F}) {
        for (const double maxError : {0.05, 0.5, 5.0}) {
            SCOPED_TRACE(testing::Message() << noise << " noise, error " << maxError);
            expectBound(grid({.columns = 16, .rows = 16, .noiseMetres = noise}), maxError);
        }
    }
}

TEST(Simplify, boundHoldsOnSpheres) {
    for (const double maxError : {0.01, 0.1, 1.0, 20.0}) {
        SCOPED_TRACE(maxError);
        expectBound(sphere(5.0F, 16), maxError);
    }
}

TEST(Simplify, boundHoldsOnSoupsWithEdgesOfManyTriangles) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        expectBound(soup(25, 60, seed), 0.3);
        expectBound(soup(25, 60, seed), 3.0);
    }
}

TEST(Simplify, boundHoldsOnSpikes) {
    TriangleMesh mesh = grid({.columns = 12, .rows = 12});
    for (std::size_t i = 20; i < mesh.positions.size(); i += 17) {
        mesh.positions[i].z = 30.0F; // a mast: no side of its triangles is short
    }
    expectBound(mesh, 0.5);
    const Simplified simplified = simplify(mesh, 0.5);
    const auto highest = std::ranges::max(
        simplified.mesh.positions, {}, [](const glm::vec3& position) { return position.z; });
    EXPECT_GE(highest.z, 29.5F);
}

TEST(Simplify, boundHoldsWithTrianglesTwiceAndTurned) {
    TriangleMesh mesh = grid({.columns = 6, .rows = 6, .noiseMetres = 0.2F});
    const std::vector<std::uint32_t> once = mesh.indices;
    mesh.indices.insert(mesh.indices.end(), once.begin(), once.end());
    for (std::size_t i = 0; i + 2 < once.size(); i += 3) {
        mesh.indices.insert(mesh.indices.end(), {once[i], once[i + 2], once[i + 1]});
    }
    expectBound(mesh, 0.1);
    expectBound(mesh, 1.0);
}

TEST(Simplify, boundHoldsWithTrianglesWithoutArea) {
    TriangleMesh mesh = grid({.columns = 4, .rows = 4});
    const auto first = static_cast<std::uint32_t>(mesh.positions.size());
    mesh.positions.insert(mesh.positions.end(), {{2, 2, 1}, {2, 2, 9}, {3, 3, 5}});
    mesh.indices.insert(mesh.indices.end(), {0, 1, 2, first + 2, first + 2, 12}); // one line; twice
    TriangleMesh clean = mesh;
    dropDegenerateTrianglesInPlace(clean);
    EXPECT_LE(farthest(clean, simplify(mesh, 0.1).mesh), 0.1 + kRounding);
}

TEST(Simplify, flatSheetsBecomeTwoTrianglesEach) {
    const Simplified one = simplify(grid({.columns = 20, .rows = 20}), 0.01);
    EXPECT_EQ(one.mesh.indices.size(), 6U);
    EXPECT_NEAR(areaOf(one.mesh), 400.0, 1.0);
    const TriangleMesh two = together(grid({}), grid({.low = {20, 0, 3}}));
    EXPECT_EQ(simplify(two, 0.01).mesh.indices.size(), 12U);
}

TEST(Simplify, aBoxKeepsItsEdges) {
    // A terrace: two level sheets and the wall between them, 100 cells each.
    TriangleMesh wall = grid({});
    for (glm::vec3& position : wall.positions) {
        position = {10.0F, position.x, 10.0F - position.y};
    }
    TriangleMesh mesh = together(grid({.low = {0, 0, 10}}), wall);
    mesh = welded(together(mesh, grid({.low = {10, 0, 0}})));
    const Simplified simplified = simplify(mesh, 0.05);
    EXPECT_EQ(simplified.mesh.indices.size(), 18U);
    EXPECT_NEAR(areaOf(simplified.mesh), 300.0, 2.0);
}

TEST(Simplify, trianglesFallWithTheError) {
    const TriangleMesh mesh = grid({.columns = 40, .rows = 40, .noiseMetres = 0.2F});
    std::size_t last = mesh.indices.size();
    for (const double maxError : {0.02, 0.1, 0.3, 1.0}) {
        const std::size_t now = simplify(mesh, maxError).mesh.indices.size();
        EXPECT_LT(now, last) << maxError;
        last = now;
    }
    EXPECT_LT(last, mesh.indices.size() / 50);
}

TEST(Simplify, aClosedSurfaceStaysClosed) {
    const Simplified simplified = simplify(sphere(5.0F, 24), 0.1);
    EXPECT_LT(simplified.mesh.indices.size(), std::size_t{3} * 24 * 24);
    EXPECT_TRUE(borderEdges(simplified.mesh.indices).empty());
}

TEST(Simplify, aPieceKeepsATriangle) {
    TriangleMesh mesh = together(grid({}), grid({.columns = 2, .rows = 2, .low = {50, 0, 0}}));
    const Simplified simplified = simplify(mesh, 1000.0);
    EXPECT_GE(simplified.mesh.indices.size(), 6U);
    mesh = {.positions = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}}, .indices = {0, 1, 2}};
    EXPECT_EQ(simplify(mesh, 1000.0).mesh.indices.size(), 3U);
}

TEST(Simplify, whatNoTriangleUsesIsGone) {
    TriangleMesh mesh = grid({.columns = 2, .rows = 2});
    mesh.positions.emplace_back(99, 99, 99);
    for (const glm::vec3& position : simplify(mesh, 0.1).mesh.positions) {
        EXPECT_LT(position.x, 50.0F);
    }
}

TEST(Simplify, nothingIsNothing) {
    const Simplified simplified = simplify({}, 1.0);
    EXPECT_TRUE(simplified.mesh.indices.empty());
    EXPECT_DOUBLE_EQ(simplified.errorMetres, 0.0);
}

TEST(Simplify, sameInputSameOutput) {
    const TriangleMesh mesh = grid({.columns = 30, .rows = 30, .noiseMetres = 0.3F});
    const Simplified one = simplify(mesh, 0.2);
    const Simplified two = simplify(mesh, 0.2);
    EXPECT_EQ(one.mesh.indices, two.mesh.indices);
    EXPECT_EQ(one.mesh.positions, two.mesh.positions);
}

} // namespace
} // namespace tiles3d::mesh
