#pragma once

#include <string_view>

namespace viewer::overlay {

/// Texts that the build puts into the program: assets/legend.json and drape.glsl.
std::string_view embeddedLegend();
std::string_view embeddedDrapeShader();

} // namespace viewer::overlay
