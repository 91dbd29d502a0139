#pragma once

#include "tiles3d/base/bytes.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tests {

/// One file of an archive to be written. What is not left alone is a lie of the archive.
struct ZipEntry {
    std::string name;
    std::string text;
    int method = 0;                   ///< 0 stored, 8 deflate, 93 zstandard; others: stored.
    std::int64_t statedBytesMore = 0; ///< Added to the size that the directory states.
    std::uint32_t crcMask = 0;        ///< Turns bits of the checksum.
    std::string headerName = {};      ///< In the local header; empty: `name`.
};

struct ZipOptions {
    bool zip64 = false; ///< All numbers of the directory in zip64 form.
    std::string comment = {};
};

/// A ZIP archive of these files, in their order.
tiles3d::base::Bytes zipOf(const std::vector<ZipEntry>& entries, const ZipOptions& options = {});

} // namespace tests
