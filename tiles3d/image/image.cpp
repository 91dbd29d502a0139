#include "tiles3d/image/image.h"

#include "tiles3d/image/codecs.h"

#include <algorithm>
#include <array>

namespace tiles3d::image {

using base::Error;
using base::Result;

namespace {

bool startsWith(base::ByteView bytes, std::size_t at, std::string_view magic) {
    return bytes.size() >= at + magic.size() &&
           base::asText(bytes.subspan(at, magic.size())) == magic;
}

std::optional<Size> sizeOf(base::ByteView bytes, ImageFormat format) {
    switch (format) {
    case ImageFormat::Jpeg:
        return jpegSize(bytes);
    case ImageFormat::Png:
        return pngSize(bytes);
    case ImageFormat::Webp:
        return webpSize(bytes);
    case ImageFormat::Unknown:
        break;
    }
    return std::nullopt;
}

} // namespace

ImageFormat sniffFormat(base::ByteView bytes) {
    if (startsWith(bytes, 0, "\xFF\xD8\xFF")) {
        return ImageFormat::Jpeg;
    }
    if (startsWith(bytes, 0, "\x89PNG\r\n\x1A\n")) {
        return ImageFormat::Png;
    }
    constexpr std::size_t kWebpMagicAt = 8;
    if (startsWith(bytes, 0, "RIFF") && startsWith(bytes, kWebpMagicAt, "WEBP")) {
        return ImageFormat::Webp;
    }
    return ImageFormat::Unknown;
}

Result<EncodedImage> readHeader(base::Bytes bytes) {
    EncodedImage image;
    image.format = sniffFormat(bytes);
    if (image.format == ImageFormat::Unknown) {
        return Error{"an image that is neither JPEG, PNG nor WebP"};
    }
    const std::optional<Size> size = sizeOf(bytes, image.format);
    if (!size || size->width == 0 || size->height == 0) {
        return Error{"an image with a damaged header"};
    }
    image.width = size->width;
    image.height = size->height;
    image.bytes = std::move(bytes);
    return image;
}

Result<Raster> decode(base::ByteView bytes, const DecodeOptions& options) {
    const ImageFormat format = sniffFormat(bytes);
    const std::optional<Size> size = sizeOf(bytes, format);
    if (!size || size->width == 0 || size->height == 0) {
        return Error{"an image that is neither JPEG, PNG nor WebP, or has a damaged header"};
    }
    const std::uint64_t pixels = std::uint64_t{size->width} * size->height;
    if (pixels > options.maxPixels) {
        return Error{"an image of " + std::to_string(pixels) + " pixels, the limit is " +
                     std::to_string(options.maxPixels)};
    }
    switch (format) {
    case ImageFormat::Jpeg:
        return decodeJpeg(bytes, options);
    case ImageFormat::Png:
        return decodePng(bytes);
    default:
        return decodeWebp(bytes);
    }
}

Result<EncodedImage> encode(const Raster& raster, const EncodeOptions& options) {
    const std::size_t expected = std::size_t{raster.width} * raster.height * raster.channels;
    if (expected == 0 || raster.pixels.size() != expected ||
        (raster.channels != 3 && raster.channels != 4)) {
        return Error{"a raster whose size does not fit its pixels"};
    }
    Result<base::Bytes> bytes = Error{"no such image format to encode"};
    if (options.format == ImageFormat::Jpeg) {
        bytes = encodeJpeg(raster, options);
    } else if (options.format == ImageFormat::Png) {
        bytes = encodePng(raster);
    } else if (options.format == ImageFormat::Webp) {
        bytes = encodeWebp(raster, options.quality);
    }
    if (!bytes) {
        return bytes.error();
    }
    return EncodedImage{options.format, raster.width, raster.height, *std::move(bytes)};
}

} // namespace tiles3d::image
