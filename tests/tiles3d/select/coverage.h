#pragma once

#include "tiles3d/select/select.h"
#include "tiles3d/select/view_frustum.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tiles3d::select {

inline std::vector<std::uint8_t> seenNodes(const SelectionTree& tree,
                                           const std::vector<ViewState>& views) {
    const std::vector<ViewFrustum> frusta(views.begin(), views.end());
    std::vector<std::uint8_t> isSeen;
    for (const Node& node : tree.nodes()) {
        isSeen.push_back(std::ranges::any_of(frusta, [&](const ViewFrustum& frustum) {
            return frustum.overlapOf(node.volumeEcef) != Overlap::Outside;
        }));
    }
    return isSeen;
}

/// Seen leaf places of a REPLACE tree over which not exactly one tile is drawn: none is a hole, two
/// overlap. A leaf that failed, or whose ancestors did, may be bare. What is not attached yet
/// counts as a leaf.
inline std::vector<std::size_t> misdrawnLeaves(const SelectionTree& tree,
                                               const std::vector<ViewState>& views,
                                               const std::vector<ContentState>& state,
                                               const Selection& selection) {
    const auto& nodes = tree.nodes();
    std::vector<std::uint8_t> isDrawn(nodes.size(), 0);
    for (const std::size_t node : selection.render) {
        isDrawn[node] = 1;
    }
    const std::vector<std::uint8_t> isSeen = seenNodes(tree, views);
    std::vector<std::size_t> misdrawn;
    for (std::size_t leaf = 0; leaf < nodes.size(); ++leaf) {
        if (!nodes[leaf].children.empty() || isSeen[leaf] == 0) {
            continue;
        }
        std::size_t drawn = 0;
        bool mayBeBare = false;
        for (auto at = static_cast<std::int64_t>(leaf); at >= 0;
             at = nodes[static_cast<std::size_t>(at)].parent) {
            drawn += isDrawn[static_cast<std::size_t>(at)];
            mayBeBare = mayBeBare || state[static_cast<std::size_t>(at)] == ContentState::Failed;
        }
        if (drawn > 1 || (drawn == 0 && !mayBeBare)) {
            misdrawn.push_back(leaf);
        }
    }
    return misdrawn;
}

} // namespace tiles3d::select
