#include "tiles3d/base/uri.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace tiles3d::base {

namespace {

bool isUnreserved(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

/// Length of "scheme:" at the start, 0 if there is none.
std::size_t schemeLength(std::string_view uri) {
    const std::size_t colon = uri.find_first_of(":/?#");
    if (colon == std::string_view::npos || colon == 0 || uri[colon] != ':') {
        return 0;
    }
    const auto isSchemeChar = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '+' || c == '-' || c == '.';
    };
    const bool valid =
        std::all_of(uri.begin(), uri.begin() + static_cast<long>(colon), isSchemeChar);
    return valid ? colon + 1 : 0;
}

/// Where the path starts: behind "scheme:" and "//authority".
std::size_t pathStart(std::string_view uri) {
    std::size_t start = schemeLength(uri);
    if (uri.substr(start).starts_with("//")) {
        start = std::min(uri.find_first_of("/?#", start + 2), uri.size());
    }
    return start;
}

std::string withoutDotSegments(std::string_view path) {
    const bool isAbsolute = path.starts_with('/');
    std::vector<std::string_view> kept;
    bool endsInFolder = false;
    for (std::size_t at = isAbsolute ? 1 : 0; at <= path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        const std::string_view segment = path.substr(at, end - at);
        const bool isParent = segment == "..";
        endsInFolder = segment == "." || isParent;
        if (isParent && !kept.empty() && kept.back() != "..") {
            kept.pop_back();
        } else if (!endsInFolder || (isParent && !isAbsolute)) {
            kept.push_back(segment);
        }
        at = end + 1;
    }
    std::string joined = isAbsolute ? "/" : "";
    for (std::size_t i = 0; i < kept.size(); ++i) {
        joined.append(i > 0 ? "/" : "").append(kept[i]);
    }
    if (endsInFolder && !kept.empty()) {
        joined += '/';
    }
    return joined;
}

void appendEncoded(std::string& uri, char c) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    uri += '%';
    uri += kHex[byte >> 4U];
    uri += kHex[byte & 15U];
}

} // namespace

std::string encodeUriPath(const std::filesystem::path& path) {
    std::string uri;
    for (const char c : path.generic_string()) {
        if (isUnreserved(c) || c == '/') {
            uri += c;
        } else {
            appendEncoded(uri, c);
        }
    }
    return uri;
}

std::string encodeUnsafe(std::string_view uri) {
    constexpr std::string_view kReserved = "%:/?#[]@!$&'()*+,;=";
    std::string encoded;
    for (const char c : uri) {
        if (isUnreserved(c) || kReserved.find(c) != std::string_view::npos) {
            encoded += c;
        } else {
            appendEncoded(encoded, c);
        }
    }
    return encoded;
}

std::string schemeOf(std::string_view uri) {
    const std::size_t length = schemeLength(uri);
    std::string scheme(uri.substr(0, length > 0 ? length - 1 : 0));
    std::ranges::transform(scheme, scheme.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return scheme;
}

std::string decodeUri(std::string_view uri) {
    std::string text;
    for (std::size_t i = 0; i < uri.size(); ++i) {
        unsigned value = 0;
        const char* digits = uri.data() + i + 1;
        if (uri[i] == '%' && i + 2 < uri.size() &&
            std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2) {
            text += static_cast<char>(value);
            i += 2;
        } else {
            text += uri[i];
        }
    }
    return text;
}

std::string resolveUri(std::string_view base, std::string_view reference) {
    if (schemeLength(reference) > 0) {
        return std::string(reference);
    }
    base = base.substr(0, base.find_first_of("?#"));
    const std::size_t start = pathStart(base);
    const std::size_t pathEnd = std::min(reference.find_first_of("?#"), reference.size());
    const std::string_view tail = reference.substr(pathEnd);
    const std::string_view path = reference.substr(0, pathEnd);
    const std::string_view basePath = base.substr(start);
    if (path.starts_with("//")) {
        return std::string(base.substr(0, schemeLength(base))).append(reference);
    }
    std::string joined;
    if (path.empty()) {
        joined = basePath;
    } else if (path.starts_with('/')) {
        joined = path;
    } else {
        // A server's root may go without its "/" (RFC 3986, 5.2.3).
        const std::size_t slash = basePath.rfind('/');
        const bool isBareServer = basePath.empty() && start > schemeLength(base);
        joined = slash != std::string_view::npos ? basePath.substr(0, slash + 1)
                                                 : (isBareServer ? "/" : "");
        joined += path;
    }
    return std::string(base.substr(0, start)).append(withoutDotSegments(joined)).append(tail);
}

Result<std::filesystem::path> localPath(const std::filesystem::path& folder,
                                        std::string_view reference) {
    const std::string_view path = reference.substr(0, reference.find_first_of("?#"));
    for (const std::string_view start : {"file://", "file:"}) { // RFC 8089 has both
        if (path.starts_with(start)) {
            return std::filesystem::path(decodeUri(path.substr(start.size())));
        }
    }
    if (schemeLength(path) > 0) {
        return Error{std::string(reference) + ": not a file on this machine"};
    }
    return (folder / decodeUri(path)).lexically_normal();
}

} // namespace tiles3d::base
