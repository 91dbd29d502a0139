#include "pipeline/planning/style/legend_names.h"

#include <algorithm>

namespace pipeline::planning::style {

namespace {

constexpr std::size_t kMostParts = 8;
constexpr std::size_t kTellingLetters = 5; // shorter hints stand in other names by chance

char small(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool isLetter(char c) {
    return small(c) >= 'a' && small(c) <= 'z';
}

bool isAlphanumeric(char c) {
    return isLetter(c) || (c >= '0' && c <= '9');
}

bool isAscii(char c) {
    return static_cast<unsigned char>(c) < 0x80;
}

std::string smallLetters(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), small);
    return out;
}

std::string trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    const std::size_t last = text.find_last_not_of(" \t");
    return first == std::string_view::npos ? "" : std::string(text.substr(first, last - first + 1));
}

} // namespace

bool isSameName(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, small, small);
}

std::string slugOf(std::string_view name) {
    std::string slug;
    for (const char c : name) {
        if (isAlphanumeric(c) || !isAscii(c)) {
            slug.push_back(small(c));
        } else if ((c == ' ' || c == '_' || c == '-') && !slug.empty() && slug.back() != '-') {
            slug.push_back('-');
        }
    }
    return slug;
}

std::vector<std::string> categoryParts(std::string_view path) {
    std::vector<std::string> parts;
    while (!path.empty()) {
        const bool isLast = parts.size() + 1 == kMostParts;
        const std::size_t end = isLast ? path.size() : std::min(path.find('/'), path.size());
        if (std::string part = trimmed(path.substr(0, end)); !part.empty()) {
            parts.push_back(std::move(part));
        }
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return parts;
}

bool holdsLetters(std::string_view name, std::string_view hint) {
    const std::string text = smallLetters(name);
    const std::string letters = smallLetters(hint);
    if (letters.empty()) {
        return false;
    }
    for (std::size_t at = text.find(letters); at != std::string::npos;
         at = text.find(letters, at + 1)) {
        const std::size_t end = at + letters.size();
        const bool isWord =
            (at == 0 || !isLetter(text[at - 1])) && (end == text.size() || !isLetter(text[end]));
        if (isWord || letters.size() >= kTellingLetters) {
            return true;
        }
    }
    return false;
}

} // namespace pipeline::planning::style
