#include "pipeline/terrain/lattice_delaunay.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <utility>

namespace pipeline::terrain {
namespace {

LatticeDelaunay square(int side) {
    return {side, [](const glm::ivec2&) { return false; }};
}

glm::ivec2 at(const LatticeDelaunay& mesh, std::uint32_t edge) {
    return mesh.vertices()[mesh.starts()[edge]];
}

/// Every edge has its twin, every triangle an area, every circle no vertex of a neighbour inside.
void expectDelaunay(const LatticeDelaunay& mesh, int side) {
    std::int64_t twiceArea = 0;
    for (std::uint32_t edge = 0; edge < 3 * mesh.triangleCount(); ++edge) {
        const std::uint32_t next = LatticeDelaunay::next(edge);
        const std::uint32_t previous = LatticeDelaunay::previous(edge);
        const std::int64_t area = orientation(at(mesh, edge), at(mesh, next), at(mesh, previous));
        ASSERT_GT(area, 0);
        twiceArea += edge % 3 == 0 ? area : 0;
        const std::uint32_t twin = mesh.twin(edge);
        if (twin == LatticeDelaunay::kNone) {
            const glm::ivec2 sum = at(mesh, edge) + at(mesh, next);
            EXPECT_TRUE(sum.x % (2 * side) == 0 || sum.y % (2 * side) == 0);
            continue;
        }
        EXPECT_EQ(mesh.twin(twin), edge);
        EXPECT_EQ(mesh.starts()[twin], mesh.starts()[next]);
        EXPECT_LE(inCircle(at(mesh, edge),
                           at(mesh, next),
                           at(mesh, previous),
                           at(mesh, LatticeDelaunay::previous(twin))),
                  0);
    }
    EXPECT_EQ(twiceArea, 2 * std::int64_t{side} * side);
}

TEST(LatticeDelaunay, predicatesAreExact) {
    EXPECT_EQ(orientation({0, 0}, {4096, 4095}, {4095, 4094}), -1);
    EXPECT_EQ(orientation({0, 0}, {2, 2}, {4096, 4096}), 0);
    EXPECT_EQ(inCircle({0, 0}, {4096, 0}, {4096, 4096}, {0, 4096}), 0);
    EXPECT_GT(inCircle({0, 0}, {4096, 0}, {4096, 4096}, {1, 4095}), 0);
    EXPECT_GT(inCircle({0, 0}, {4096, 0}, {4096, 4095}, {1, 4095}), 0);
    EXPECT_LT(inCircle({0, 0}, {4096, 0}, {4096, 4095}, {0, 4096}), 0);
}

TEST(LatticeDelaunay, staysDelaunayPointByPoint) {
    constexpr unsigned kSeed = 7;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    for (const int side : {4, 17, 4096}) {
        LatticeDelaunay mesh = square(side);
        std::set<std::pair<int, int>> taken = {{0, 0}, {side, 0}, {side, side}, {0, side}};
        const auto size = static_cast<unsigned>(side + 1);
        std::uint32_t triangle = 0;
        for (int i = 0; i < 300; ++i) {
            const glm::ivec2 point(random() % size, i % 5 == 0 ? 0U : random() % size);
            if (taken.emplace(point.x, point.y).second) {
                triangle = mesh.locate(point, triangle);
                const std::uint32_t edge = mesh.insert(point, triangle);
                EXPECT_EQ(at(mesh, edge), point);
                triangle = edge / 3;
            }
        }
        EXPECT_EQ(mesh.vertices().size(), taken.size());
        expectDelaunay(mesh, side);
    }
}

TEST(LatticeDelaunay, placeholdersLoseTies) {
    for (const glm::ivec2 hole : {glm::ivec2(0, 0), {1, 0}, {0, 1}, {1, 1}}) {
        const LatticeDelaunay mesh(1, [&](const glm::ivec2& point) { return point == hole; });
        int triangles = 0;
        for (std::uint32_t edge = 0; edge < 6; ++edge) {
            triangles += at(mesh, edge) == hole ? 1 : 0;
        }
        EXPECT_EQ(triangles, 1);
    }
}

} // namespace
} // namespace pipeline::terrain
