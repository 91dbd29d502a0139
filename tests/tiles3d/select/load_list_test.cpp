// What a selection asks for, in which order: the rules of priorities, steps and preloads.

#include "tests/tiles3d/select/coverage.h"
#include "tests/tiles3d/select/quadtree_city.h"
#include "tiles3d/select/select.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tiles3d::select {
namespace {

/// A chain or tree below one file: `levels` levels, each with an error of half its parent's.
tileset::Tile pyramid(double x, double y, double half, double error, int levels) {
    tileset::Tile tile = squareTile(x, y, half, levels == 1 ? 0.0 : error, "tile.glb");
    for (int i = 0; levels > 1 && i < 4; ++i) {
        const double offset = half / 2.0;
        tile.children.push_back(pyramid(x + (i % 2 == 0 ? -offset : offset),
                                        y + (i / 2 == 0 ? -offset : offset),
                                        offset,
                                        error / 2.0,
                                        levels - 1));
    }
    return tile;
}

/// Node 0 has an error of 1024 m over 16 km; leaves 8 levels below it, 62.5 m in half side.
const SelectionTree& deepTree() {
    static const SelectionTree tree(tilesetOf(pyramid(0, 0, 16'000, 1024, 9)), "");
    return tree;
}

const ViewState kDeepView = viewFromAbove(3100, 3100, 400);

double errorOf(std::size_t node) {
    return deepTree().nodes()[node].geometricErrorMetres;
}

/// Loads all that is needed, and calls `see` with every selection on the way.
template <typename See>
std::vector<ContentState> settled(const SelectionTree& tree, const ViewState& view, See see) {
    auto state = allOf(tree, ContentState::Unloaded);
    Selection selection;
    while (true) {
        selection = select(tree, {view}, state, {}, selection);
        see(selection);
        const Nodes needs = needsOf(selection);
        if (needs.empty()) {
            return state;
        }
        state[needs.front()] = ContentState::Ready;
    }
}

std::vector<ContentState> settled(const SelectionTree& tree, const ViewState& view) {
    return settled(tree, view, [](const Selection& /*selection*/) {});
}

TEST(LoadList, deepRequestSkipsLevels) {
    const auto state = settled(deepTree(), kDeepView);
    std::vector<double> errors; // of what was loaded, but not as the final picture
    const Selection last = select(deepTree(), {kDeepView}, state);
    EXPECT_TRUE(last.isComplete);
    std::size_t loaded = 0;
    for (std::size_t node = 0; node < state.size(); ++node) {
        loaded += state[node] == ContentState::Ready ? 1U : 0U;
        if (state[node] == ContentState::Ready && !std::ranges::count(last.render, node)) {
            errors.push_back(errorOf(node));
        }
    }
    EXPECT_LE(15 * loaded, 16 * last.render.size() + 15) << "one more, and one for every fifteen";
    std::ranges::sort(errors, std::greater<>{});
    errors.erase(std::unique(errors.begin(), errors.end()), errors.end());
    EXPECT_EQ(errors, (std::vector<double>{1024.0, 64.0})) << "the wanted ones have 16 m or less";
}

TEST(LoadList, coldStartCoversFirst) {
    std::vector<Nodes> drawn;
    settled(deepTree(), kDeepView, [&](const Selection& selection) {
        if (drawn.empty() || selection.render != drawn.back()) {
            drawn.push_back(selection.render);
        }
    });
    ASSERT_GE(drawn.size(), 4U) << "nothing, the root, the step, the wanted tiles";
    EXPECT_EQ(drawn[0], Nodes{});
    EXPECT_EQ(drawn[1], Nodes{0});
    EXPECT_EQ(errorOf(drawn[2].front()), 64.0);

    const Selection cold =
        select(deepTree(), {kDeepView}, allOf(deepTree(), ContentState::Unloaded));
    EXPECT_EQ(wishesOf(cold, Priority::Urgent), (Nodes{0}));
    EXPECT_TRUE(std::ranges::is_sorted(cold.load, {}, &Wish::priority));
    auto nodes = needsOf(cold);
    std::ranges::sort(nodes);
    EXPECT_TRUE(std::ranges::adjacent_find(nodes) == nodes.end()) << "no node twice";
}

TEST(LoadList, refinedAncestorsArePreloads) {
    const auto state = settled(deepTree(), kDeepView);
    const Selection selection = select(deepTree(), {kDeepView}, state, {.preloadSiblings = false});
    ASSERT_FALSE(selection.load.empty());
    for (const Wish& wish : selection.load) {
        EXPECT_EQ(wish.priority, Priority::Preload);
        EXPECT_FALSE(deepTree().nodes()[wish.node].children.empty());
    }
    EXPECT_TRUE(std::ranges::is_sorted(selection.load, std::greater<>{}, [](const Wish& wish) {
        return errorOf(wish.node);
    })) << "coarse first";
    EXPECT_TRUE(
        select(
            deepTree(), {kDeepView}, state, {.preloadAncestors = false, .preloadSiblings = false})
            .load.empty());
}

TEST(LoadList, culledSiblingsArePreloads) {
    const auto state = settled(deepTree(), kDeepView);
    const Selection selection = select(deepTree(), {kDeepView}, state, {.preloadAncestors = false});
    ASSERT_FALSE(selection.load.empty());
    for (const Wish& wish : selection.load) {
        EXPECT_EQ(wish.priority, Priority::Preload);
        EXPECT_FALSE(seenNodes(deepTree(), {kDeepView})[wish.node]);
    }
    auto more = state;
    more[selection.load.front().node] = ContentState::Ready;
    const Selection later = select(deepTree(), {kDeepView}, more, {.preloadAncestors = false});
    EXPECT_TRUE(std::ranges::count(later.spare, selection.load.front().node));
}

TEST(LoadList, prefetchViewsArePreloads) {
    const auto state = settled(deepTree(), kDeepView);
    const ViewState soon = viewFromAbove(5100, 3100, 1000);
    const Options options{
        .preloadAncestors = false, .preloadSiblings = false, .prefetchViews = {soon}};
    const Selection selection = select(deepTree(), {kDeepView}, state, options);
    Nodes wished;
    for (const Wish& wish : selection.load) {
        EXPECT_EQ(wish.priority, Priority::Preload);
        wished.push_back(wish.node);
    }
    EXPECT_EQ(wished, needsOf(select(deepTree(), {soon}, state))) << "in its own order";
    EXPECT_EQ(selection.render, select(deepTree(), {kDeepView}, state).render);
    EXPECT_FALSE(selection.spare.empty()) << "what is ready for it is kept";
}

TEST(LoadList, foveationOnlyReorders) {
    ViewState turned = kDeepView;
    turned.up = {1, 0, 0};
    const auto cold = allOf(deepTree(), ContentState::Unloaded);
    auto needs = needsOf(select(deepTree(), {kDeepView}, cold));
    auto turnedNeeds = needsOf(select(deepTree(), {turned}, cold));
    std::ranges::sort(needs);
    std::ranges::sort(turnedNeeds);
    EXPECT_EQ(needs, turnedNeeds);
}

/// VIEWER rule 7 lets the parent load first when more than 20 descendants wait. The steps do that
/// here, always: what is drawn on the way does not depend on a count of waiting loads.
TEST(LoadList, manyWaitingLoadsParentFirst) {
    const auto cold = allOf(deepTree(), ContentState::Unloaded);
    const Selection selection = select(deepTree(), {kDeepView}, cold);
    const Nodes normal = wishesOf(selection, Priority::Normal);
    ASSERT_GT(normal.size(), 20U);
    const auto isStep = [](std::size_t node) { return errorOf(node) == 64.0; };
    EXPECT_TRUE(std::ranges::is_partitioned(normal, isStep));
    EXPECT_TRUE(isStep(normal.front()));
}

/// VIEWER rule 12 loads every culled child as a need. Ours needs the steps only, some per cent of
/// the tiles instead of half of them; a place that comes into view falls back to its step.
TEST(LoadList, forbidHolesLoadsSteps) {
    auto state = settled(deepTree(), kDeepView);
    Nodes steps;
    for (std::size_t node = 0; node < state.size(); ++node) {
        if (state[node] == ContentState::Ready && errorOf(node) >= 64.0) {
            steps.push_back(node);
            state[node] = ContentState::Unloaded;
        }
    }
    ASSERT_GT(steps.size(), 1U);
    const Selection selection = select(deepTree(), {kDeepView}, state);
    EXPECT_TRUE(selection.isComplete) << "no detail is withheld for a fallback";
    auto needs = needsOf(selection);
    std::ranges::sort(needs);
    EXPECT_EQ(needs, steps);
    EXPECT_TRUE(needsOf(select(deepTree(), {kDeepView}, state, {.forbidHoles = false})).empty());
}

/// A root (node 0) over west (1, its leaves 3 to 6) and east (2, its leaves 7 to 10).
SelectionTree twoHalves() {
    tileset::Tile root = squareTile(0, 0, 1000, 400, "root.glb");
    root.children = {pyramid(-500, 0, 500, 100, 2), pyramid(500, 0, 500, 100, 2)};
    return {tilesetOf(root), ""};
}

TEST(LoadList, lostDetailIsUrgent) {
    const SelectionTree tree = twoHalves();
    auto state = allOf(tree, ContentState::Unloaded);
    for (const std::size_t node : {0U, 3U, 4U, 5U, 6U}) {
        state[node] = ContentState::Ready;
    }
    const ViewState west = viewFromAbove(-700, 0, 300);
    const ViewState both = viewFromAbove(-200, 0, 300);
    const Selection before = select(tree, {west}, state);
    EXPECT_TRUE(before.isComplete);
    const Selection turned = select(tree, {both}, state, {}, before);
    EXPECT_EQ(turned.render, (Nodes{0}));
    EXPECT_EQ(turned.hold, (Nodes{3, 4, 5, 6})) << "kept, to be drawn again";
    EXPECT_EQ(turned.kicked, 4U);
    EXPECT_EQ(wishesOf(turned, Priority::Urgent), (Nodes{2})) << "brings the west back soonest";
    const Selection next = select(tree, {both}, state, {}, turned);
    EXPECT_EQ(wishesOf(next, Priority::Urgent), (Nodes{2})) << "until it is there";
    EXPECT_TRUE(wishesOf(select(tree, {both}, state), Priority::Urgent).empty())
        << "a cold start loses nothing";
    state[2] = ContentState::Ready;
    EXPECT_EQ(select(tree, {both}, state, {}, next).render, (Nodes{2, 3, 4, 5, 6}));
}

/// VIEWER rule 9 remembers which tiles count as drawn. Ours remembers the tiles drawn themselves:
/// after zooming out and in again the same finer tiles are there.
TEST(LoadList, descendantsCountAsDrawn) {
    const SelectionTree tree = twoHalves();
    auto state = allOf(tree, ContentState::Ready);
    const ViewState near = viewFromAbove(0, 0, 300);
    const ViewState far = viewFromAbove(0, 0, 100'000);
    const Selection out = select(tree, {far}, state, {}, select(tree, {near}, state));
    EXPECT_EQ(out.render, (Nodes{0}));
    state[4] = ContentState::Unloaded;
    const Selection in = select(tree, {near}, state, {}, out);
    EXPECT_EQ(in.render, (Nodes{1, 7, 9})) << "only the west waits for its missing leaf";
    EXPECT_TRUE(wishesOf(in, Priority::Urgent).empty()) << "nothing finer was there a frame ago";
    EXPECT_EQ(wishesOf(in, Priority::Normal), (Nodes{4}));
}

TEST(LoadList, noLoadBelowGoodAncestor) {
    const SelectionTree tree = twoHalves();
    auto state = allOf(tree, ContentState::Unloaded);
    const ViewState view = viewFromAbove(0, 0, 4000); // 50 pixels at the root, 12 at the halves
    EXPECT_EQ(needsOf(select(tree, {view}, state)), (Nodes{0, 1, 2}));
    state[3] = ContentState::Ready; // a part of a half does not stand in for it
    EXPECT_EQ(needsOf(select(tree, {view}, state)), (Nodes{0, 1, 2}));
}

TEST(LoadList, failedInnerTileIsPassedThrough) {
    const SelectionTree tree = twoHalves();
    auto state = allOf(tree, ContentState::Unloaded);
    state[0] = ContentState::Failed;
    state[1] = ContentState::Failed;
    const ViewState view = viewFromAbove(0, 0, 4000);
    EXPECT_EQ(needsOf(select(tree, {view}, state)).size(), 5U) << "its leaves, and the other half";
    state[2] = ContentState::Ready;
    for (const std::size_t leaf : {3U, 4U, 5U, 6U}) {
        state[leaf] = ContentState::Ready;
    }
    const Selection selection = select(tree, {view}, state);
    EXPECT_EQ(selection.render, (Nodes{2, 3, 4, 5, 6}));
    EXPECT_TRUE(selection.isComplete);
}

TEST(LoadList, externalTilesetsComeBeforeWantedTiles) {
    FakeViewer viewer;
    viewer.state[0] = ContentState::Ready;
    const Selection selection = viewer.select(viewFromAbove(1000, 1000, 700));
    const Nodes normal = wishesOf(selection, Priority::Normal);
    ASSERT_FALSE(normal.empty());
    EXPECT_FALSE(viewer.tree.nodes()[normal.front()].externalUri.empty());
}

} // namespace
} // namespace tiles3d::select
