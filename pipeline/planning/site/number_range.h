#pragma once

#include "pipeline/planning/vector_layer.h"

#include <limits>
#include <optional>
#include <string_view>

namespace pipeline::planning::site {

/// Closed; without a bound where it is infinite.
struct NumberRange {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();

    bool operator==(const NumberRange&) const = default;
};

/// What an indicator's text allows: "24" and "24m" are [24, 24], "≤24", "<24", "不大于24" and
/// "24米以下" [-inf, 24], "≥12" and "12以上" [12, inf], "80-100", "80~100", "80至100" and "24/36"
/// from the least to the greatest number. Full-width digits and signs count as plain ones.
/// Nothing for an empty text and for any that holds something else.
std::optional<NumberRange> parseRange(std::string_view text);

/// The same of a field's value; a number allows itself.
std::optional<NumberRange> rangeOf(const Value& value);

} // namespace pipeline::planning::site
