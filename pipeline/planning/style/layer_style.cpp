#include "pipeline/planning/style/layer_style.h"

#include "pipeline/planning/style/legend_names.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace pipeline::planning::style {

namespace {

std::optional<double> numberIn(std::string_view text) {
    double number = 0.0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool isWhole = problem == std::errc() && end == text.data() + text.size();
    return isWhole ? std::optional(number) : std::nullopt;
}

bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

/// A code that went through a number has lost its leading zero, and codes have pairs of digits.
std::string codeOf(const Value& value, const std::string& text) {
    const bool isNumber = !std::holds_alternative<std::string>(value);
    return isNumber && text.size() % 2 == 1 && std::ranges::all_of(text, isDigit) ? "0" + text
                                                                                  : text;
}

bool beginsWith(std::string_view code, std::string_view prefix) {
    return !prefix.empty() && code.starts_with(prefix) &&
           (code.size() == prefix.size() || !isLetter(prefix.back()) ||
            !isLetter(code[prefix.size()]));
}

std::size_t longestPrefix(const StyleClass& candidate, std::string_view code) {
    std::size_t longest = 0;
    for (const std::string& prefix : candidate.prefixes) {
        longest = beginsWith(code, prefix) ? std::max(longest, prefix.size()) : longest;
    }
    return longest;
}

bool fits(const StyleClass& candidate, const std::string& text, std::optional<double> number) {
    if (candidate.values.empty() && candidate.prefixes.empty()) {
        return number && *number >= candidate.from && *number < candidate.to;
    }
    return std::ranges::find(candidate.values, text) != candidate.values.end();
}

std::size_t classOfValue(const std::vector<StyleClass>& classes, const Value& value) {
    if (std::holds_alternative<std::monostate>(value)) {
        return classes.size();
    }
    const std::string text = toText(value);
    const std::optional<double> number = numberIn(text);
    const std::string code = codeOf(value, text);
    std::size_t best = classes.size();
    std::size_t bestLength = 0;
    for (std::size_t i = 0; i < classes.size(); ++i) {
        if (fits(classes[i], text, number)) {
            return i;
        }
        if (const std::size_t length = longestPrefix(classes[i], code); length > bestLength) {
            best = i;
            bestLength = length;
        }
    }
    return best;
}

} // namespace

std::optional<std::size_t> fieldNamed(const std::vector<Field>& fields, std::string_view name) {
    const auto found =
        std::ranges::find_if(fields, [&](const Field& f) { return isSameName(f.name, name); });
    return found == fields.end() || name.empty()
               ? std::nullopt
               : std::optional(static_cast<std::size_t>(found - fields.begin()));
}

std::size_t classOf(const LayerStyle& style,
                    const std::vector<Field>& fields,
                    const std::vector<Value>& values) {
    for (const std::string* name : {&style.classField, &style.spareField}) {
        const std::optional<std::size_t> place = fieldNamed(fields, *name);
        const std::size_t found = place && *place < values.size()
                                      ? classOfValue(style.classes, values[*place])
                                      : style.classes.size();
        if (found < style.classes.size()) {
            return found;
        }
    }
    return style.classes.size();
}

const Symbol& symbolAt(const LayerStyle& style, std::size_t place) {
    return place < style.classes.size() ? style.classes[place].symbol : style.other;
}

} // namespace pipeline::planning::style
