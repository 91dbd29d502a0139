#include "tests/support/zip_writer.h"

#include <zlib.h>
#include <zstd.h>

namespace tests {

namespace base = tiles3d::base;

namespace {

class Output {
public:
    void number(std::uint64_t value, int bytes) {
        for (int i = 0; i < bytes; ++i) {
            bytes_.push_back(static_cast<std::byte>(value >> (8 * static_cast<unsigned>(i))));
        }
    }
    void text(std::string_view text) {
        const base::ByteView view = base::asBytes(text);
        bytes_.insert(bytes_.end(), view.begin(), view.end());
    }
    std::uint64_t size() const { return bytes_.size(); }
    base::Bytes take() { return std::move(bytes_); }

private:
    base::Bytes bytes_;
};

std::string deflated(const std::string& text) {
    z_stream stream{};
    deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, text.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string packed(const ZipEntry& entry) {
    constexpr int kDeflate = 8;
    constexpr int kZstandard = 93;
    if (entry.method == kDeflate) {
        return deflated(entry.text);
    }
    if (entry.method != kZstandard) {
        return entry.text;
    }
    std::string out(ZSTD_compressBound(entry.text.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), entry.text.data(), entry.text.size(), 1));
    return out;
}

/// What local header and directory say alike: version, flags, method, time, checksum, sizes.
void putFacts(Output& out, const ZipEntry& entry, std::uint64_t packedBytes, bool zip64) {
    constexpr std::uint64_t kInZip64 = 0xFFFFFFFF;
    const auto* octets = reinterpret_cast<const Bytef*>(entry.text.data());
    const auto stated = static_cast<std::int64_t>(entry.text.size()) + entry.statedBytesMore;
    out.number(45, 2);
    out.number(0x800, 2); // names are UTF-8
    out.number(static_cast<std::uint64_t>(entry.method), 2);
    out.number(0, 4);
    out.number(crc32_z(0, octets, entry.text.size()) ^ entry.crcMask, 4);
    out.number(zip64 ? kInZip64 : packedBytes, 4);
    out.number(zip64 ? kInZip64 : static_cast<std::uint64_t>(stated), 4);
}

void putDirectoryEntry(Output& directory,
                       const ZipEntry& entry,
                       std::uint64_t packedBytes,
                       std::uint64_t headerAt,
                       bool zip64) {
    const std::uint64_t stated =
        entry.text.size() + static_cast<std::uint64_t>(entry.statedBytesMore);
    directory.number(0x02014b50, 4);
    directory.number(45, 2);
    putFacts(directory, entry, packedBytes, zip64);
    directory.number(entry.name.size(), 2);
    directory.number(zip64 ? 28 : 0, 2);
    directory.number(0, 2); // comment
    directory.number(0, 8); // disk, attributes
    directory.number(zip64 ? 0xFFFFFFFF : headerAt, 4);
    directory.text(entry.name);
    if (zip64) {
        directory.number(1, 2);
        directory.number(24, 2);
        directory.number(stated, 8);
        directory.number(packedBytes, 8);
        directory.number(headerAt, 8);
    }
}

void putEnd(Output& out,
            std::size_t count,
            std::uint64_t directoryBytes,
            std::uint64_t directoryAt,
            const ZipOptions& options) {
    const std::uint64_t zip64At = out.size();
    if (options.zip64) {
        out.number(0x06064b50, 4);
        out.number(44, 8);
        out.number(45, 2);
        out.number(45, 2);
        out.number(0, 8);
        out.number(count, 8);
        out.number(count, 8);
        out.number(directoryBytes, 8);
        out.number(directoryAt, 8);
        out.number(0x07064b50, 4);
        out.number(0, 4);
        out.number(zip64At, 8);
        out.number(1, 4);
    }
    out.number(0x06054b50, 4);
    out.number(0, 4);
    out.number(count, 2);
    out.number(count, 2);
    out.number(options.zip64 ? 0xFFFFFFFF : directoryBytes, 4);
    out.number(options.zip64 ? 0xFFFFFFFF : directoryAt, 4);
    out.number(options.comment.size(), 2);
    out.text(options.comment);
}

} // namespace

base::Bytes zipOf(const std::vector<ZipEntry>& entries, const ZipOptions& options) {
    Output out;
    Output directory;
    for (const ZipEntry& entry : entries) {
        const std::string bytes = packed(entry);
        const std::string& name = entry.headerName.empty() ? entry.name : entry.headerName;
        putDirectoryEntry(directory, entry, bytes.size(), out.size(), options.zip64);
        out.number(0x04034b50, 4);
        putFacts(out, entry, bytes.size(), false);
        out.number(name.size(), 2);
        out.number(0, 2);
        out.text(name);
        out.text(bytes);
    }
    const std::uint64_t directoryAt = out.size();
    const base::Bytes written = directory.take();
    out.text(base::asText(written));
    putEnd(out, entries.size(), written.size(), directoryAt, options);
    return out.take();
}

} // namespace tests
