#include "tiles3d/image/codecs.h"

#include <webp/decode.h>
#include <webp/encode.h>

#include <memory>

namespace tiles3d::image {

using base::Error;
using base::Result;

namespace {

const std::uint8_t* octets(base::ByteView bytes) {
    return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

} // namespace

std::optional<Size> webpSize(base::ByteView bytes) {
    int width = 0;
    int height = 0;
    if (WebPGetInfo(octets(bytes), bytes.size(), &width, &height) == 0) {
        return std::nullopt;
    }
    return Size{static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height)};
}

Result<Raster> decodeWebp(base::ByteView bytes) {
    WebPBitstreamFeatures features{};
    if (WebPGetFeatures(octets(bytes), bytes.size(), &features) != VP8_STATUS_OK) {
        return Error{"a WebP with a damaged header"};
    }
    Raster raster{.width = static_cast<std::uint32_t>(features.width),
                  .height = static_cast<std::uint32_t>(features.height),
                  .channels = features.has_alpha != 0 ? 4U : 3U};
    raster.pixels.resize(std::size_t{raster.width} * raster.height * raster.channels);
    auto* out = reinterpret_cast<std::uint8_t*>(raster.pixels.data());
    const int stride = static_cast<int>(raster.width * raster.channels);
    const auto* done =
        raster.channels == 4
            ? WebPDecodeRGBAInto(octets(bytes), bytes.size(), out, raster.pixels.size(), stride)
            : WebPDecodeRGBInto(octets(bytes), bytes.size(), out, raster.pixels.size(), stride);
    return done != nullptr ? Result<Raster>(std::move(raster))
                           : Result<Raster>(Error{"a damaged WebP"});
}

Result<base::Bytes> encodeWebp(const Raster& raster, int quality) {
    std::uint8_t* out = nullptr;
    const int width = static_cast<int>(raster.width);
    const int height = static_cast<int>(raster.height);
    const int stride = width * static_cast<int>(raster.channels);
    const auto encoder = raster.channels == 4 ? WebPEncodeRGBA : WebPEncodeRGB;
    const std::size_t size =
        encoder(octets(raster.pixels), width, height, stride, static_cast<float>(quality), &out);
    const std::unique_ptr<std::uint8_t, void (*)(void*)> owner(out, WebPFree);
    if (size == 0) {
        return Error{"a raster that cannot be written as WebP (its limit is 16,383 pixels a side)"};
    }
    const auto* begin = reinterpret_cast<const std::byte*>(out);
    return base::Bytes(begin, begin + size);
}

} // namespace tiles3d::image
