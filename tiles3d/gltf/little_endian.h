#pragma once

#include "tiles3d/base/bytes.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tiles3d::gltf {

/// The 32-bit number at `at`, little end first; 0 beyond the bytes.
inline std::uint64_t number32(base::ByteView bytes, std::size_t at) {
    std::uint64_t value = 0;
    for (std::size_t i = 4; i-- > 0 && at + 4 <= bytes.size();) {
        value = value << 8U | std::to_integer<std::uint64_t>(bytes[at + i]);
    }
    return value;
}

/// Length of a text without what pads it: spaces, and the zeros of some writers.
inline std::size_t textBytes(base::ByteView padded) {
    constexpr std::string_view kPadding("\0 \t\r\n", 5);
    return base::asText(padded).find_last_not_of(kPadding) + 1;
}

/// Whether the bytes are a JSON object's, perhaps behind a byte order mark.
inline bool isJson(base::ByteView bytes) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    std::string_view text = base::asText(bytes);
    text.remove_prefix(text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
    const std::size_t start = text.find_first_not_of(" \t\r\n");
    return start != std::string_view::npos && text[start] == '{';
}

} // namespace tiles3d::gltf
