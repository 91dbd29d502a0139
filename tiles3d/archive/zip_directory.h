#pragma once

#include "tiles3d/base/bytes.h"
#include "tiles3d/base/result.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace tiles3d::archive {

/// `count` bytes, little end first, as ZIP has its numbers. REQUIRES: they are there; count <= 8.
std::uint64_t littleEndian(base::ByteView bytes, std::size_t at, std::size_t count);

/// Where a ZIP's central directory lies in its file.
struct DirectoryPlace {
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
};

/// What the end of a ZIP says. The "zip64" numbers lie elsewhere, at `zip64At`, if `place` is not
/// all.
struct EndRecord {
    DirectoryPlace place;
    std::optional<std::uint64_t> zip64At;
};

/// The longest that endRecord() has to see of a ZIP's end: the record behind its locator, and a
/// comment.
inline constexpr std::uint64_t kMaxEndBytes = 20 + 22 + 65535;
/// Bytes of the record at EndRecord::zip64At, without what may follow in it.
inline constexpr std::uint64_t kZip64EndBytes = 56;

/// Reads the last bytes of a file. Fails if they are not the end of a ZIP.
base::Result<EndRecord> endRecord(base::ByteView tail);

/// Reads the record at EndRecord::zip64At. Fails if it is none.
base::Result<DirectoryPlace> zip64Place(base::ByteView record);

/// A file in the archive, as the central directory has it.
struct Entry {
    std::string_view name;
    std::uint64_t headerOffset = 0; ///< Of its local header, behind which its bytes are.
    std::uint64_t packedBytes = 0;
    std::uint64_t bytes = 0;
    std::uint32_t crc32 = 0;
    std::uint16_t method = 0;
    bool isEncrypted = false;
};

/// All entries, by name; names are views into `directory`. Of equal names the first is found first.
/// Fails on a record that is none or leaves the directory.
base::Result<std::vector<Entry>> readDirectory(base::ByteView directory);

} // namespace tiles3d::archive
