#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace tiles3d::base {

using Bytes = std::vector<std::byte>;
using ByteView = std::span<const std::byte>;

/// The bytes of `text`, valid as long as the text is.
inline ByteView asBytes(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

/// The characters of `bytes`, valid as long as the bytes are; not checked to be UTF-8.
inline std::string_view asText(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace tiles3d::base
