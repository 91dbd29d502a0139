#include "tiles3d/archive/decompression.h"

#include "tiles3d/archive/gzip.h"

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <climits>
#include <memory>
#include <string_view>
#include <utility>

namespace tiles3d::archive {

using base::Bytes;
using base::ByteView;
using base::Error;
using base::Result;

namespace {

constexpr std::size_t kStepBytes = std::size_t{1} << 20U;

Error damaged(const char* what) {
    return Error{fmt::format("damaged {} data", what)};
}

/// Room for more output where there is none: twice as much as there is, never beyond `size`.
void growInPlace(Bytes& out, std::size_t written, std::uint64_t size) {
    if (written == out.size()) {
        out.resize(std::min<std::uint64_t>(size, std::max(kStepBytes, out.size() * 2)));
    }
}

struct EndInflate {
    void operator()(z_stream* stream) const { inflateEnd(stream); }
};

constexpr int kRawDeflate = -MAX_WBITS;
constexpr int kGzip = MAX_WBITS + 16;

/// What comes out, all of it, as long as that is no more than `maxBytes`.
Result<Bytes> inflated(ByteView packed, int format, std::uint64_t maxBytes) {
    z_stream stream{};
    if (inflateInit2(&stream, format) != Z_OK) {
        return Error{"no memory to inflate"};
    }
    const std::unique_ptr<z_stream, EndInflate> owner(&stream);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    Bytes out;
    std::size_t written = 0;
    int state = Z_OK;
    while (state == Z_OK && written <= maxBytes) {
        growInPlace(out, written, maxBytes + 1); // one byte more than allowed shows an excess
        stream.next_out = reinterpret_cast<Bytef*>(out.data() + written);
        stream.avail_out = static_cast<uInt>(std::min<std::size_t>(out.size() - written, UINT_MAX));
        const uInt room = stream.avail_out;
        state = inflate(&stream, Z_NO_FLUSH);
        written += room - stream.avail_out;
    }
    if (written > maxBytes) {
        return Error{fmt::format("more than {} bytes when unpacked", maxBytes)};
    }
    if (state != Z_STREAM_END) {
        return damaged("deflate");
    }
    out.resize(written);
    return out;
}

struct FreeZstd {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

Result<Bytes> unpackedZstd(ByteView packed, std::uint64_t size) {
    const std::unique_ptr<ZSTD_DCtx, FreeZstd> context(ZSTD_createDCtx());
    ZSTD_inBuffer in{packed.data(), packed.size(), 0};
    Bytes out;
    std::size_t written = 0;
    std::size_t wants = 1; // 0: a frame has ended
    while (context && wants != 0) {
        growInPlace(out, written, size + 1); // one byte more than there should be shows an excess
        ZSTD_outBuffer target{out.data(), out.size(), written};
        const std::size_t read = in.pos;
        wants = ZSTD_decompressStream(context.get(), &target, &in);
        const bool stands = target.pos == written && in.pos == read;
        written = target.pos;
        if (ZSTD_isError(wants) != 0U || written > size || (stands && wants != 0)) {
            return damaged("zstandard");
        }
    }
    if (written != size || in.pos != packed.size()) {
        return damaged("zstandard");
    }
    out.resize(size);
    return out;
}

Result<Bytes> ofSize(Result<Bytes> bytes, std::uint64_t size) {
    return bytes && bytes->size() == size ? std::move(bytes) : Result<Bytes>(damaged("deflate"));
}

} // namespace

Result<Bytes> decompress(ByteView packed, Method method, std::uint64_t size) {
    switch (method) {
    case Method::Stored:
        return packed.size() == size ? Result<Bytes>(Bytes(packed.begin(), packed.end()))
                                     : Result<Bytes>(damaged("stored"));
    case Method::Deflated:
        return ofSize(inflated(packed, kRawDeflate, size), size);
    case Method::Zstandard:
        return unpackedZstd(packed, size);
    }
    return Error{fmt::format("compression method {}; stored (0), deflate (8) and zstandard (93) "
                             "are read here",
                             static_cast<int>(method))};
}

bool isGzip(ByteView bytes) {
    constexpr std::string_view kMagic = "\x1F\x8B\x08";
    return base::asText(bytes).starts_with(kMagic);
}

Result<Bytes> gunzip(ByteView gzip, std::uint64_t maxBytes) {
    return inflated(gzip, kGzip, maxBytes);
}

std::uint32_t crc32Of(ByteView bytes) {
    return static_cast<std::uint32_t>(
        crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

} // namespace tiles3d::archive
