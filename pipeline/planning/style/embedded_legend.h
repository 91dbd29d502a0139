#pragma once

#include <string_view>

namespace pipeline::planning::style {

/// assets/legend.json, as the build puts it into the program.
std::string_view embeddedLegend();

} // namespace pipeline::planning::style
