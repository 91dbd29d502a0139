#pragma once

#include "tiles3d/base/result.h"

#include <filesystem>

namespace pipeline::sample {

/// Writes the design of a proposed tower as an architect would send it: FOLDER/proposed_tower.obj
/// and .mtl, metres, y up, its foot at the origin. Same bytes every time.
tiles3d::base::Status writeDesignModel(const std::filesystem::path& folder);

} // namespace pipeline::sample
