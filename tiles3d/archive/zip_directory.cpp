#include "tiles3d/archive/zip_directory.h"

#include <fmt/format.h>

#include <algorithm>

namespace tiles3d::archive {

using base::ByteView;
using base::Error;
using base::Result;

namespace {

constexpr std::uint64_t kEndSignature = 0x06054b50;
constexpr std::uint64_t kZip64LocatorSignature = 0x07064b50;
constexpr std::uint64_t kZip64EndSignature = 0x06064b50;
constexpr std::uint64_t kEntrySignature = 0x02014b50;
constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kLocatorBytes = 20;
constexpr std::size_t kEntryBytes = 46;
constexpr std::uint64_t kInZip64 = 0xFFFFFFFF; ///< The true number is in the zip64 field.

/// Where the end record starts: the last place that looks like one.
std::optional<std::size_t> findEnd(ByteView tail) {
    for (std::size_t at = tail.size() < kEndBytes ? 0 : tail.size() - kEndBytes + 1; at-- > 0;) {
        if (littleEndian(tail, at, 4) == kEndSignature) {
            return at;
        }
    }
    return std::nullopt;
}

/// The zip64 field among an entry's extra fields: it holds those numbers, in this order, that do
/// not fit the entry itself.
void takeZip64Numbers(ByteView extra, Entry& entry) {
    constexpr std::uint64_t kZip64Field = 1;
    for (std::size_t at = 0; at + 4 <= extra.size();) {
        const std::size_t bytes = littleEndian(extra, at + 2, 2);
        const ByteView field =
            extra.subspan(at + 4, std::min<std::size_t>(bytes, extra.size() - at - 4));
        std::size_t taken = 0;
        const bool isZip64 = littleEndian(extra, at, 2) == kZip64Field;
        for (std::uint64_t* number : {&entry.bytes, &entry.packedBytes, &entry.headerOffset}) {
            if (isZip64 && *number == kInZip64 && taken + 8 <= field.size()) {
                *number = littleEndian(field, taken, 8);
                taken += 8;
            }
        }
        at += 4 + bytes;
    }
}

} // namespace

std::uint64_t littleEndian(ByteView bytes, std::size_t at, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = count; i-- > 0;) {
        value = value << 8U | std::to_integer<std::uint64_t>(bytes[at + i]);
    }
    return value;
}

Result<EndRecord> endRecord(ByteView tail) {
    const std::optional<std::size_t> end = findEnd(tail);
    if (!end) {
        return Error{"not a ZIP archive, or one that is cut off: it has no directory at its end"};
    }
    EndRecord record{.place = {.offset = littleEndian(tail, *end + 16, 4),
                               .bytes = littleEndian(tail, *end + 12, 4)}};
    const bool hasLocator = *end >= kLocatorBytes &&
                            littleEndian(tail, *end - kLocatorBytes, 4) == kZip64LocatorSignature;
    if (hasLocator) {
        record.zip64At = littleEndian(tail, *end - kLocatorBytes + 8, 8);
    }
    return record;
}

Result<DirectoryPlace> zip64Place(ByteView record) {
    if (record.size() < kZip64EndBytes || littleEndian(record, 0, 4) != kZip64EndSignature) {
        return Error{"a ZIP archive whose zip64 end record is not where it should be"};
    }
    return DirectoryPlace{.offset = littleEndian(record, 48, 8),
                          .bytes = littleEndian(record, 40, 8)};
}

Result<std::vector<Entry>> readDirectory(ByteView directory) {
    std::vector<Entry> entries;
    for (std::size_t at = 0; at < directory.size();) {
        const ByteView rest = directory.subspan(at);
        if (rest.size() < kEntryBytes || littleEndian(rest, 0, 4) != kEntrySignature) {
            return Error{fmt::format("a ZIP archive whose directory is damaged at entry {}",
                                     entries.size())};
        }
        const std::size_t nameBytes = littleEndian(rest, 28, 2);
        const std::size_t extraBytes = littleEndian(rest, 30, 2);
        const std::size_t entryBytes =
            kEntryBytes + nameBytes + extraBytes + littleEndian(rest, 32, 2);
        if (entryBytes > rest.size()) {
            return Error{fmt::format("a ZIP archive whose directory is cut off at entry {}",
                                     entries.size())};
        }
        Entry entry{.name = base::asText(rest.subspan(kEntryBytes, nameBytes)),
                    .headerOffset = littleEndian(rest, 42, 4),
                    .packedBytes = littleEndian(rest, 20, 4),
                    .bytes = littleEndian(rest, 24, 4),
                    .crc32 = static_cast<std::uint32_t>(littleEndian(rest, 16, 4)),
                    .method = static_cast<std::uint16_t>(littleEndian(rest, 10, 2)),
                    .isEncrypted = (littleEndian(rest, 8, 2) & 1U) != 0};
        takeZip64Numbers(rest.subspan(kEntryBytes + nameBytes, extraBytes), entry);
        entries.push_back(entry);
        at += entryBytes;
    }
    std::ranges::stable_sort(entries, {}, &Entry::name);
    return entries;
}

} // namespace tiles3d::archive
