#include "pipeline/planning/site/number_range.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace pipeline::planning::site {

namespace {

/// What people write -> what the grammar below knows; longer ones first where one begins another.
constexpr std::array<std::pair<std::string_view, std::string_view>, 45> kPlain{{
    {"０", "0"},     {"１", "1"},     {"２", "2"},     {"３", "3"},     {"４", "4"},
    {"５", "5"},     {"６", "6"},     {"７", "7"},     {"８", "8"},     {"９", "9"},
    {"．", "."},     {"／", "/"},     {"－", "-"},     {"—", "-"},      {"–", "-"},
    {"～", "-"},     {"~", "-"},      {"至", "-"},     {"、", "/"},     {"及以下", "<"},
    {"及以上", ">"}, {"以下", "<"},   {"以上", ">"},   {"不大于", "<"}, {"不超过", "<"},
    {"不高于", "<"}, {"不小于", ">"}, {"不低于", ">"}, {"小于", "<"},   {"低于", "<"},
    {"大于", ">"},   {"高于", ">"},   {"限高", ""},    {"≤", "<"},      {"≦", "<"},
    {"≥", ">"},      {"≧", ">"},      {"＜", "<"},     {"＞", ">"},     {"<=", "<"},
    {">=", ">"},     {"米", ""},      {"m", ""},       {"M", ""},       {" ", ""},
}};

std::string plainText(std::string_view text) {
    std::string plain;
    while (!text.empty()) {
        const auto* const found = std::ranges::find_if(
            kPlain, [&](const auto& entry) { return text.starts_with(entry.first); });
        if (found != kPlain.end()) {
            plain += found->second;
            text.remove_prefix(found->first.size());
        } else {
            plain += text.front();
            text.remove_prefix(1);
        }
    }
    return plain;
}

/// Takes the comparison off whichever end it stands at.
char takeComparison(std::string_view& text) {
    constexpr std::string_view kComparisons = "<>";
    char comparison = 0;
    if (!text.empty() && kComparisons.find(text.front()) != std::string_view::npos) {
        comparison = text.front();
        text.remove_prefix(1);
    } else if (!text.empty() && kComparisons.find(text.back()) != std::string_view::npos) {
        comparison = text.back();
        text.remove_suffix(1);
    }
    return comparison;
}

/// Numbers with '-' or '/' between them; none if anything else is there.
std::vector<double> numbersIn(std::string_view text) {
    std::vector<double> numbers;
    while (true) {
        double number = 0.0;
        const char* end = text.data() + text.size();
        const auto [next, error] =
            std::from_chars(text.data(), end, number, std::chars_format::fixed);
        if (error != std::errc() || !std::isfinite(number)) {
            return {};
        }
        numbers.push_back(number);
        if (next == end) {
            return numbers;
        }
        if (*next != '-' && *next != '/') {
            return {};
        }
        text.remove_prefix(static_cast<std::size_t>(next - text.data()) + 1);
    }
}

} // namespace

std::optional<NumberRange> parseRange(std::string_view text) {
    const std::string plain = plainText(text);
    std::string_view rest = plain;
    const char comparison = takeComparison(rest);
    const std::vector<double> numbers = numbersIn(rest);
    if (numbers.empty() || (comparison != 0 && numbers.size() > 1)) {
        return std::nullopt;
    }
    const auto [low, high] = std::ranges::minmax(numbers);
    switch (comparison) {
    case '<':
        return NumberRange{.high = high};
    case '>':
        return NumberRange{.low = low};
    default:
        return NumberRange{low, high};
    }
}

std::optional<NumberRange> rangeOf(const Value& value) {
    if (const auto* number = std::get_if<double>(&value)) {
        return std::isfinite(*number) ? std::optional(NumberRange{*number, *number}) : std::nullopt;
    }
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        const auto real = static_cast<double>(*number);
        return NumberRange{real, real};
    }
    const auto* text = std::get_if<std::string>(&value);
    return text != nullptr ? parseRange(*text) : std::nullopt;
}

} // namespace pipeline::planning::site
