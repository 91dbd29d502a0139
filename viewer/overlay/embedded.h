#pragma once

#include <string_view>

namespace viewer::overlay {

/// drape.glsl, as the build puts it into the program.
std::string_view embeddedDrapeShader();

} // namespace viewer::overlay
