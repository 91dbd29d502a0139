#pragma once

#include "tiles3d/base/bytes.h"
#include "tiles3d/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

namespace tiles3d::archive {

/// Largest file that Archive::read() unpacks without being told: 512 MiB.
inline constexpr std::uint64_t kMaxEntryBytes = std::uint64_t{512} << 20U;

/// A 3D Tiles archive (.3tz), or any other ZIP, open for reading; of any size (zip64), its files
/// stored, deflated or compressed by zstandard. Files are found through the ZIP's own directory,
/// which is read once: what "@3dtilesIndex1@" says is the same in other words, and archives without
/// one are read alike. A million files take some 100 MB and half a second.
/// Const members are safe to call from several threads at once.
/// Source: PKWARE APPNOTE 6.3.9; 3D Tiles Archive Format 1.3.
class Archive {
public:
    /// Fails on what is no ZIP, is cut off, or has a directory that leaves the file.
    static base::Result<Archive> open(const std::filesystem::path& file);

    Archive(Archive&&) noexcept;
    Archive& operator=(Archive&&) noexcept;
    ~Archive();

    /// The unpacked file of exactly that name ("tiles/0.glb"; UTF-8, no leading '/'): nothing
    /// outside of the archive can be named. Memory grows with what is really unpacked, never with
    /// what a header claims.
    /// Fails if there is none, on encryption and other kinds of compression, on more than
    /// `maxBytes`, and if size or CRC-32 are not those that the directory states.
    base::Result<base::Bytes> read(std::string_view name,
                                   std::uint64_t maxBytes = kMaxEntryBytes) const;

    bool has(std::string_view name) const;
    std::size_t entryCount() const;

private:
    struct State;
    explicit Archive(std::unique_ptr<const State> state);
    std::unique_ptr<const State> state_;
};

/// Whether the file starts like a ZIP.
bool looksLikeArchive(const std::filesystem::path& file);

} // namespace tiles3d::archive
