// A viewer's loop with a fake loader over a synthetic city: select, load what is asked for, repeat.

#include "tests/tiles3d/select/tree_fixture.h"
#include "tiles3d/select/select.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>

namespace tiles3d::select {
namespace {

constexpr double kCityHalfMetres = 8000.0;
constexpr int kFileLevels = 2; ///< Levels of a quadtree in one tileset file.
constexpr int kLevels = 6;     ///< Of the whole city; the last are the leaves.

/// "L_X_Y": level, column and row of a quadtree over the city.
struct Cell {
    int level = 0;
    int x = 0;
    int y = 0;

    std::string name() const {
        return std::to_string(level) + "_" + std::to_string(x) + "_" + std::to_string(y);
    }
    double half() const { return kCityHalfMetres / std::pow(2.0, level); }
    Cell child(int i) const { return {level + 1, 2 * x + i % 2, 2 * y + i / 2}; }
};

tileset::Tile tileOf(const Cell& cell, const std::string& uri) {
    const double half = cell.half();
    const double error = cell.level == kLevels - 1 ? 0.0 : half / 20.0;
    return squareTile(-kCityHalfMetres + (2 * cell.x + 1) * half,
                      -kCityHalfMetres + (2 * cell.y + 1) * half,
                      half,
                      error,
                      uri);
}

/// Tiles of one file: kFileLevels with content, then tiles that name the files below.
tileset::Tile quadtree(const Cell& cell, int levelsLeft) {
    if (levelsLeft == 0) {
        return tileOf(cell, cell.name() + ".json");
    }
    tileset::Tile tile = tileOf(cell, cell.name() + ".glb");
    for (int i = 0; i < 4 && cell.level + 1 < kLevels; ++i) {
        tile.children.push_back(quadtree(cell.child(i), levelsLeft - 1));
    }
    return tile;
}

/// What a viewer keeps, without pictures. Loads a few nodes a frame, in the order asked for.
class FakeViewer {
public:
    FakeViewer() : tree(tilesetOf(quadtree({}, kFileLevels)), "0_0_0.json") { grow(); }

    SelectionTree tree;
    std::vector<ContentState> state;
    std::size_t loads = 0;

    void load(std::size_t node) {
        ASSERT_EQ(state[node], ContentState::Unloaded) << "node " << node << " was asked for twice";
        ++loads;
        state[node] = ContentState::Ready;
        if (const std::string uri = tree.nodes()[node].externalUri; !uri.empty()) {
            Cell cell;
            ASSERT_EQ(std::sscanf(uri.c_str(), "%d_%d_%d", &cell.level, &cell.x, &cell.y), 3);
            tree.attach(node, tilesetOf(quadtree(cell, kFileLevels)));
            grow();
        }
    }

private:
    void grow() { state.resize(tree.nodes().size(), ContentState::Unloaded); }
};

bool holds(const Node& node, const glm::dvec2& place) {
    const auto& box = std::get<tileset::Box>(node.volumeEcef);
    return std::abs(place.x - box.centre.x) < box.halfAxes[0].x &&
           std::abs(place.y - box.centre.y) < box.halfAxes[1].y;
}

/// How many drawn tiles lie over a place: more than one overlap, none is a hole.
std::size_t drawnAt(const FakeViewer& viewer, const Selection& selection, const glm::dvec2& place) {
    return static_cast<std::size_t>(std::ranges::count_if(selection.render, [&](std::size_t node) {
        return holds(viewer.tree.nodes()[node], place);
    }));
}

/// Places on the ground in the picture: a grid that avoids the tiles' edges.
std::vector<glm::dvec2> placesInView(const ViewState& view) {
    std::vector<glm::dvec2> places;
    const double half = 0.99 * view.positionEcef.z;
    constexpr int kSteps = 23;
    for (int i = 0; i <= kSteps; ++i) {
        for (int j = 0; j <= kSteps; ++j) {
            const glm::dvec2 place(view.positionEcef.x + half * (2.0 * i / kSteps - 1.0) + 0.0137,
                                   view.positionEcef.y + half * (2.0 * j / kSteps - 1.0) + 0.0071);
            if (std::abs(place.x) < kCityHalfMetres && std::abs(place.y) < kCityHalfMetres) {
                places.push_back(place);
            }
        }
    }
    return places;
}

/// Repeats until the selection is complete; `mayBeBare`: before the first tile is there.
Selection settle(FakeViewer& viewer, const ViewState& view, bool mayBeBare) {
    constexpr int kPatience = 2000;
    constexpr std::size_t kLoadsPerFrame = 3;
    const auto places = placesInView(view);
    Selection selection;
    for (int frame = 0; frame < kPatience; ++frame) {
        selection = select(viewer.tree, {view}, viewer.state);
        mayBeBare = mayBeBare && selection.render.empty();
        for (const glm::dvec2& place : places) {
            const std::size_t drawn = drawnAt(viewer, selection, place);
            EXPECT_TRUE(drawn == 1 || mayBeBare)
                << drawn << " tiles at " << place.x << ", " << place.y << " in frame " << frame;
        }
        if (selection.isComplete) {
            return selection;
        }
        EXPECT_FALSE(selection.load.empty());
        for (std::size_t i = 0; i < std::min(kLoadsPerFrame, selection.load.size()); ++i) {
            viewer.load(selection.load[i]);
        }
        if (testing::Test::HasFailure()) {
            return selection;
        }
    }
    ADD_FAILURE() << "did not settle";
    return selection;
}

TEST(SelectLoop, settlesWithoutHoles) {
    FakeViewer viewer;
    const Selection settled = settle(viewer, viewFromAbove(1000, 1000, 700), true);
    EXPECT_TRUE(settled.load.empty());
    EXPECT_GT(viewer.loads, settled.render.size());
    // The middle of the picture is at full detail: leaves, of half side 250 m.
    const auto leafHere = std::ranges::count_if(settled.render, [&](std::size_t node) {
        return viewer.tree.nodes()[node].children.empty() &&
               holds(viewer.tree.nodes()[node], {1001, 1001});
    });
    EXPECT_EQ(leafHere, 1);
}

TEST(SelectLoop, flightOpensNoHole) {
    FakeViewer viewer;
    settle(viewer, viewFromAbove(0, 0, 12'000), true);
    for (int step = 0; step <= 10; ++step) {
        const double t = step / 10.0;
        settle(viewer, viewFromAbove(6000 * t, -3000 * t, 12'000 - 11'500 * t), false);
    }
}

TEST(SelectLoop, zoomOutOpensNoHole) {
    FakeViewer viewer;
    settle(viewer, viewFromAbove(0, 0, 500), true);
    settle(viewer, viewFromAbove(0, 0, 3'000), false);
    settle(viewer, viewFromAbove(0, 0, 9'000), false);
}

TEST(SelectLoop, settlesAfterEvictionAndFailures) {
    constexpr unsigned kSeed = 20240311;
    SCOPED_TRACE("seed " + std::to_string(kSeed));
    std::mt19937 random(kSeed);
    FakeViewer viewer;
    const ViewState view = viewFromAbove(-2000, 500, 900);
    for (int round = 0; round < 5; ++round) {
        int patience = 2000;
        Selection selection = select(viewer.tree, {view}, viewer.state);
        for (; !selection.isComplete && patience > 0; --patience) {
            ASSERT_FALSE(selection.load.empty());
            const std::size_t node = selection.load.front();
            if (random() % 5 == 0) {
                viewer.state[node] = ContentState::Failed;
            } else {
                viewer.load(node);
            }
            selection = select(viewer.tree, {view}, viewer.state);
        }
        EXPECT_GT(patience, 0);
        for (std::size_t i = 0; i < viewer.state.size(); ++i) {
            const bool isContent = viewer.tree.nodes()[i].externalUri.empty();
            if (isContent && random() % 3 == 0) {
                viewer.state[i] = ContentState::Unloaded;
            }
        }
    }
}

} // namespace
} // namespace tiles3d::select
