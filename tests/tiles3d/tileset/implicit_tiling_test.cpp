#include "tiles3d/tileset/implicit_tiling.h"

#include <gtest/gtest.h>

#include <random>

namespace tiles3d::tileset {
namespace {

TEST(ImplicitTiling, mortonIndexInterleavesAsTheSpecificationSays) {
    // 3D Tiles 1.1, appendix "Availability Indexing": the examples of interleaveBits(x, y, z).
    EXPECT_EQ(mortonIndex(Subdivision::Quadtree, {2, 0b11, 0b00}), 0b0101U);
    EXPECT_EQ(mortonIndex(Subdivision::Quadtree, {4, 0b1010, 0b0011}), 0b01001110U);
    EXPECT_EQ(mortonIndex(Subdivision::Quadtree, {4, 0b0110, 0b0101}), 0b00110110U);
    EXPECT_EQ(mortonIndex(Subdivision::Octree, {3, 0b001, 0b010, 0b100}), 0b100010001U);
    EXPECT_EQ(mortonIndex(Subdivision::Octree, {3, 0b111, 0b000, 0b111}), 0b101101101U);
    EXPECT_EQ(mortonIndex(Subdivision::Quadtree, {1, 1, 0}), 1U);
    EXPECT_EQ(mortonIndex(Subdivision::Quadtree, {1, 0, 1}), 2U);
}

TEST(ImplicitTiling, levelsCountAsTheSpecificationSays) {
    // "Availability Bitstream Lengths": (N^levels - 1) / (N - 1), and N^levels.
    EXPECT_EQ(tilesAbove(Subdivision::Quadtree, 0), 0U);
    EXPECT_EQ(tilesAbove(Subdivision::Quadtree, 1), 1U);
    EXPECT_EQ(tilesAbove(Subdivision::Quadtree, 3), 21U);
    EXPECT_EQ(tilesAbove(Subdivision::Octree, 3), 73U);
    EXPECT_EQ(tilesOfLevel(Subdivision::Quadtree, 3), 64U);
    EXPECT_EQ(tilesOfLevel(Subdivision::Octree, 2), 64U);
}

TEST(ImplicitTiling, childrenFollowTheirParentsMortonIndex) {
    constexpr unsigned kSeed = 11;
    std::mt19937 random(kSeed);
    for (const Subdivision subdivision : {Subdivision::Quadtree, Subdivision::Octree}) {
        const auto count = static_cast<std::uint32_t>(childrenPerTile(subdivision));
        for (int round = 0; round < 200; ++round) {
            TileCoordinates tile;
            std::uint64_t index = 0;
            for (int level = 0; level < 12; ++level) {
                const std::uint32_t child = static_cast<std::uint32_t>(random()) % count;
                tile = childOf(tile, child);
                index = index * count + child;
                ASSERT_EQ(mortonIndex(subdivision, tile), index) << "seed " << kSeed;
            }
        }
    }
}

TEST(ImplicitTiling, tilesKnowTheirSubtree) {
    const ImplicitTiling tiling{
        .subtreeLevels = 3, .availableLevels = 9, .subtreesUri = "s/{level}/{x}/{y}.subtree"};
    const TileCoordinates tile{7, 100, 37};
    const TileCoordinates root = subtreeRootOf(tiling, tile);
    EXPECT_EQ(root, (TileCoordinates{6, 50, 18}));
    EXPECT_EQ(relativeTo(root, tile), (TileCoordinates{1, 0, 1}));
    EXPECT_EQ(subtreeRootOf(tiling, root), root);
    EXPECT_EQ(subtreeRootOf(tiling, {2, 3, 1}), TileCoordinates{});
}

TEST(ImplicitTiling, templatesAreFilledIn) {
    EXPECT_EQ(fillTemplate("a/{level}/{x}/{y}.glb?z={z}&l={level}", {12, 3000, 4, 5}),
              "a/12/3000/4.glb?z=5&l=12");
    EXPECT_EQ(fillTemplate("{w}{x", {1, 1, 1}), "{w}{x");
    EXPECT_EQ(subtreeUri({.subtreesUri = "{level}-{x}-{y}", .subtreeRoot = {3, 2, 1}}), "3-2-1");
}

TEST(ImplicitTiling, limitsAreChecked) {
    const auto problemsWith = [](const auto& spoil) {
        ImplicitTiling tiling{
            .subtreeLevels = 4, .availableLevels = 9, .subtreesUri = "{level}/{x}/{y}"};
        spoil(tiling);
        return problemsOf(tiling).size();
    };
    EXPECT_EQ(problemsWith([](ImplicitTiling&) {}), 0U);
    EXPECT_EQ(problemsWith([](ImplicitTiling& t) { t.subtreeLevels = 0; }), 1U);
    EXPECT_EQ(problemsWith([](ImplicitTiling& t) { t.subtreeLevels = 10; }), 1U);
    EXPECT_EQ(problemsWith([](ImplicitTiling& t) { t.availableLevels = 0; }), 1U);
    EXPECT_EQ(problemsWith([](ImplicitTiling& t) { t.availableLevels = 33; }), 1U);
    EXPECT_EQ(problemsWith([](ImplicitTiling& t) { t.subtreesUri = "{level}/{x}"; }), 1U);
    EXPECT_EQ(problemsWith([](ImplicitTiling& t) { t.subdivision = Subdivision::Octree; }), 1U);
}

} // namespace
} // namespace tiles3d::tileset
