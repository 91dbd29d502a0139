#pragma once

#include "pipeline/planning/geopackage_database.h"
#include "pipeline/planning/import_layers.h"

#include <string>
#include <vector>

namespace pipeline::planning {

/// One sentence per table of outlines that seems to carry GCJ-02's offset.
std::vector<std::string> suspectGcj02(const Database& database, const ImportOptions& options);

} // namespace pipeline::planning
