#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pipeline::planning::style {

/// Equal without regard to the case of Latin letters.
bool isSameName(std::string_view a, std::string_view b);

/// The name as paths write it: Latin letters small, blanks and underscores as hyphens, all other
/// ASCII signs left out. "Nature reserve, core zone" -> "nature-reserve-core-zone". Chinese stays.
std::string slugOf(std::string_view name);

/// The parts of a category path, without empty ones and blanks around them: "a/b" -> a, b. Beyond
/// the eighth the path is one part, so that a hostile path makes no deep tree.
std::vector<std::string> categoryParts(std::string_view path);

/// Whether a layer's name holds the letters of a hint, without regard to case: anywhere for five
/// letters and more, else as a run of letters of its own ("HAX" in "gh_hax_ln", not in "SHAXI").
bool holdsLetters(std::string_view name, std::string_view hint);

} // namespace pipeline::planning::style
