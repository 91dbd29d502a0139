#pragma once

#include "tiles3d/select/select.h"

#include <string>
#include <utility>
#include <vector>

namespace tiles3d::select {

/// A tile with a square box of that half side, flat, round (x, y, 0).
inline tileset::Tile
squareTile(double x, double y, double halfMetres, double errorMetres, const std::string& uri) {
    tileset::Tile tile;
    tile.boundingVolume =
        tileset::Box{glm::dvec3(x, y, 0.0),
                     glm::dmat3(halfMetres, 0, 0, 0, halfMetres, 0, 0, 0, halfMetres / 10.0)};
    tile.geometricErrorMetres = errorMetres;
    if (!uri.empty()) {
        tile.contents.push_back({uri, {}});
    }
    return tile;
}

inline tileset::Tileset tilesetOf(tileset::Tile root) {
    tileset::Tileset made;
    made.geometricErrorMetres = root.geometricErrorMetres;
    made.root = std::move(root);
    return made;
}

/// Looks straight down from (x, y, height), 90 degrees high and wide, 1000 pixels: at a distance of
/// d metres an error of e metres is 500 e / d pixels.
inline ViewState viewFromAbove(double x, double y, double heightMetres) {
    ViewState view;
    view.positionEcef = {x, y, heightMetres};
    view.verticalFovRadians = 1.5707963267948966;
    view.viewportWidthPixels = 1000.0;
    view.viewportHeightPixels = 1000.0;
    return view;
}

inline std::vector<ContentState> allOf(const SelectionTree& tree, ContentState state) {
    return std::vector<ContentState>(tree.nodes().size(), state);
}

using Nodes = std::vector<std::size_t>;

/// Of the load list, in its order.
inline Nodes wishesOf(const Selection& selection, Priority priority) {
    Nodes nodes;
    for (const Wish& wish : selection.load) {
        if (wish.priority == priority) {
            nodes.push_back(wish.node);
        }
    }
    return nodes;
}

/// All but the preloads.
inline Nodes needsOf(const Selection& selection) {
    Nodes nodes = wishesOf(selection, Priority::Urgent);
    for (const std::size_t node : wishesOf(selection, Priority::Normal)) {
        nodes.push_back(node);
    }
    return nodes;
}

} // namespace tiles3d::select
