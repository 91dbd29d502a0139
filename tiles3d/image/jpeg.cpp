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

unsigned at(base::ByteView bytes, std::size_t index) {
    return std::to_integer<unsigned>(bytes[index]);
}

const unsigned char* octets(base::ByteView bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

/// Start of frame: 0xC0-0xCF without the three markers that mean other things.
bool isFrame(unsigned marker) {
    return marker >= 0xC0U && marker <= 0xCFU && marker != 0xC4U && marker != 0xC8U &&
           marker != 0xCCU;
}

} // namespace

std::optional<Size> jpegSize(base::ByteView bytes) {
    constexpr std::size_t kFrameBytes = 9; // marker, length, precision, height, width
    for (std::size_t i = 2; i + kFrameBytes <= bytes.size();) {
        if (at(bytes, i) != 0xFFU) {
            return std::nullopt;
        }
        const unsigned marker = at(bytes, i + 1);
        if (marker == 0xFFU) { // fill byte
            ++i;
            continue;
        }
        if (isFrame(marker)) {
            return Size{at(bytes, i + 7) << 8U | at(bytes, i + 8),
                        at(bytes, i + 5) << 8U | at(bytes, i + 6)};
        }
        const std::size_t length = at(bytes, i + 2) << 8U | at(bytes, i + 3);
        if (length < 2) {
            return std::nullopt;
        }
        i += 2 + length;
    }
    return std::nullopt;
}

Result<Raster> decodeJpeg(base::ByteView bytes, const DecodeOptions& options) {
    const std::uint32_t denominator = options.jpegScaleDenominator;
    if (denominator != 1 && denominator != 2 && denominator != 4 && denominator != 8) {
        return Error{"JPEGs decode at 1/1, 1/2, 1/4 or 1/8, not at 1/" +
                     std::to_string(denominator)};
    }
    const Handle handle(tjInitDecompress());
    int width = 0;
    int height = 0;
    int subsampling = 0;
    int colourSpace = 0;
    if (!handle || tjDecompressHeader3(handle.get(),
                                       octets(bytes),
                                       bytes.size(),
                                       &width,
                                       &height,
                                       &subsampling,
                                       &colourSpace) != 0) {
        return Error{"a JPEG with a damaged header"};
    }
    if (colourSpace == TJCS_CMYK || colourSpace == TJCS_YCCK) {
        return Error{"a CMYK JPEG, which no viewer of 3D Tiles shows"};
    }
    // Again: damaged markers may lead jpegSize and libjpeg to different frames.
    const std::uint64_t pixels =
        static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(height);
    if (pixels > options.maxPixels) {
        return Error{"a JPEG of " + std::to_string(pixels) + " pixels, the limit is " +
                     std::to_string(options.maxPixels)};
    }
    const tjscalingfactor scale{1, static_cast<int>(denominator)};
    Raster raster;
    const int scaledWidth = TJSCALED(width, scale);
    const int scaledHeight = TJSCALED(height, scale);
    raster.width = static_cast<std::uint32_t>(scaledWidth);
    raster.height = static_cast<std::uint32_t>(scaledHeight);
    raster.pixels.resize(std::size_t{raster.width} * raster.height * raster.channels);
    if (tjDecompress2(handle.get(),
                      octets(bytes),
                      bytes.size(),
                      reinterpret_cast<unsigned char*>(raster.pixels.data()),
                      scaledWidth,
                      0,
                      scaledHeight,
                      TJPF_RGB,
                      TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS) != 0) {
        return Error{std::string("a damaged JPEG: ") + tjGetErrorStr2(handle.get())};
    }
    return raster;
}

Result<base::Bytes> encodeJpeg(const Raster& raster, int quality) {
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
                                            TJSAMP_420,
                                            quality,
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
