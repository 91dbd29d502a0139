#include "pipeline/planning/style/layer_style.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>
#include <string_view>

namespace pipeline::planning::style {

namespace {

bool isSameName(std::string_view a, std::string_view b) {
    return std::ranges::equal(
        a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::optional<double> numberIn(const std::string& text) {
    double number = 0.0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    return problem == std::errc() ? std::optional(number) : std::nullopt;
}

} // namespace

std::size_t classOf(const LayerStyle& style,
                    const std::vector<Field>& fields,
                    const std::vector<Value>& values) {
    const auto field = std::ranges::find_if(
        fields, [&](const Field& f) { return isSameName(f.name, style.classField); });
    const auto place = static_cast<std::size_t>(field - fields.begin());
    if (style.classField.empty() || place >= values.size()) {
        return style.classes.size();
    }
    const std::string text = toText(values[place]);
    const std::optional<double> number = numberIn(text);
    const auto fits = [&](const StyleClass& candidate) {
        return candidate.values.empty()
                   ? number && *number >= candidate.from && *number < candidate.to
                   : std::ranges::find(candidate.values, text) != candidate.values.end();
    };
    return static_cast<std::size_t>(std::ranges::find_if(style.classes, fits) -
                                    style.classes.begin());
}

const Symbol& symbolAt(const LayerStyle& style, std::size_t place) {
    return place < style.classes.size() ? style.classes[place].symbol : style.other;
}

} // namespace pipeline::planning::style
