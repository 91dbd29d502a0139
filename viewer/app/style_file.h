#pragma once

#include "pipeline/planning/style/imported_style.h"
#include "tiles3d/base/result.h"

#include <filesystem>
#include <string>

namespace viewer::app {

/// The style for a layer of that table in a file of QGIS (.qml), SLD (.sld, .xml) or our own styles
/// (.json; the only one in it fits any table). Fails, naming the file, on what is none of these.
tiles3d::base::Result<pipeline::planning::style::ImportedStyle>
readStyleFile(const std::filesystem::path& file, const std::string& table);

} // namespace viewer::app
