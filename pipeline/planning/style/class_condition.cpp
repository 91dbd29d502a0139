#include "pipeline/planning/style/class_condition.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <optional>

namespace pipeline::planning::style {

using tiles3d::base::Error;
using tiles3d::base::Result;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::size_t kMostAlternatives = 10000; // of a hostile filter

std::optional<double> numberOf(const std::string& text) {
    double number = 0.0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool isNumber = problem == std::errc() && end == text.data() + text.size();
    return isNumber && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

/// The least number above: ranges are open at their upper end.
double above(double number) {
    return std::nextafter(number, kInfinity);
}

std::vector<NumberRange> rangesOf(const std::string& sign, double number) {
    if (sign == "<") {
        return {{-kInfinity, number}};
    }
    if (sign == "<=") {
        return {{-kInfinity, above(number)}};
    }
    if (sign == ">") {
        return {{above(number), kInfinity}};
    }
    if (sign == ">=") {
        return {{number, kInfinity}};
    }
    return {{-kInfinity, number}, {above(number), kInfinity}}; // <>
}

std::vector<NumberRange> common(const std::vector<NumberRange>& a,
                                const std::vector<NumberRange>& b) {
    std::vector<NumberRange> out;
    for (const NumberRange& x : a) {
        for (const NumberRange& y : b) {
            const NumberRange shared{std::max(x.from, y.from), std::min(x.to, y.to)};
            if (shared.from < shared.to) {
                out.push_back(shared);
            }
        }
    }
    return out;
}

bool holds(const ClassCondition& condition, const std::string& value) {
    const std::optional<double> number = numberOf(value);
    return std::ranges::find(condition.values, value) != condition.values.end() ||
           (number && std::ranges::any_of(condition.ranges, [&](const NumberRange& range) {
                return *number >= range.from && *number < range.to;
            }));
}

void keepShared(const ClassCondition& from, const ClassCondition& with, ClassCondition& out) {
    for (const std::string& value : from.values) {
        if (holds(with, value) && std::ranges::find(out.values, value) == out.values.end()) {
            out.values.push_back(value);
        }
    }
}

std::optional<Error> mismatch(const ClassCondition& a, const ClassCondition& b) {
    if (a.field != b.field) {
        return Error{fmt::format("asks for two fields, {} and {}", a.field, b.field)};
    }
    if (a.values.size() + b.values.size() > kMostAlternatives ||
        (a.ranges.size() + 1) * (b.ranges.size() + 1) > kMostAlternatives) {
        return Error{"has more than 10,000 alternatives"};
    }
    return std::nullopt;
}

} // namespace

Result<ClassCondition>
comparison(const std::string& field, const std::string& sign, const std::string& value) {
    ClassCondition condition;
    condition.field = field;
    if (sign == "=") {
        condition.values = {value};
        return condition;
    }
    const std::optional<double> number = numberOf(value);
    if (!number) {
        return Error{fmt::format("asks for {} {} '{}', which is no number", field, sign, value)};
    }
    condition.ranges = rangesOf(sign, *number);
    return condition;
}

Result<ClassCondition> both(const ClassCondition& a, const ClassCondition& b) {
    if (const auto problem = mismatch(a, b)) {
        return *problem;
    }
    if (!a.prefixes.empty() || !b.prefixes.empty()) {
        return Error{"joins LIKE by AND"};
    }
    ClassCondition out;
    out.field = a.field;
    keepShared(a, b, out);
    keepShared(b, a, out);
    out.ranges = common(a.ranges, b.ranges);
    return out;
}

Result<ClassCondition> either(const ClassCondition& a, const ClassCondition& b) {
    if (const auto problem = mismatch(a, b)) {
        return *problem;
    }
    ClassCondition out = a;
    std::ranges::copy(b.values, std::back_inserter(out.values));
    std::ranges::copy(b.prefixes, std::back_inserter(out.prefixes));
    std::ranges::copy(b.ranges, std::back_inserter(out.ranges));
    return out;
}

Result<ClassCondition> opposite(const ClassCondition& condition) {
    if (!condition.prefixes.empty()) {
        return Error{"denies LIKE"};
    }
    ClassCondition out;
    out.field = condition.field;
    out.ranges = {NumberRange{}};
    for (const std::string& value : condition.values) {
        const std::optional<double> number = numberOf(value);
        if (!number) {
            return Error{fmt::format("denies '{}', which is no number", value)};
        }
        out.ranges = common(out.ranges, rangesOf("<>", *number));
    }
    for (const NumberRange& range : condition.ranges) {
        out.ranges = common(out.ranges, {{-kInfinity, range.from}, {range.to, kInfinity}});
    }
    return out;
}

std::vector<StyleClass> classesOf(const ClassCondition& condition, const StyleClass& pattern) {
    std::vector<StyleClass> classes;
    if (!condition.values.empty() || !condition.prefixes.empty()) {
        classes.push_back(pattern);
        classes.back().values = condition.values;
        classes.back().prefixes = condition.prefixes;
    }
    for (const NumberRange& range : condition.ranges) {
        classes.push_back(pattern);
        classes.back().from = range.from;
        classes.back().to = range.to;
    }
    return classes;
}

} // namespace pipeline::planning::style
