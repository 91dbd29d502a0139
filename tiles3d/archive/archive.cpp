#include "tiles3d/archive/archive.h"

#include "tiles3d/archive/decompression.h"
#include "tiles3d/archive/zip_directory.h"
#include "tiles3d/base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>
#include <vector>

namespace tiles3d::archive {

using base::Bytes;
using base::ByteView;
using base::Error;
using base::Result;

namespace {

/// A file that several threads read, each at its own place.
class RandomFile {
public:
    static Result<RandomFile> open(const std::filesystem::path& file) {
        RandomFile opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
        struct stat facts {};
        if (opened.handle_ < 0 || fstat(opened.handle_, &facts) != 0) {
            return Error{std::strerror(errno)};
        }
        if (!S_ISREG(facts.st_mode)) {
            return Error{"not a regular file"};
        }
        opened.bytes_ = static_cast<std::uint64_t>(facts.st_size);
        return opened;
    }

    RandomFile(RandomFile&& other) noexcept
        : handle_(std::exchange(other.handle_, -1)), bytes_(other.bytes_) {}
    RandomFile& operator=(RandomFile&& other) noexcept {
        std::swap(handle_, other.handle_);
        std::swap(bytes_, other.bytes_);
        return *this;
    }
    ~RandomFile() {
        if (handle_ >= 0) {
            close(handle_);
        }
    }

    std::uint64_t size() const { return bytes_; }

    /// Fails where the file has no such bytes.
    Result<Bytes> read(std::uint64_t offset, std::uint64_t count) const {
        if (offset > bytes_ || count > bytes_ - offset) {
            return Error{fmt::format("{} bytes at {} are beyond the archive's {}; it is cut off "
                                     "or damaged",
                                     count,
                                     offset,
                                     bytes_)};
        }
        Bytes bytes(count);
        for (std::size_t done = 0; done < bytes.size();) {
            const ssize_t got = pread(handle_,
                                      bytes.data() + done,
                                      bytes.size() - done,
                                      static_cast<off_t>(offset + done));
            if (got <= 0) {
                return Error{got == 0 ? "the archive became shorter while it was open"
                                      : std::strerror(errno)};
            }
            done += static_cast<std::size_t>(got);
        }
        return bytes;
    }

private:
    explicit RandomFile(int handle) : handle_(handle) {}

    int handle_ = -1;
    std::uint64_t bytes_ = 0;
};

Result<DirectoryPlace> directoryPlace(const RandomFile& file) {
    const std::uint64_t tailBytes = std::min(file.size(), kMaxEndBytes);
    const auto tail = file.read(file.size() - tailBytes, tailBytes);
    if (!tail) {
        return tail.error();
    }
    const auto end = endRecord(*tail);
    if (!end) {
        return end.error();
    }
    if (!end->zip64At) {
        return end->place;
    }
    const auto record = file.read(*end->zip64At, kZip64EndBytes);
    return record ? zip64Place(*record) : Result<DirectoryPlace>(record.error());
}

/// The bytes behind the entry's local header, whose name and extra fields have lengths of their
/// own.
Result<Bytes> packedBytes(const RandomFile& file, const Entry& entry) {
    constexpr std::uint64_t kHeaderBytes = 30;
    constexpr std::uint64_t kHeaderSignature = 0x04034b50;
    const auto header = file.read(entry.headerOffset, kHeaderBytes);
    if (!header) {
        return header.error();
    }
    const std::uint64_t nameBytes = littleEndian(*header, 26, 2);
    const std::uint64_t extraBytes = littleEndian(*header, 28, 2);
    const auto name = file.read(entry.headerOffset + kHeaderBytes, nameBytes);
    if (!name || littleEndian(*header, 0, 4) != kHeaderSignature ||
        base::asText(*name) != entry.name) {
        return Error{"the archive's directory points at another file; it is damaged"};
    }
    return file.read(entry.headerOffset + kHeaderBytes + nameBytes + extraBytes, entry.packedBytes);
}

Result<Bytes> unpacked(const RandomFile& file, const Entry& entry, std::uint64_t maxBytes) {
    if (entry.isEncrypted) {
        return Error{"encrypted; archives are read without a password"};
    }
    if (std::max(entry.bytes, entry.packedBytes) > maxBytes) {
        return Error{fmt::format(
            "{} bytes, the limit is {}", std::max(entry.bytes, entry.packedBytes), maxBytes)};
    }
    const auto packed = packedBytes(file, entry);
    if (!packed) {
        return packed.error();
    }
    auto bytes = decompress(*packed, static_cast<Method>(entry.method), entry.bytes);
    if (bytes && crc32Of(*bytes) != entry.crc32) {
        return Error{"its CRC-32 is not what the archive's directory states; it is damaged"};
    }
    return bytes;
}

} // namespace

struct Archive::State {
    std::filesystem::path path;
    RandomFile file;
    Bytes directory; ///< Holds the entries' names.
    std::vector<Entry> entries;

    const Entry* find(std::string_view name) const {
        const auto found = std::ranges::lower_bound(entries, name, {}, &Entry::name);
        return found != entries.end() && found->name == name ? &*found : nullptr;
    }
};

Archive::Archive(std::unique_ptr<const State> state) : state_(std::move(state)) {}
Archive::Archive(Archive&&) noexcept = default;
Archive& Archive::operator=(Archive&&) noexcept = default;
Archive::~Archive() = default;

Result<Archive> Archive::open(const std::filesystem::path& path) {
    const std::string name = base::toUtf8(path);
    auto file = RandomFile::open(path);
    if (!file) {
        return base::within(name, file.error());
    }
    const auto place = directoryPlace(*file);
    if (!place) {
        return base::within(name, place.error());
    }
    auto directory = file->read(place->offset, place->bytes);
    if (!directory) {
        return base::within(name, directory.error());
    }
    auto entries = readDirectory(*directory);
    if (!entries) {
        return base::within(name, entries.error());
    }
    return Archive(std::make_unique<const State>(
        State{path, *std::move(file), *std::move(directory), *std::move(entries)}));
}

Result<Bytes> Archive::read(std::string_view name, std::uint64_t maxBytes) const {
    const std::string where = base::toUtf8(state_->path) + "/" + base::validUtf8(name);
    const Entry* entry = state_->find(name);
    if (entry == nullptr) {
        return Error{where + ": no such file in the archive"};
    }
    auto bytes = unpacked(state_->file, *entry, maxBytes);
    return bytes ? std::move(bytes) : Result<Bytes>(base::within(where, bytes.error()));
}

bool Archive::has(std::string_view name) const {
    return state_->find(name) != nullptr;
}

std::size_t Archive::entryCount() const {
    return state_->entries.size();
}

bool looksLikeArchive(const std::filesystem::path& file) {
    constexpr std::string_view kLocalHeader = "PK\x03\x04";
    constexpr std::string_view kEmptyArchive = "PK\x05\x06";
    std::array<char, 4> magic{};
    std::ifstream(file, std::ios::binary).read(magic.data(), magic.size());
    const std::string_view start(magic.data(), magic.size());
    return start == kLocalHeader || start == kEmptyArchive;
}

} // namespace tiles3d::archive
