#pragma once

#include <cstddef>

namespace viewer::render {

/// The place of a tileset among those that are open; never given twice.
using TilesetId = std::size_t;

} // namespace viewer::render
