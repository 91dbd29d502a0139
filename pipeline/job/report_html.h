#pragma once

#include "pipeline/planning/import_report.h"

#include <string>
#include <vector>

namespace pipeline::job {

/// A row of a table; `tag` is "td" or "th".
std::string row(const std::vector<std::string>& cells, const std::string& tag = "td");

/// A chapter on planning layers; "" without any.
std::string layerTable(const planning::ImportReport& report);

} // namespace pipeline::job
