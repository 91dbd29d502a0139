#include "tiles3d/mesh/mesh.h"

#include <gtest/gtest.h>

namespace tiles3d::mesh {
namespace {

TriangleMesh fourPoints() {
    TriangleMesh mesh;
    mesh.positions = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {2, 0, 0}};
    mesh.uvs = {{0, 0}, {1, 0}, {0, 1}, {1, 1}};
    return mesh;
}

TEST(DropDegenerateTriangles, dropsAllThreeKindsAndKeepsOrder) {
    TriangleMesh mesh = fourPoints();
    mesh.positions.push_back({0, 0, 0}); // again the first
    mesh.uvs.push_back({0, 0});
    mesh.indices = {0,
                    1,
                    2,
                    /*equal index*/ 1,
                    1,
                    2,
                    /*equal position*/ 0,
                    4,
                    1,
                    /*one line*/ 0,
                    1,
                    3,
                    1,
                    3,
                    2};
    EXPECT_EQ(dropDegenerateTrianglesInPlace(mesh), 3U);
    EXPECT_EQ(mesh.indices, (std::vector<std::uint32_t>{0, 1, 2, 1, 3, 2}));
    EXPECT_EQ(mesh.positions.size(), 5U);
}

TEST(DropDegenerateTriangles, emptyMeshIsFine) {
    TriangleMesh mesh;
    EXPECT_EQ(dropDegenerateTrianglesInPlace(mesh), 0U);
}

TEST(CompactVertices, removesWhatNobodyUses) {
    TriangleMesh mesh = fourPoints();
    mesh.indices = {1, 3, 2};
    mesh.normals = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {-1, 0, 0}};
    compactVerticesInPlace(mesh);
    ASSERT_EQ(mesh.positions.size(), 3U);
    ASSERT_EQ(mesh.normals.size(), 3U);
    EXPECT_EQ(mesh.normals[0], glm::vec3(0, 1, 0));
    ASSERT_EQ(mesh.uvs.size(), 3U);
    EXPECT_EQ(mesh.indices, (std::vector<std::uint32_t>{0, 2, 1}));
    EXPECT_EQ(mesh.positions[2], glm::vec3(2, 0, 0));
    EXPECT_EQ(mesh.uvs[0], glm::vec2(1, 0));
}

TEST(CompactVertices, leavesAFullMeshAlone) {
    TriangleMesh mesh = fourPoints();
    mesh.indices = {0, 1, 2, 1, 3, 2};
    compactVerticesInPlace(mesh);
    EXPECT_EQ(mesh.positions.size(), 4U);
    EXPECT_EQ(mesh.indices, (std::vector<std::uint32_t>{0, 1, 2, 1, 3, 2}));
}

} // namespace
} // namespace tiles3d::mesh
