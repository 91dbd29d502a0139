#include "tiles3d/image/codecs.h"

#include <png.h>

#include <memory>

namespace tiles3d::image {

using base::Error;
using base::Result;

namespace {

struct FreeImage {
    void operator()(png_image* image) const { png_image_free(image); }
};

} // namespace

std::optional<Size> pngSize(base::ByteView bytes) {
    constexpr std::size_t kHeaderEnd = 24; // signature, length and name of IHDR, width, height
    constexpr std::size_t kWidthAt = 16;
    if (bytes.size() < kHeaderEnd || base::asText(bytes.subspan(12, 4)) != "IHDR") {
        return std::nullopt;
    }
    const auto number = [&](std::size_t at) {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            value = value << 8U | std::to_integer<std::uint32_t>(bytes[at + i]);
        }
        return value;
    };
    return Size{number(kWidthAt), number(kWidthAt + 4)};
}

Result<Raster> decodePng(base::ByteView bytes) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    const std::unique_ptr<png_image, FreeImage> owner(&image);
    if (png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) == 0) {
        return Error{std::string("a damaged PNG: ") + image.message};
    }
    const bool hasAlpha = (image.format & PNG_FORMAT_FLAG_ALPHA) != 0;
    image.format = hasAlpha ? PNG_FORMAT_RGBA : PNG_FORMAT_RGB;
    Raster raster{.width = image.width, .height = image.height, .channels = hasAlpha ? 4U : 3U};
    raster.pixels.resize(std::size_t{raster.width} * raster.height * raster.channels);
    if (png_image_finish_read(&image, nullptr, raster.pixels.data(), 0, nullptr) == 0) {
        return Error{std::string("a damaged PNG: ") + image.message};
    }
    return raster;
}

Result<base::Bytes> encodePng(const Raster& raster) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = raster.width;
    image.height = raster.height;
    image.format = raster.channels == 4 ? PNG_FORMAT_RGBA : PNG_FORMAT_RGB;
    const std::unique_ptr<png_image, FreeImage> owner(&image);
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    base::Bytes bytes(size);
    if (png_image_write_to_memory(
            &image, bytes.data(), &size, 0, raster.pixels.data(), 0, nullptr) == 0) {
        return Error{std::string("a raster that cannot be written as PNG: ") + image.message};
    }
    bytes.resize(size);
    return bytes;
}

} // namespace tiles3d::image
