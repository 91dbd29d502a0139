#pragma once

#include "tiles3d/base/bytes.h"
#include "tiles3d/base/result.h"

#include <cstdint>

namespace tiles3d::archive {

/// Whether the bytes start like a gzip file.
bool isGzip(base::ByteView bytes);

/// What a gzip file holds. Fails on damaged data and on more than `maxBytes`. Source: RFC 1952.
base::Result<base::Bytes> gunzip(base::ByteView gzip, std::uint64_t maxBytes);

} // namespace tiles3d::archive
