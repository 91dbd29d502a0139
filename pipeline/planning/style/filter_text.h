#pragma once

#include "pipeline/planning/style/class_condition.h"

#include <string_view>

namespace pipeline::planning::style {

/// The condition of a filter as QGIS writes it, on one field: "F" = 'x', F <> 3, F >= 1 AND F < 5,
/// F IN ('a', 'b'), F BETWEEN 1 AND 5, F LIKE '07%', joined by AND, OR, NOT and brackets.
/// Fails on everything else, saying what is not understood; on more than 32 brackets within each
/// other and on more than 64 KiB.
tiles3d::base::Result<ClassCondition> parseFilter(std::string_view text);

/// The field's name if the text is just one: F or "F", not an expression; else "".
std::string fieldIn(std::string_view text);

} // namespace pipeline::planning::style
