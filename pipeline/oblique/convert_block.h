#pragma once

#include "pipeline/engine/engine.h"
#include "pipeline/oblique/block_task.h"
#include "pipeline/sources/osgb_runtime.h"
#include "tiles3d/base/result.h"
#include "tiles3d/crs/transform.h"

namespace pipeline::oblique {

/// Converts one block: every file of its tree read once, one 3D tile per PagedLOD, GLB files and a
/// tileset.json written into task.output, which then exists whole or not at all (built beside it
/// and renamed). The tileset stands alone: its root's transform is the block's ENU frame.
/// Bad inputs become losses in the result. Fails on a failed output, and on a place that cannot be
/// meant: at longitude 0 and latitude 0, or on the equator because the coordinates lack their
/// origin. Same inputs, same bytes, whatever context.threads is. Runs in a worker process: OSG may
/// crash on a file, see engine::LocalEngine.
tiles3d::base::Result<BlockResult> convertBlock(const BlockTask& task,
                                                const sources::OsgbRuntime& runtime,
                                                const tiles3d::crs::Transform& transform,
                                                const engine::UnitContext& context);

/// Reads and counts a block as convertBlock() would convert it and writes nothing. task.purpose is
/// taken as Survey. Only the place of its own first geometry is judged, not refused.
tiles3d::base::Result<BlockResult> surveyBlock(const BlockTask& task,
                                               const sources::OsgbRuntime& runtime,
                                               const tiles3d::crs::Transform& transform,
                                               const engine::UnitContext& context);

} // namespace pipeline::oblique
