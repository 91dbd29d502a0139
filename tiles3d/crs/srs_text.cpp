#include "tiles3d/crs/srs_text.h"

#include "tiles3d/base/file.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace tiles3d::crs {

namespace {

constexpr std::string_view kSpace = " \t\r\n";

bool isSpace(char c) {
    return kSpace.find(c) != std::string_view::npos;
}

bool isLetter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

/// Where the next ",ID[" of depth 1 starts.
std::size_t outerId(std::string_view wkt) {
    int depth = 0;
    bool isQuoted = false;
    for (std::size_t i = 0; i < wkt.size(); ++i) {
        const char c = wkt[i];
        isQuoted = c == '"' ? !isQuoted : isQuoted;
        if (isQuoted) {
            continue;
        }
        if (depth == 1 && wkt.substr(i).starts_with(",ID[")) {
            return i;
        }
        depth += c == '[' ? 1 : 0;
        depth -= c == ']' ? 1 : 0;
    }
    return std::string_view::npos;
}

} // namespace

std::string trimmed(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) {
        text.remove_prefix(3);
    }
    const std::size_t begin = text.find_first_not_of(kSpace);
    if (begin == std::string_view::npos) {
        return {};
    }
    return std::string(text.substr(begin, text.find_last_not_of(kSpace) - begin + 1));
}

std::string upper(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return text;
}

std::string shortened(const std::string& text) {
    constexpr std::size_t kMostBytes = 80;
    const std::size_t most =
        text.starts_with('+') ? std::min(text.find_first_of(kSpace), kMostBytes) : kMostBytes;
    return text.size() <= most ? base::validUtf8(text)
                               : base::validUtf8(text.substr(0, most)) + " ...";
}

std::optional<std::vector<double>> numbersIn(std::string_view text) {
    std::vector<double> numbers;
    const char* at = text.data();
    const char* end = at + text.size();
    const auto isSeparator = [](char c) { return c == ',' || c == ';' || isSpace(c); };
    while (at != end) {
        if (isSeparator(*at)) {
            ++at;
            continue;
        }
        const bool hasPlus = *at == '+' && end - at > 1 && (isDigit(at[1]) || at[1] == '.');
        at += hasPlus ? 1 : 0;
        double value = 0.0;
        const auto parsed = std::from_chars(at, end, value);
        const bool isWhole = parsed.ptr == end || isSeparator(*parsed.ptr);
        if (parsed.ec != std::errc() || !isWhole || !std::isfinite(value)) {
            return std::nullopt;
        }
        numbers.push_back(value);
        at = parsed.ptr;
    }
    return numbers;
}

bool isWkt(const std::string& text) {
    const std::size_t bracket = text.find_first_of("[(");
    constexpr std::size_t kShortestKeyword = 5; // "GEOCS", "PROJCS" and longer
    return bracket != std::string::npos && bracket >= kShortestKeyword &&
           std::ranges::all_of(text.substr(0, bracket),
                               [](char c) { return isLetter(c) || c == '_' || isSpace(c); });
}

std::string normalisedCode(const std::string& text) {
    std::string code = upper(text);
    std::erase_if(code, isSpace);
    return code;
}

bool isCode(const std::string& text) {
    const std::string code = normalisedCode(text);
    const std::size_t colon = code.find(':');
    return colon != std::string::npos && colon != 0 && colon + 1 < code.size() &&
           std::ranges::all_of(code, [](char c) {
               return isDigit(c) || isLetter(c) || c == '+' || c == ':' || c == '_' || c == '.';
           });
}

std::string withoutOuterId(std::string wkt2) {
    std::size_t start = outerId(wkt2);
    while (start != std::string::npos) {
        const std::size_t end = wkt2.find(']', start); // an ID holds no brackets but a CITATION's
        if (end == std::string::npos) {
            return wkt2;
        }
        wkt2.erase(start, end + 1 - start);
        start = outerId(wkt2);
    }
    return wkt2;
}

} // namespace tiles3d::crs
