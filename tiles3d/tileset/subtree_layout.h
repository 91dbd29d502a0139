#pragma once

#include <cstddef>
#include <cstdint>

namespace tiles3d::tileset {

/// The 24 bytes in front of a binary subtree: magic and version of 4 bytes, the JSON's and the
/// buffer's length of 8, little endian; both chunks are padded to 8 (3D Tiles 1.1, 8.5).
inline constexpr std::uint32_t kSubtreeMagic = 0x74627573; // "subt"
inline constexpr std::uint32_t kSubtreeVersion = 1;
inline constexpr std::size_t kSubtreeHeaderBytes = 24;
inline constexpr std::size_t kSubtreeAlignment = 8;

/// Bytes that hold so many bits.
constexpr std::uint64_t bytesOfBits(std::uint64_t bits) {
    return (bits + 7) / 8;
}

} // namespace tiles3d::tileset
