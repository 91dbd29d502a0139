#pragma once

#include "tiles3d/base/bytes.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>

namespace tests {

/// The bytes as bad storage or bad will makes them: some turned, some doubled, an end missing.
/// The same for the same seed.
inline tiles3d::base::Bytes damaged(tiles3d::base::Bytes bytes, std::uint32_t seed) {
    if (bytes.empty()) {
        return bytes;
    }
    std::mt19937 random(seed);
    const auto below = [&](std::size_t end) { return random() % std::max<std::size_t>(end, 1); };
    constexpr unsigned kMostTurned = 8;
    // Headers and tables lie in front: half of all damage goes there.
    constexpr std::size_t kFront = 200;
    for (std::size_t turned = below(kMostTurned) + 1; turned > 0; --turned) {
        const std::size_t at =
            below(2) == 0 ? below(std::min(kFront, bytes.size())) : below(bytes.size());
        constexpr std::uint32_t kExtremes[] = {0, 0x7F, 0x80, 0xFF};
        bytes[at] = below(2) == 0 ? static_cast<std::byte>(kExtremes[below(4)])
                                  : bytes[at] ^ static_cast<std::byte>(1U << below(8));
    }
    constexpr std::size_t kOneInThree = 3;
    if (below(kOneInThree) == 0) {
        bytes.resize(below(bytes.size()));
    } else if (below(kOneInThree) == 0) {
        const std::size_t at = below(bytes.size());
        const std::size_t count = std::min(below(64), bytes.size() - at);
        const tiles3d::base::Bytes piece(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                                         bytes.begin() + static_cast<std::ptrdiff_t>(at + count));
        bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), piece.begin(), piece.end());
    }
    return bytes;
}

} // namespace tests
