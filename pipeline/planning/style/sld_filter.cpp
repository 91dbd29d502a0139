#include "pipeline/planning/style/sld_filter.h"

#include "pipeline/planning/style/sld_symbol.h"

#include <fmt/format.h>

#include <map>

namespace pipeline::planning::style {

using tiles3d::base::Error;
using tiles3d::base::Result;

namespace {

Result<ClassCondition> conditionOf(const XmlElement& element);

Error notUnderstood(const XmlElement& element) {
    return Error{fmt::format("filter: {} is not understood", element.name)};
}

/// "5 < F" is "F > 5".
std::string mirrored(const std::string& sign) {
    static const std::map<std::string, std::string> kMirrored{
        {"<", ">"}, {"<=", ">="}, {">", "<"}, {">=", "<="}};
    const auto found = kMirrored.find(sign);
    return found != kMirrored.end() ? found->second : sign;
}

Result<ClassCondition> comparisonOf(const XmlElement& element, const std::string& sign) {
    const std::string& field = element.child("PropertyName").text;
    const bool isPlain = element.children.size() == 2 && !field.empty() && element.has("Literal");
    if (!isPlain) {
        return Error{fmt::format("filter: {} of more than a field and a literal", element.name)};
    }
    const bool isFieldFirst = element.children.front().name == "PropertyName";
    return comparison(field, isFieldFirst ? sign : mirrored(sign), element.child("Literal").text);
}

Result<ClassCondition> betweenOf(const XmlElement& element) {
    const std::string& field = element.child("PropertyName").text;
    const Result<ClassCondition> from =
        comparison(field, ">=", sldLiteral(element.child("LowerBoundary")));
    const Result<ClassCondition> to =
        comparison(field, "<=", sldLiteral(element.child("UpperBoundary")));
    if (field.empty() || !from || !to) {
        return notUnderstood(element);
    }
    return both(*from, *to);
}

template <typename Join>
Result<ClassCondition> joined(const XmlElement& element, const Join& join) {
    if (element.children.empty()) {
        return notUnderstood(element);
    }
    Result<ClassCondition> all = conditionOf(element.children.front());
    for (std::size_t i = 1; all && i < element.children.size(); ++i) {
        const Result<ClassCondition> next = conditionOf(element.children[i]);
        all = next ? join(*all, *next) : next;
    }
    return all;
}

Result<ClassCondition> conditionOf(const XmlElement& element) {
    static const std::map<std::string, std::string> kSigns{
        {"PropertyIsEqualTo", "="},
        {"PropertyIsNotEqualTo", "<>"},
        {"PropertyIsLessThan", "<"},
        {"PropertyIsLessThanOrEqualTo", "<="},
        {"PropertyIsGreaterThan", ">"},
        {"PropertyIsGreaterThanOrEqualTo", ">="}};
    if (const auto sign = kSigns.find(element.name); sign != kSigns.end()) {
        return comparisonOf(element, sign->second);
    }
    if (element.name == "PropertyIsBetween") {
        return betweenOf(element);
    }
    if (element.name == "And") {
        return joined(element, both);
    }
    if (element.name == "Or") {
        return joined(element, either);
    }
    if (element.name == "Not" && element.children.size() == 1) {
        const Result<ClassCondition> inner = conditionOf(element.children.front());
        return inner ? opposite(*inner) : inner;
    }
    return notUnderstood(element);
}

} // namespace

Result<ClassCondition> sldCondition(const XmlElement& filter) {
    return filter.children.size() == 1 ? conditionOf(filter.children.front())
                                       : Result<ClassCondition>(notUnderstood(filter));
}

} // namespace pipeline::planning::style
