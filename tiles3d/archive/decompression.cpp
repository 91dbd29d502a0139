#include "tiles3d/archive/decompression.h"

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <memory>

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

Result<Bytes> inflated(ByteView packed, std::uint64_t size) {
    constexpr int kRaw = -MAX_WBITS; // without zlib's own header
    z_stream stream{};
    if (inflateInit2(&stream, kRaw) != Z_OK) {
        return Error{"no memory to inflate"};
    }
    const std::unique_ptr<z_stream, EndInflate> owner(&stream);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    Bytes out;
    std::size_t written = 0;
    int state = Z_OK;
    while (state == Z_OK && written < size) {
        growInPlace(out, written, size);
        stream.next_out = reinterpret_cast<Bytef*>(out.data() + written);
        stream.avail_out = static_cast<uInt>(out.size() - written);
        state = inflate(&stream, Z_NO_FLUSH);
        written = out.size() - stream.avail_out;
    }
    if (written == size && state == Z_OK) { // whether that was all shows when more is asked for
        std::byte beyond{};
        stream.next_out = reinterpret_cast<Bytef*>(&beyond);
        stream.avail_out = 1;
        state = inflate(&stream, Z_NO_FLUSH);
        written += 1 - stream.avail_out;
    }
    return written == size && state == Z_STREAM_END ? Result<Bytes>(std::move(out))
                                                    : Result<Bytes>(damaged("deflate"));
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

} // namespace

Result<Bytes> decompress(ByteView packed, Method method, std::uint64_t size) {
    switch (method) {
    case Method::Stored:
        return packed.size() == size ? Result<Bytes>(Bytes(packed.begin(), packed.end()))
                                     : Result<Bytes>(damaged("stored"));
    case Method::Deflated:
        return inflated(packed, size);
    case Method::Zstandard:
        return unpackedZstd(packed, size);
    }
    return Error{fmt::format("compression method {}; stored (0), deflate (8) and zstandard (93) "
                             "are read here",
                             static_cast<int>(method))};
}

std::uint32_t crc32Of(ByteView bytes) {
    return static_cast<std::uint32_t>(
        crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

} // namespace tiles3d::archive
