#pragma once

#include "pipeline/planning/style/layer_style.h"
#include "tiles3d/base/result.h"

#include <limits>
#include <string>
#include <vector>

namespace pipeline::planning::style {

/// Numbers from <= v < to.
struct NumberRange {
    double from = -std::numeric_limits<double>::infinity();
    double to = std::numeric_limits<double>::infinity();

    bool operator==(const NumberRange&) const = default;
};

/// What a filter asks of one field: any of these.
struct ClassCondition {
    std::string field;
    std::vector<std::string> values;
    std::vector<std::string> prefixes;
    std::vector<NumberRange> ranges;

    bool operator==(const ClassCondition&) const = default;
};

/// Of a comparison "=", "<>", "<", "<=", ">" or ">=" with a text or number. Fails on "<>" with
/// anything but a number, and on an order of texts.
tiles3d::base::Result<ClassCondition>
comparison(const std::string& field, const std::string& sign, const std::string& value);

/// Both, either, or not the condition. Fail on conditions on two fields, and on what no list of
/// values, prefixes and ranges says.
tiles3d::base::Result<ClassCondition> both(const ClassCondition& a, const ClassCondition& b);
tiles3d::base::Result<ClassCondition> either(const ClassCondition& a, const ClassCondition& b);
tiles3d::base::Result<ClassCondition> opposite(const ClassCondition& condition);

/// Classes of that label and symbol that together hold the condition's features.
std::vector<StyleClass> classesOf(const ClassCondition& condition, const StyleClass& pattern);

} // namespace pipeline::planning::style
