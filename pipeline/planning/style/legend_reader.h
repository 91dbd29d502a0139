#pragma once

#include "pipeline/planning/style/legend.h"

namespace pipeline::planning::style {

/// What a legend in the format "city3d-legend" says. Fails as Legend::parse() does.
tiles3d::base::Result<LegendContents> readLegend(std::string_view json);

} // namespace pipeline::planning::style
