#pragma once

#include <string>
#include <string_view>

namespace tiles3d::base {

/// For the text and the attributes of HTML and SVG: the five signs of markup as entities, control
/// characters left out, always valid UTF-8.
std::string escaped(std::string_view text);

} // namespace tiles3d::base
