#pragma once

#include "tests/tiles3d/select/tree_fixture.h"
#include "tiles3d/select/select.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

namespace tiles3d::select {

inline constexpr double kCityHalfMetres = 8000.0;
inline constexpr int kFileLevels = 2; ///< Levels of a quadtree in one tileset file.
inline constexpr int kLevels = 6;     ///< Of the whole city; the last are the leaves.

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

inline tileset::Tile tileOf(const Cell& cell, const std::string& uri) {
    const double half = cell.half();
    const double error = cell.level == kLevels - 1 ? 0.0 : half / 20.0;
    return squareTile(-kCityHalfMetres + (2 * cell.x + 1) * half,
                      -kCityHalfMetres + (2 * cell.y + 1) * half,
                      half,
                      error,
                      uri);
}

/// Tiles of one file: kFileLevels with content, then tiles that name the files below.
inline tileset::Tile quadtree(const Cell& cell, int levelsLeft) {
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
    Selection previous;

    Selection select(const ViewState& view, const Options& options = {}) {
        previous = tiles3d::select::select(tree, {view}, state, options, previous);
        return previous;
    }

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

} // namespace tiles3d::select
