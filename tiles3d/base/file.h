#pragma once

#include "tiles3d/base/bytes.h"
#include "tiles3d/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace tiles3d::base {

/// Largest file that readFile() takes without being told: 2 GiB, above any one tile or JSON.
inline constexpr std::uint64_t kMaxFileBytes = std::uint64_t{2} << 30U;

/// All bytes of a regular file.
/// Fails if it is missing, not a regular file, larger than `maxBytes`, or the read falls short;
/// the message names the file.
Result<Bytes> readFile(const std::filesystem::path& file, std::uint64_t maxBytes = kMaxFileBytes);

/// readFile() as text; a UTF-8 byte order mark is dropped, nothing else is checked.
Result<std::string> readTextFile(const std::filesystem::path& file,
                                 std::uint64_t maxBytes = kMaxFileBytes);

/// Writes `file` whole or not at all: to "NAME.part" beside it, then renamed over it.
/// Not flushed to the device: see syncFolder(). The folder must exist.
/// Fails with the system's reason (disk full, read-only, ...); the ".part" is then removed.
Status writeFile(const std::filesystem::path& file, ByteView bytes);
Status writeFile(const std::filesystem::path& file, std::string_view text);

/// Writes a file in place, for folders that are themselves renamed once they are whole.
/// Fails as writeFile() does; what was written so far is then removed.
Status writeFileInPlace(const std::filesystem::path& file, ByteView bytes);

/// Makes `folder` and its parents; fine if it exists.
Status makeFolder(const std::filesystem::path& folder);

/// Flushes everything written so far on the file system of `folder` to the device (syncfs(2)).
/// Once per group of files: a flush per file costs more than converting it.
Status syncFolder(const std::filesystem::path& folder);

/// `path` as UTF-8 text for JSON and messages, with '/' between folders. Bytes that are not UTF-8
/// (a GBK folder name) become U+FFFD, so the result is always valid UTF-8, and not reversible then.
std::string toUtf8(const std::filesystem::path& path);

/// `bytes` with every byte that is not part of valid UTF-8 (RFC 3629) replaced by U+FFFD.
std::string validUtf8(std::string_view bytes);

} // namespace tiles3d::base
