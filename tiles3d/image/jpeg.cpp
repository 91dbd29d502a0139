#include "tiles3d/image/codecs.h"

#include <turbojpeg.h>

#include <memory>

namespace tiles3d::image {

using base::Error;
using base::Result;

namespace {

struct DestroyHandle {
    void operator()(void* handle) const { tjDestroy(handle); }
};
using Handle = std::unique_ptr<void, DestroyHandle>;

const unsigned char* octets(base::ByteView bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

struct Header {
    int width = 0;
    int height = 0;
    int subsampling = 0;
    int colourSpace = 0;
};

/// Everything up to the first scan, as libjpeg understands it; what it only warns of is taken.
std::optional<Header> readHeader(const Handle& handle, base::ByteView bytes) {
    Header header;
    const bool isRead = handle && (tjDecompressHeader3(handle.get(),
                                                       octets(bytes),
                                                       bytes.size(),
                                                       &header.width,
                                                       &header.height,
                                                       &header.subsampling,
                                                       &header.colourSpace) == 0 ||
                                   tjGetErrorCode(handle.get()) == TJERR_WARNING);
    return isRead && header.width > 0 && header.height > 0 ? std::optional(header) : std::nullopt;
}

} // namespace

std::optional<Size> jpegSize(base::ByteView bytes) {
    const std::optional<Header> header = readHeader(Handle(tjInitDecompress()), bytes);
    return header ? std::optional(Size{static_cast<std::uint32_t>(header->width),
                                       static_cast<std::uint32_t>(header->height)})
                  : std::nullopt;
}

Result<Raster> decodeJpeg(base::ByteView bytes, const DecodeOptions& options) {
    const std::uint32_t denominator = options.jpegScaleDenominator;
    if (denominator != 1 && denominator != 2 && denominator != 4 && denominator != 8) {
        return Error{"JPEGs decode at 1/1, 1/2, 1/4 or 1/8, not at 1/" +
                     std::to_string(denominator)};
    }
    const Handle handle(tjInitDecompress());
    const std::optional<Header> header = readHeader(handle, bytes);
    if (!header) {
        return Error{"a JPEG with a damaged header"};
    }
    if (header->colourSpace == TJCS_CMYK || header->colourSpace == TJCS_YCCK) {
        return Error{"a CMYK JPEG, which no viewer of 3D Tiles shows"};
    }
    const tjscalingfactor scale{1, static_cast<int>(denominator)};
    Raster raster;
    const int scaledWidth = TJSCALED(header->width, scale);
    const int scaledHeight = TJSCALED(header->height, scale);
    raster.width = static_cast<std::uint32_t>(scaledWidth);
    raster.height = static_cast<std::uint32_t>(scaledHeight);
    raster.pixels.resize(std::size_t{raster.width} * raster.height * raster.channels);
    const int flags = TJFLAG_LIMITSCANS | (options.toleratesDamage ? 0 : TJFLAG_STOPONWARNING);
    if (tjDecompress2(handle.get(),
                      octets(bytes),
                      bytes.size(),
                      reinterpret_cast<unsigned char*>(raster.pixels.data()),
                      scaledWidth,
                      0,
                      scaledHeight,
                      TJPF_RGB,
                      flags) != 0 &&
        !(options.toleratesDamage && tjGetErrorCode(handle.get()) == TJERR_WARNING)) {
        return Error{std::string("a damaged JPEG: ") + tjGetErrorStr2(handle.get())};
    }
    return raster;
}

Result<base::Bytes> encodeJpeg(const Raster& raster, const EncodeOptions& options) {
    const Handle handle(tjInitCompress());
    unsigned char* out = nullptr;
    unsigned long size = 0;
    const int failed = handle ? tjCompress2(handle.get(),
                                            octets(raster.pixels),
                                            static_cast<int>(raster.width),
                                            0,
                                            static_cast<int>(raster.height),
                                            raster.channels == 4 ? TJPF_RGBX : TJPF_RGB,
                                            &out,
                                            &size,
                                            options.halvesColour ? TJSAMP_420 : TJSAMP_444,
                                            options.quality,
                                            0)
                              : 1;
    const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owner(out, tjFree);
    if (failed != 0) {
        return Error{"a raster that cannot be written as JPEG"};
    }
    const auto* begin = reinterpret_cast<const std::byte*>(out);
    return base::Bytes(begin, begin + size);
}

} // namespace tiles3d::image
