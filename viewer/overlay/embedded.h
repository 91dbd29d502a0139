#pragma once

#include <string_view>

namespace viewer::overlay {

/// drape.glsl, as the build puts it into the program.
std::string_view embeddedDrapeShader();
/// drape_tile.glsl
std::string_view embeddedDrapeTileShader();
/// drape_near.glsl
std::string_view embeddedDrapeNearShader();
/// drape_steps.glsl
std::string_view embeddedDrapeStepsShader();

} // namespace viewer::overlay
