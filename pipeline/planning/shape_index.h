#pragma once

#include "tiles3d/base/result.h"

#include <filesystem>
#include <string>

namespace pipeline::planning {

/// What is wrong with the .shx of a Shapefile, in words: missing, cut, or pointing beside the
/// shapes; "" if nothing is.
/// Source: ESRI, "ESRI Shapefile Technical Description" (1998).
std::string flawOfShapeIndex(const std::filesystem::path& shp);

/// Makes FILE.shx beside FILE.shp by walking from record to record, up to the first that is broken.
tiles3d::base::Status writeShapeIndex(const std::filesystem::path& shp);

} // namespace pipeline::planning
