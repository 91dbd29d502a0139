#include "pipeline/overview/skirt.h"

#include "scenes.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace pipeline::overview {
namespace {

using tiles3d::mesh::TriangleMesh;

/// A sheet of cells of 5 m whose cells do not share vertices, as along atlas seams.
TriangleMesh sheet(int cells) {
    TriangleMesh mesh;
    for (int y = 0; y < cells; ++y) {
        for (int x = 0; x < cells; ++x) {
            const glm::vec3 low(5.0F * static_cast<float>(x), 5.0F * static_cast<float>(y), 3.0F);
            addQuad(mesh,
                    low,
                    low + glm::vec3(5, 0, 0),
                    low + glm::vec3(5, 5, 0),
                    low + glm::vec3(0, 5, 0));
        }
    }
    return mesh;
}

TEST(SkirtOf, hangsDownAndOutwardFromTheRimAlone) {
    constexpr float kDepth = 2.0F;
    const TriangleMesh skirt = skirtOf(sheet(4), kDepth);
    EXPECT_EQ(skirt.indices.size(), 16U * 12U); // 16 edges of the rim, lip and skirt for each
    for (const glm::vec3& position : skirt.positions) {
        const glm::vec2 inside = glm::clamp(glm::vec2(position), 0.0F, 20.0F);
        const float outward = glm::distance(glm::vec2(position), inside);
        const float down = 3.0F - position.z;
        const bool isRim = down == 0.0F && outward == 0.0F;
        const bool isLip = std::abs(down + 0.6F) < 1e-4F && std::abs(outward - 0.6F) < 1e-4F;
        const bool isHem = std::abs(down - 2.0F) < 1e-4F && std::abs(outward - 1.0F) < 1e-4F;
        EXPECT_TRUE(isRim || isLip || isHem) << outward << " m outward, " << down << " m down";
    }
}

TEST(SkirtOf, frontFacesAreOutside) {
    const TriangleMesh skirt = skirtOf(sheet(4), 2.0);
    for (std::size_t i = 0; i + 2 < skirt.indices.size(); i += 3) {
        const glm::vec3 a = skirt.positions[skirt.indices[i]];
        const glm::vec3 b = skirt.positions[skirt.indices[i + 1]];
        const glm::vec3 c = skirt.positions[skirt.indices[i + 2]];
        const glm::vec3 normal = glm::cross(b - a, c - a);
        const glm::vec3 outward = (a + b + c) / 3.0F - glm::vec3(10.0F, 10.0F, 3.0F);
        if (std::max({a.z, b.z, c.z}) <= 3.0F) { // not the lip, which shows either side
            EXPECT_GT(normal.z, 0.0F);           // seen from above
            EXPECT_GT(glm::dot(glm::vec2(normal), glm::vec2(outward)), 0.0F); // and from the side
        }
    }
}

TEST(SkirtOf, endsTakeTheTextureCoordinatesOfTheirBorder) {
    const TriangleMesh mesh = sheet(2);
    const TriangleMesh skirt = skirtOf(mesh, 1.0);
    ASSERT_EQ(skirt.uvs.size(), skirt.positions.size());
    for (std::size_t i = 0; i < skirt.positions.size(); ++i) {
        if (skirt.positions[i].z != 3.0F) {
            continue;
        }
        bool isKnown = false;
        for (std::size_t k = 0; k < mesh.positions.size(); ++k) {
            isKnown =
                isKnown || (mesh.positions[k] == skirt.positions[i] && mesh.uvs[k] == skirt.uvs[i]);
        }
        EXPECT_TRUE(isKnown);
    }
}

TEST(SkirtOf, theFootOfATreeIsNoRim) {
    TriangleMesh mesh = sheet(8);
    const std::size_t rim = skirtOf(mesh, 1.0).indices.size();
    // A wall that stands in the middle, joined to nothing.
    addQuad(mesh, {18, 20, 3}, {22, 20, 3}, {22, 20, 9}, {18, 20, 9});
    EXPECT_EQ(skirtOf(mesh, 1.0).indices.size(), rim);
}

TEST(SkirtOf, aHoleWiderThanTheSkirtIsARim) {
    TriangleMesh mesh = sheet(8);
    const std::size_t rim = skirtOf(mesh, 1.0).indices.size();
    std::vector<std::uint32_t> kept;
    for (std::size_t i = 0; i + 2 < mesh.indices.size(); i += 3) {
        const glm::vec3 middle = mesh.positions[mesh.indices[i]];
        const bool isHole = middle.x >= 15 && middle.x <= 25 && middle.y >= 15 && middle.y <= 25;
        if (!isHole) {
            kept.insert(kept.end(),
                        mesh.indices.begin() + static_cast<std::ptrdiff_t>(i),
                        mesh.indices.begin() + static_cast<std::ptrdiff_t>(i) + 3);
        }
    }
    mesh.indices = kept;
    EXPECT_GT(skirtOf(mesh, 1.0).indices.size(), rim);
}

TEST(SkirtOf, aClosedSurfaceAndNoSurfaceHaveNone) {
    TriangleMesh closed;
    closed.positions = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    closed.indices = {0, 2, 1, 0, 1, 3, 1, 2, 3, 2, 0, 3};
    EXPECT_TRUE(skirtOf(closed, 1.0).indices.empty());
    EXPECT_TRUE(skirtOf({}, 1.0).indices.empty());
}

TEST(SkirtOf, aSlopesSkirtRunsOnInItsPlaneAndDown) {
    TriangleMesh mesh;
    addQuad(mesh, {0, 0, 0}, {10, 0, 10}, {10, 10, 10}, {0, 10, 0});
    const TriangleMesh skirt = skirtOf(mesh, 1.0);
    EXPECT_EQ(skirt.indices.size(), 48U);
    const auto lowest =
        std::ranges::min(skirt.positions, {}, [](const glm::vec3& position) { return position.z; });
    EXPECT_LT(lowest.z, -1.0F); // down the slope as well
    EXPECT_LT(lowest.x, 0.0F);
}

} // namespace
} // namespace pipeline::overview
