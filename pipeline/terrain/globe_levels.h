#pragma once

#include "pipeline/terrain/cells.h"
#include "pipeline/terrain/lattice.h"
#include "pipeline/terrain/layer_json.h"
#include "tiles3d/base/result.h"

#include <filesystem>
#include <set>

namespace pipeline::terrain {

/// The tiles of the globe above kAlignedDepth: all that touch the root, and both of level 0,
/// without which web globes draw nothing.
std::set<TmsTile> globeLevels(const CellGrid& grid);

/// Writes them as quantized-mesh below `folder` (see quantizedMeshPath()): a grid of posts at the
/// root's heights, on the ellipsoid elsewhere. `rootLand` is that of the root, own posts. Fails on
/// a failed output.
tiles3d::base::Status writeGlobeLevels(const CellGrid& grid,
                                       const Lattice& rootLand,
                                       const std::filesystem::path& folder);

} // namespace pipeline::terrain
