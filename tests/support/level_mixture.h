#pragma once

#include "tests/support/tileset_folder.h"
#include "tiles3d/select/select.h"

#include <cstddef>
#include <random>
#include <vector>

namespace tests {

/// Nodes of a TilesetFolder that are drawn together.
using Tiles = std::vector<std::size_t>;

/// What the selection settles on for these views once everything is there.
/// REQUIRES: the tree is whole; likewise below.
Tiles settledCut(const TilesetFolder& city,
                 const std::vector<tiles3d::select::ViewState>& views,
                 double maxErrorPixels);

/// A cut about as fine as the view wants, in which each node by itself takes its error for up to
/// twice as large or small: neighbours differ in level where the selection's would not.
Tiles raggedCut(const TilesetFolder& city,
                const tiles3d::select::ViewState& view,
                double maxErrorPixels,
                std::mt19937& random);

} // namespace tests
