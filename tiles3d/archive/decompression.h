#pragma once

#include "tiles3d/base/bytes.h"
#include "tiles3d/base/result.h"

#include <cstdint>

namespace tiles3d::archive {

/// The compression methods of APPNOTE 6.3.9 that 3D Tiles archives may have.
enum class Method : std::uint16_t { Stored = 0, Deflated = 8, Zstandard = 93 };

/// Exactly `size` bytes out of the packed ones. Memory grows with what comes out, not with `size`.
/// Fails on damaged data, on more or fewer bytes, and on another method.
base::Result<base::Bytes> decompress(base::ByteView packed, Method method, std::uint64_t size);

/// CRC-32 as ZIP and PNG have it.
std::uint32_t crc32Of(base::ByteView bytes);

} // namespace tiles3d::archive
