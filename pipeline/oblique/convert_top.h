#pragma once

#include "pipeline/oblique/convert_block.h"

namespace pipeline::oblique {

/// Converts a delivery's own top (scan::Top) as convertBlock() converts a block, with leaves that
/// lead on to the blocks: `task.folder` is top.delivery, `task.root` is top.root, `task.links` are
/// all blocks of the delivery, converted before, and `task.output` lies beside theirs
/// (OUT/oblique/PRODUCTION/Top, links ../Tile_+000_+000/tileset.json).
///
/// The tileset stands alone. A leaf's box contains its block's and has its error; errors fall
/// strictly from the root to there: a top's range that is not coarser than its blocks' gives way.
/// A name outside the delivery, or inside a block's folder but not its root, is a loss, and so is a
/// block named twice or without tiles; where a block is lost, the top's own geometry stays.
/// result.unlinked says which blocks the top does not name: they must hang elsewhere. A top without
/// any geometry shows nothing from afar and gives no tiles: all blocks are unlinked then.
/// Fails as convertBlock() does.
tiles3d::base::Result<BlockResult> convertTop(const BlockTask& task,
                                              const sources::OsgbRuntime& runtime,
                                              const tiles3d::crs::Transform& transform,
                                              const engine::UnitContext& context);

} // namespace pipeline::oblique
