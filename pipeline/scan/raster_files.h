#pragma once

#include "tiles3d/base/result.h"

#include <filesystem>
#include <vector>

namespace pipeline::scan {

/// The files that `pattern` names, sorted: one of that very name, or those that it matches, '*'
/// standing for any text and '?' for one byte within one name, of folders too. Files that only
/// accompany rasters (.tfw, .ovr, .xml, ...) match no '*'.
/// Fails if there is none, naming the pattern, and on a folder.
tiles3d::base::Result<std::vector<std::filesystem::path>>
rasterFiles(const std::filesystem::path& pattern);

} // namespace pipeline::scan
