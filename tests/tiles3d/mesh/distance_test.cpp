#include "tiles3d/mesh/distance.h"

#include "surfaces.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <random>

namespace tiles3d::mesh {
namespace {

TEST(NearestOnTriangle, facesEdgesAndCorners) {
    const glm::vec3 a(0, 0, 0);
    const glm::vec3 b(4, 0, 0);
    const glm::vec3 c(0, 4, 0);
    EXPECT_EQ(nearestOnTriangle({1, 1, 5}, a, b, c), glm::vec3(1, 1, 0));
    EXPECT_EQ(nearestOnTriangle({2, -3, 1}, a, b, c), glm::vec3(2, 0, 0));
    EXPECT_EQ(nearestOnTriangle({-3, 2, 1}, a, b, c), glm::vec3(0, 2, 0));
    EXPECT_EQ(nearestOnTriangle({3, 3, 1}, a, b, c), glm::vec3(2, 2, 0));
    EXPECT_EQ(nearestOnTriangle({-1, -1, 1}, a, b, c), a);
    EXPECT_EQ(nearestOnTriangle({9, -1, 1}, a, b, c), b);
    EXPECT_EQ(nearestOnTriangle({-1, 9, 1}, a, b, c), c);
}

TEST(NearestOnTriangle, agreesWithBruteForce) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937_64 random(seed);
        std::uniform_real_distribution<float> place(-5.0F, 15.0F);
        const TriangleMesh mesh = soup(20, 40, seed);
        for (std::size_t i = 0; i + 2 < mesh.indices.size(); i += 3) {
            const float x = place(random);
            const float y = place(random);
            const glm::vec3 point(x, y, place(random));
            const TriangleMesh one{
                .positions = mesh.positions,
                .indices = {mesh.indices[i], mesh.indices[i + 1], mesh.indices[i + 2]}};
            const glm::vec3 nearest = nearestOnTriangle(point,
                                                        mesh.positions[mesh.indices[i]],
                                                        mesh.positions[mesh.indices[i + 1]],
                                                        mesh.positions[mesh.indices[i + 2]]);
            EXPECT_NEAR(glm::distance(point, nearest), distanceFrom(one, point), 1e-4);
            EXPECT_LT(distanceFrom(one, nearest), 1e-4);
        }
    }
}

TEST(NearestOnTriangle, aTriangleWithoutAreaIsItsSegment) {
    const glm::vec3 nearest = nearestOnTriangle({1, 3, 0}, {0, 0, 0}, {4, 0, 0}, {2, 0, 0});
    EXPECT_FLOAT_EQ(glm::distance(nearest, {1, 0, 0}), 0.0F);
    EXPECT_EQ(nearestOnTriangle({1, 3, 0}, {2, 2, 2}, {2, 2, 2}, {2, 2, 2}), glm::vec3(2, 2, 2));
}

TEST(LargestDistance, agreesWithBruteForce) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        const TriangleMesh surface = soup(30, 40, seed);
        const TriangleMesh mesh = soup(60, 60, seed + 100);
        EXPECT_NEAR(largestDistance(mesh, surface, 100.0), farthest(mesh, surface), 1e-4);
        EXPECT_NEAR(
            largestDistance(mesh, surface, 0.5), std::min(farthest(mesh, surface), 0.5), 1e-4);
    }
}

TEST(LargestDistance, isOneSidedAndOfUsedVerticesOnly) {
    const TriangleMesh large = grid({.columns = 10, .rows = 10});
    TriangleMesh small = grid({.columns = 5, .rows = 5});
    small.positions.emplace_back(0, 0, 50); // used by no triangle
    EXPECT_DOUBLE_EQ(largestDistance(small, large, 100.0), 0.0);
    EXPECT_NEAR(largestDistance(large, small, 100.0), std::sqrt(50.0), 1e-5);
}

TEST(LargestDistance, givesUpWhereItIsTold) {
    const TriangleMesh low = grid({});
    const TriangleMesh high = grid({.low = {0, 0, 7}});
    EXPECT_DOUBLE_EQ(largestDistance(low, high, 3.0), 3.0);
    EXPECT_DOUBLE_EQ(largestDistance(low, high, 9.0), 7.0);
    const TriangleMesh far = grid({.low = {500, 0, 0}});
    EXPECT_DOUBLE_EQ(largestDistance(low, far, 3.0), 3.0);
}

TEST(LargestDistance, withoutTriangles) {
    EXPECT_DOUBLE_EQ(largestDistance({}, grid({}), 3.0), 0.0);
    EXPECT_DOUBLE_EQ(largestDistance(grid({}), {}, 3.0), 3.0);
    EXPECT_DOUBLE_EQ(largestDistance({}, {}, 3.0), 0.0);
}

TEST(LargestDistance, aSurfaceUprightInPlanHasCellsToo) {
    TriangleMesh wall = grid({});
    for (glm::vec3& position : wall.positions) {
        position = {position.x, 0.0F, position.y};
    }
    EXPECT_NEAR(largestDistance(grid({}), wall, 100.0), 10.0, 1e-5);
}

} // namespace
} // namespace tiles3d::mesh
