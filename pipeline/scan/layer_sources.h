#pragma once

#include "pipeline/planning/layer_source.h"
#include "tiles3d/base/json.h"
#include "tiles3d/base/result.h"

#include <filesystem>
#include <vector>

namespace pipeline::scan {

/// The "layers" of a city.json: a list of texts (paths), or of objects with "path" and, where
/// wanted, "layers" (names, with '*'), "category", "title", "vintage", "crs", "encoding", "gcj02".
/// Paths are relative to `folder`, but for connections ("PG:...", "WFS:..."), which stay as they
/// are. Fails, naming the member, on an entry without a path and on a wrong type.
tiles3d::base::Result<std::vector<planning::LayerSource>>
readLayers(const tiles3d::base::Json& list, const std::filesystem::path& folder);

} // namespace pipeline::scan
