#include "tiles3d/select/select.h"

#include "tests/tiles3d/select/tree_fixture.h"
#include "tiles3d/geo/ellipsoid.h"

#include <glm/gtc/matrix_transform.hpp>
#include <gtest/gtest.h>

#include <cmath>

namespace tiles3d::select {
namespace {

/// A root (node 0, error 100 m) over four quarters (1 south-west, 2 south-east, 3 north-west,
/// 4 north-east; error 0) of a square of 2 km.
tileset::Tile rootWithQuarters(tileset::Refine refine = tileset::Refine::Replace) {
    tileset::Tile root = squareTile(0, 0, 1000, 100, "root.glb");
    root.refine = refine;
    for (const double y : {-500.0, 500.0}) {
        for (const double x : {-500.0, 500.0}) {
            root.children.push_back(squareTile(x, y, 500, 0, "leaf.glb"));
            root.children.back().refine = refine;
        }
    }
    return root;
}

SelectionTree quartersTree(tileset::Refine refine = tileset::Refine::Replace) {
    return {tilesetOf(rootWithQuarters(refine)), "city/tileset.json"};
}

const ViewState kFarView = viewFromAbove(0, 0, 20'000);       // the root covers 2.5 pixels of error
const ViewState kNearView = viewFromAbove(0, 0, 1'100);       // 50 pixels
const ViewState kCornerView = viewFromAbove(-700, -700, 300); // sees node 1 only

TEST(Select, cullsByEveryView) {
    const SelectionTree tree = quartersTree();
    const auto state = allOf(tree, ContentState::Ready);
    EXPECT_EQ(select(tree, {kCornerView}, state).render, (Nodes{1}));
    const ViewState opposite = viewFromAbove(700, 700, 300);
    EXPECT_EQ(select(tree, {kCornerView, opposite}, state).render, (Nodes{1, 4}));

    ViewState skywards = kNearView;
    skywards.direction = {0, 0, 1};
    const Selection none = select(tree, {skywards}, state);
    EXPECT_TRUE(none.render.empty());
    EXPECT_EQ(none.culled, 1U);
    EXPECT_TRUE(none.isComplete);
    EXPECT_TRUE(select(tree, {}, state).isComplete) << "no view needs nothing";
}

TEST(Select, cullsByChildrenWhereTheParentIsLoose) {
    tileset::Tile root = squareTile(0, 0, 5000, 100, "root.glb");
    root.children.push_back(squareTile(0, 0, 100, 0, "leaf.glb"));
    const auto render = [&root] {
        const SelectionTree tree(tilesetOf(root), "");
        return select(tree, {viewFromAbove(3000, 3000, 1000)}, allOf(tree, ContentState::Ready))
            .render.size();
    };
    EXPECT_EQ(render(), 0U) << "the view is over the root's box, but over no child's";
    root.children[0].contents.clear(); // always refines: its box says nothing
    root.geometricErrorMetres = 0.0;
    EXPECT_EQ(render(), 1U);
}

TEST(Select, sseFromClosestPoint) {
    // The box's top is at z = 100; the eye 1000 m above it: 500 * e / 1000 pixels.
    tileset::Tile root = squareTile(0, 0, 1000, 32.0, "root.glb");
    root.children.push_back(squareTile(0, 0, 1000, 0, "leaf.glb"));
    const auto render = [&root](double height) {
        const SelectionTree tree(tilesetOf(root), "");
        return select(tree, {viewFromAbove(0, 0, height)}, allOf(tree, ContentState::Ready)).render;
    };
    EXPECT_EQ(render(100 + 999.9), (Nodes{1}));
    EXPECT_EQ(render(100 + 1000.1), (Nodes{0}));
    root.transform = glm::scale(glm::dmat4(1.0), glm::dvec3(1.0, 3.0, 1.0));
    EXPECT_EQ(render(100 + 2999.9), (Nodes{1})) << "the error grows with the transform";
    EXPECT_EQ(render(100 + 3000.1), (Nodes{0}));
}

TEST(Select, sseOfSphereAndRegion) {
    tileset::Tile root = squareTile(0, 0, 1000, 32.0, "root.glb");
    root.boundingVolume = tileset::Sphere{glm::dvec3(0.0), 100.0};
    root.children.push_back(squareTile(0, 0, 50, 0, "leaf.glb"));
    const SelectionTree sphere(tilesetOf(root), "");
    const auto state = allOf(sphere, ContentState::Ready);
    EXPECT_EQ(select(sphere, {viewFromAbove(0, 0, 1099.9)}, state).render, (Nodes{1}));
    EXPECT_EQ(select(sphere, {viewFromAbove(0, 0, 1100.1)}, state).render, (Nodes{0}));

    const auto degrees = [](double value) { return geo::Angle::degrees(value); };
    root.boundingVolume =
        tileset::Region{degrees(-0.01), degrees(-0.01), degrees(0.01), degrees(0.01), 0, 100};
    root.children[0].boundingVolume = root.boundingVolume;
    const SelectionTree region(tilesetOf(root), "");
    ViewState view = viewFromAbove(geo::kSemiMajorMetres + 1099, 0, 0); // over lon 0, lat 0
    view.direction = {-1, 0, 0};
    EXPECT_EQ(select(region, {view}, state).render, (Nodes{1}));
    view.positionEcef.x += 2;
    EXPECT_EQ(select(region, {view}, state).render, (Nodes{0}));
    view.direction = {1, 0, 0};
    EXPECT_TRUE(select(region, {view}, state).render.empty());
}

TEST(Select, sseIsTheLargestOverTheViews) {
    const SelectionTree tree = quartersTree();
    const auto state = allOf(tree, ContentState::Ready);
    EXPECT_EQ(select(tree, {kFarView}, state).render, (Nodes{0}));
    EXPECT_EQ(select(tree, {kFarView, kNearView}, state).render, (Nodes{1, 2, 3, 4}));
}

TEST(Select, refinesAtOrAboveLimit) {
    tileset::Tile root = squareTile(0, 0, 1000, 32.0, "root.glb");
    root.boundingVolume = tileset::Sphere{glm::dvec3(0.0), 100.0};
    root.children.push_back(squareTile(0, 0, 50, 0, "leaf.glb"));
    const SelectionTree tree(tilesetOf(root), "");
    const auto state = allOf(tree, ContentState::Ready);
    const ViewState view = viewFromAbove(0, 0, 1100);
    const double pixels = 32.0 * 1000.0 / (2.0 * std::tan(view.verticalFovRadians / 2.0)) / 1000.0;
    const auto render = [&](double limit) {
        return select(tree, {view}, state, {.maxScreenSpaceErrorPixels = limit}).render;
    };
    EXPECT_EQ(render(pixels * (1.0 - 1e-12)), (Nodes{1}));
    EXPECT_EQ(render(pixels * (1.0 + 1e-12)), (Nodes{0}));
}

TEST(Select, alwaysRefines) {
    tileset::Tile root = rootWithQuarters();
    root.contents.clear();
    const SelectionTree empty(tilesetOf(root), "");
    auto state = allOf(empty, ContentState::Ready);
    EXPECT_EQ(select(empty, {kFarView}, state).render, (Nodes{1, 2, 3, 4}));

    // A tile as coarse as its parent is passed through once the parent has been refined.
    tileset::Tile coarse = squareTile(0, 0, 1000, 100, "root.glb");
    coarse.children.push_back(squareTile(0, 0, 10, 100, "same.glb"));
    coarse.children[0].children.push_back(squareTile(0, 0, 10, 0, "leaf.glb"));
    const SelectionTree same(tilesetOf(coarse), "");
    EXPECT_TRUE(same.nodes()[1].alwaysRefines);
    const ViewState view = viewFromAbove(900, 900, 3500);
    EXPECT_EQ(select(same, {view}, state).render, (Nodes{0}));
    const ViewState closer = viewFromAbove(900, 900, 3000);
    EXPECT_EQ(select(same, {closer}, state).render, (Nodes{2}));
}

TEST(Select, leafIsDrawn) {
    const SelectionTree tree(tilesetOf(squareTile(0, 0, 10, 1000, "only.glb")), "");
    const Selection before = select(tree, {kNearView}, {ContentState::Unloaded});
    EXPECT_EQ(needsOf(before), (Nodes{0}));
    EXPECT_FALSE(before.isComplete);
    const Selection after = select(tree, {kNearView}, {ContentState::Ready});
    EXPECT_EQ(after.render, (Nodes{0}));
    EXPECT_TRUE(after.load.empty());
    EXPECT_TRUE(after.isComplete);
}

TEST(Select, kicksUnreadyDescendants) {
    const SelectionTree tree = quartersTree();
    auto state = allOf(tree, ContentState::Ready);
    state[3] = ContentState::Unloaded;
    const Selection held = select(tree, {kNearView}, state);
    EXPECT_EQ(held.render, (Nodes{0})) << "the parent stays until all four are there";
    EXPECT_EQ(needsOf(held), (Nodes{3})) << "and the missing one is still loaded";
    EXPECT_FALSE(held.isComplete);

    state[0] = ContentState::Unloaded;
    const Selection bare = select(tree, {kNearView}, state);
    EXPECT_EQ(bare.render, (Nodes{1, 2, 4})) << "nothing can stand in, so what there is is shown";
    EXPECT_EQ(needsOf(bare), (Nodes{0, 3})) << "the stand-in first";

    state = allOf(tree, ContentState::Ready);
    state[4] = ContentState::Unloaded;
    EXPECT_EQ(select(tree, {kCornerView}, state).render, (Nodes{1})) << "4 is out of sight";
}

TEST(Select, zoomOutKeepsDetail) {
    const SelectionTree tree = quartersTree();
    auto state = allOf(tree, ContentState::Ready);
    state[0] = ContentState::Unloaded;
    const Selection kept = select(tree, {kFarView}, state);
    EXPECT_EQ(kept.render, (Nodes{1, 2, 3, 4}));
    EXPECT_EQ(wishesOf(kept, Priority::Urgent), (Nodes{0}));
    EXPECT_FALSE(kept.isComplete);
    state[2] = ContentState::Failed;
    EXPECT_EQ(select(tree, {kFarView}, state).render, (Nodes{1, 3, 4}));
}

TEST(Select, failedIsEmpty) {
    const SelectionTree tree = quartersTree();
    auto state = allOf(tree, ContentState::Ready);
    state[2] = ContentState::Failed;
    const Selection holed = select(tree, {kNearView}, state);
    EXPECT_EQ(holed.render, (Nodes{1, 3, 4}));
    EXPECT_TRUE(holed.load.empty());
    EXPECT_TRUE(holed.isComplete);
    const Selection nothing = select(tree, {kNearView}, allOf(tree, ContentState::Failed));
    EXPECT_TRUE(nothing.render.empty());
    EXPECT_TRUE(nothing.isComplete);
}

TEST(Select, parentStaysWhereAllBelowItFailed) {
    const SelectionTree tree = quartersTree();
    auto state = allOf(tree, ContentState::Failed);
    state[0] = ContentState::Ready;
    EXPECT_EQ(select(tree, {kNearView}, state).render, (Nodes{0}));
    EXPECT_TRUE(select(tree, {kNearView}, state).isComplete);
    state[3] = ContentState::Ready;
    EXPECT_EQ(select(tree, {kNearView}, state).render, (Nodes{3})) << "it blocks nobody";
    state[3] = ContentState::Failed;
    state[0] = ContentState::Unloaded;
    const Selection bare = select(tree, {kNearView}, state);
    EXPECT_EQ(needsOf(bare), (Nodes{0})) << "then it is what the view needs";
    EXPECT_FALSE(bare.isComplete);
}

TEST(Select, parentStaysWhereItsExternalTilesetFailed) {
    tileset::Tile root = squareTile(0, 0, 100, 100, "coarse.glb");
    root.children.push_back(squareTile(0, 0, 100, 50, "middle.glb"));
    root.children[0].children.push_back(squareTile(0, 0, 100, 25, "fine.json"));
    const SelectionTree tree(tilesetOf(root), "");
    std::vector<ContentState> state = allOf(tree, ContentState::Ready);
    state[2] = ContentState::Failed;
    const ViewState view = viewFromAbove(0, 0, 200);
    EXPECT_EQ(select(tree, {view}, state).render, (Nodes{1}));
    state[1] = ContentState::Failed;
    EXPECT_EQ(select(tree, {view}, state).render, (Nodes{0}));
    state[1] = ContentState::Unloaded;
    const Selection waiting = select(tree, {view}, state);
    EXPECT_EQ(waiting.render, (Nodes{0})) << "until the nearest one is there";
    EXPECT_EQ(needsOf(waiting), (Nodes{1}));
    EXPECT_TRUE(select(tree, {view}, allOf(tree, ContentState::Failed)).isComplete);
}

TEST(Select, additiveKeepsParent) {
    const SelectionTree tree = quartersTree(tileset::Refine::Add);
    auto state = allOf(tree, ContentState::Ready);
    EXPECT_EQ(select(tree, {kNearView}, state).render, (Nodes{0, 1, 2, 3, 4}));
    EXPECT_EQ(select(tree, {kFarView}, state).render, (Nodes{0}));
    state[3] = ContentState::Unloaded;
    const Selection some = select(tree, {kNearView}, state);
    EXPECT_EQ(some.render, (Nodes{0, 1, 2, 4}));
    EXPECT_EQ(needsOf(some), (Nodes{3}));
}

TEST(Select, emptyLeafCountsAsDrawn) {
    tileset::Tile root = rootWithQuarters();
    root.children[1].contents.clear();
    const SelectionTree tree(tilesetOf(root), "");
    auto state = allOf(tree, ContentState::Ready);
    state[2] = ContentState::Unloaded; // what is said of a node without content does not matter
    EXPECT_EQ(select(tree, {kNearView}, state).render, (Nodes{1, 3, 4}));
    EXPECT_TRUE(select(tree, {kNearView}, state).isComplete);
}

TEST(Select, priorityOrder) {
    const SelectionTree tree = quartersTree();
    ViewState view = viewFromAbove(500, 490, 2000); // over the middle of node 4
    const Selection cold = select(tree, {view}, allOf(tree, ContentState::Unloaded));
    ASSERT_EQ(cold.load.size(), 5U);
    EXPECT_EQ(cold.load.front().priority, Priority::Urgent);
    EXPECT_EQ(needsOf(cold), (Nodes{0, 4, 2, 3, 1}));
}

TEST(Select, viewerRequestVolumeHidesFromOutside) {
    tileset::Tile root = squareTile(0, 0, 100, 0, "room.glb");
    root.viewerRequestVolume = tileset::Sphere{glm::dvec3(0.0), 500.0};
    const SelectionTree tree(tilesetOf(root), "");
    EXPECT_EQ(select(tree, {viewFromAbove(0, 0, 499)}, {ContentState::Ready}).render, (Nodes{0}));
    EXPECT_TRUE(select(tree, {viewFromAbove(0, 0, 501)}, {ContentState::Ready}).render.empty());
}

TEST(Select, oddViewsAreNoDanger) {
    const SelectionTree tree = quartersTree();
    const auto state = allOf(tree, ContentState::Ready);
    ViewState parallelUp = kNearView;
    parallelUp.up = parallelUp.direction;
    EXPECT_EQ(select(tree, {parallelUp}, state).render, (Nodes{1, 2, 3, 4}));
    ViewState inside = viewFromAbove(0, 0, 0); // inside the root's box: as near as can be
    EXPECT_FALSE(select(tree, {inside}, state).render.empty());
}

TEST(Select, sameArgumentsSameAnswer) {
    const SelectionTree tree = quartersTree();
    const auto state = allOf(tree, ContentState::Unloaded);
    const Selection a = select(tree, {kNearView, kCornerView}, state);
    const Selection b = select(tree, {kNearView, kCornerView}, state);
    EXPECT_EQ(a.load, b.load);
    EXPECT_EQ(a.visited, b.visited);
}

} // namespace
} // namespace tiles3d::select
