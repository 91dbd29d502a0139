#include "tests/tiles3d/select/tree_fixture.h"
#include "tiles3d/select/select.h"
#include "tiles3d/tileset/subtree.h"

#include <glm/gtc/matrix_transform.hpp>
#include <gtest/gtest.h>

namespace tiles3d::select {
namespace {

TEST(SelectionTree, resolvesUrisAndTransforms) {
    tileset::Tile root = squareTile(0, 0, 100, 10, "");
    root.transform = glm::translate(glm::dmat4(1.0), glm::dvec3(5, 0, 0));
    root.children.push_back(squareTile(1, 2, 10, 1, "a%20b/tile.glb?v=1"));
    root.children[0].transform = glm::scale(glm::dmat4(1.0), glm::dvec3(2.0));
    const SelectionTree tree(tilesetOf(root), "http://host/city/tileset.json");

    ASSERT_EQ(tree.nodes().size(), 2U);
    const Node& child = tree.nodes()[1];
    EXPECT_EQ(child.contentUris, (std::vector<std::string>{"http://host/city/a%20b/tile.glb?v=1"}));
    EXPECT_EQ(child.parent, 0);
    EXPECT_EQ(child.depth, 1U);
    EXPECT_DOUBLE_EQ(child.geometricErrorMetres, 2.0);
    EXPECT_EQ(std::get<tileset::Box>(child.volumeEcef).centre, glm::dvec3(7, 4, 0));
}

TEST(SelectionTree, attachesBelowTheTileThatNamesIt) {
    tileset::Tile root = squareTile(0, 0, 100, 10, "blocks/one.json");
    root.transform = glm::translate(glm::dmat4(1.0), glm::dvec3(5, 0, 0));
    SelectionTree tree(tilesetOf(root), "city/tileset.json");
    EXPECT_EQ(tree.nodes()[0].externalUri, "city/blocks/one.json");
    EXPECT_TRUE(tree.nodes()[0].contentUris.empty());
    tree.attach(0, tilesetOf(squareTile(0, 0, 100, 10, "top.glb")));
    ASSERT_EQ(tree.nodes().size(), 2U);
    EXPECT_TRUE(tree.nodes()[0].externalAttached);
    EXPECT_EQ(tree.nodes()[0].children, (Nodes{1}));
    EXPECT_EQ(tree.nodes()[1].contentUris.front(), "city/blocks/top.glb");
    EXPECT_EQ(std::get<tileset::Box>(tree.nodes()[1].volumeEcef).centre.x, 5.0);
}

TEST(SelectionTree, externalBesideContentBecomesAnAdditiveChild) {
    tileset::Tile root = squareTile(0, 0, 100, 10, "a.glb");
    root.contents.push_back({"b.json", {}});
    root.contents.push_back({"c.json", {}});
    SelectionTree tree(tilesetOf(root), "");
    ASSERT_EQ(tree.nodes().size(), 3U);
    EXPECT_EQ(tree.nodes()[0].refine, tileset::Refine::Add);
    EXPECT_EQ(tree.nodes()[1].externalUri, "b.json");
    EXPECT_EQ(tree.nodes()[2].externalUri, "c.json");
    tree.attach(1, tilesetOf(squareTile(0, 0, 100, 0, "d.glb")));
    std::vector<ContentState> state = allOf(tree, ContentState::Ready);
    const Selection shown = select(tree, {viewFromAbove(0, 0, 50'000)}, state);
    EXPECT_EQ(shown.render, (Nodes{0, 3})) << "all contents of a tile are drawn together";
    EXPECT_EQ(needsOf(shown), (Nodes{2}));
}

TEST(SelectionTree, subtreesAreExternalTilesetsOfAnotherKind) {
    tileset::Tile root = squareTile(0, 0, 100, 10, "tiles/{level}-{x}-{y}.glb");
    root.transform = glm::translate(glm::dmat4(1.0), glm::dvec3(5, 0, 0));
    root.implicitTiling = tileset::ImplicitTiling{
        .subtreeLevels = 1, .availableLevels = 2, .subtreesUri = "sub/{level}-{x}-{y}.subtree"};
    SelectionTree tree(tilesetOf(root), "city/tileset.json");
    const auto attach = [&tree](std::size_t node) {
        const tileset::Tile& tile = tree.nodes()[node].subtree->tile;
        const auto subtree = tileset::readSubtree(base::asBytes(R"({
            "tileAvailability":{"constant":1},"contentAvailability":[{"constant":1}],
            "childSubtreeAvailability":{"constant":1}})"),
                                                  *tile.implicitTiling);
        tree.attach(node, tilesetOf(tileset::expandSubtree(tile, *subtree)));
    };
    ASSERT_EQ(tree.nodes().size(), 1U);
    EXPECT_EQ(tree.nodes()[0].externalUri, "city/sub/0-0-0.subtree");
    EXPECT_TRUE(tree.nodes()[0].contentUris.empty());
    EXPECT_TRUE(tree.nodes()[0].alwaysRefines);
    attach(0);
    ASSERT_EQ(tree.nodes().size(), 6U) << "the root tile and four subtrees below it";
    EXPECT_EQ(tree.nodes()[1].contentUris.front(), "city/tiles/0-0-0.glb");
    EXPECT_EQ(std::get<tileset::Box>(tree.nodes()[1].volumeEcef).centre.x, 5.0);
    EXPECT_EQ(tree.nodes()[4].externalUri, "city/sub/1-0-1.subtree");
    attach(4);
    ASSERT_EQ(tree.nodes().size(), 7U);
    const Node& tile = tree.nodes()[6];
    EXPECT_EQ(tile.parent, 4);
    EXPECT_EQ(tile.contentUris.front(), "city/tiles/1-0-1.glb");
    EXPECT_EQ(std::get<tileset::Box>(tile.volumeEcef).centre, glm::dvec3(-45, 50, 0));
    EXPECT_EQ(tile.geometricErrorMetres, 5.0);
    EXPECT_TRUE(tree.warnings().empty());
}

TEST(SelectionTree, upAxisIsThatOfEachFile) {
    tileset::Tile root = squareTile(0, 0, 100, 10, "a.glb");
    root.children.push_back(squareTile(0, 0, 100, 5, "b.json"));
    tileset::Tileset old = tilesetOf(root);
    old.gltfUpAxis = mesh::UpAxis::Z;
    SelectionTree tree(old, "");
    tree.attach(1, tilesetOf(squareTile(0, 0, 100, 5, "c.glb")));
    EXPECT_EQ(tree.nodes()[0].gltfUpAxis, mesh::UpAxis::Z);
    EXPECT_EQ(tree.nodes()[2].gltfUpAxis, mesh::UpAxis::Y);

    tileset::Tile implicit = squareTile(0, 0, 100, 10, "{level}-{x}-{y}.glb");
    implicit.implicitTiling = tileset::ImplicitTiling{};
    old.root = implicit;
    SelectionTree grown(old, "");
    grown.attach(0, tilesetOf(squareTile(0, 0, 100, 10, "0-0-0.glb")));
    EXPECT_EQ(grown.nodes()[1].gltfUpAxis, mesh::UpAxis::Z) << "a subtree says nothing of it";
}

TEST(SelectionTree, tilesetInsideItselfIsLeftOut) {
    SelectionTree tree(tilesetOf(squareTile(0, 0, 100, 10, "b.json")), "a.json");
    tree.attach(0, tilesetOf(squareTile(0, 0, 100, 10, "a.json")));
    ASSERT_EQ(tree.nodes().size(), 2U);
    EXPECT_TRUE(tree.nodes()[1].externalUri.empty());
    ASSERT_EQ(tree.warnings().size(), 1U);
    EXPECT_NE(tree.warnings()[0].find("a.json: left out, it contains itself"), std::string::npos);

    SelectionTree narcissus(tilesetOf(squareTile(0, 0, 100, 10, "a.json")), "a.json");
    EXPECT_TRUE(narcissus.nodes()[0].externalUri.empty());
    EXPECT_TRUE(select(narcissus, {viewFromAbove(0, 0, 500)}, {ContentState::Unloaded}).isComplete);
}

TEST(SelectionTree, endlessChainOfTilesetsEnds) {
    SelectionTree tree(tilesetOf(squareTile(0, 0, 100, 10, "0.json")), "tileset.json");
    const ViewState view = viewFromAbove(0, 0, 500);
    std::size_t attached = 0;
    for (; attached < 2 * kMaxTreeDepth; ++attached) {
        const Selection wanted = select(tree, {view}, allOf(tree, ContentState::Unloaded));
        if (wanted.load.empty()) {
            break;
        }
        const std::string next = std::to_string(attached + 1) + ".json";
        tree.attach(wanted.load.front().node, tilesetOf(squareTile(0, 0, 100, 10, next)));
    }
    EXPECT_EQ(attached, kMaxTreeDepth);
    EXPECT_EQ(tree.warnings().size(), 1U);
}

TEST(SelectionTree, tooDeepTilesAreLeftOut) {
    tileset::Tile tile = squareTile(0, 0, 100, 0, "leaf.glb");
    for (std::size_t i = 0; i < kMaxTreeDepth + 5; ++i) {
        tileset::Tile above = squareTile(0, 0, 100, 0, "inner.glb");
        above.children.push_back(std::move(tile));
        tile = std::move(above);
    }
    const SelectionTree tree(tilesetOf(std::move(tile)), "deep.json");
    EXPECT_EQ(tree.nodes().size(), kMaxTreeDepth + 1);
    EXPECT_EQ(tree.warnings().size(), 1U);
}

} // namespace
} // namespace tiles3d::select
