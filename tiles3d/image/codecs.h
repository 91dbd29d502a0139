#pragma once

#include "tiles3d/image/image.h"

#include <optional>

namespace tiles3d::image {

struct Size {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
};

/// The doors of the three libraries; image.cpp chooses between them. Contracts as in image.h.
std::optional<Size> jpegSize(base::ByteView bytes);
base::Result<Raster> decodeJpeg(base::ByteView bytes, const DecodeOptions& options);
base::Result<base::Bytes> encodeJpeg(const Raster& raster, const EncodeOptions& options);

std::optional<Size> pngSize(base::ByteView bytes);
base::Result<Raster> decodePng(base::ByteView bytes);
base::Result<base::Bytes> encodePng(const Raster& raster);

std::optional<Size> webpSize(base::ByteView bytes);
base::Result<Raster> decodeWebp(base::ByteView bytes);
base::Result<base::Bytes> encodeWebp(const Raster& raster, int quality);

} // namespace tiles3d::image
