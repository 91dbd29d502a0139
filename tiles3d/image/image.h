#pragma once

#include "tiles3d/base/bytes.h"
#include "tiles3d/base/result.h"

#include <cstdint>

namespace tiles3d::image {

enum class ImageFormat { Unknown, Jpeg, Png, Webp };

/// An image file's bytes with what its header says.
struct EncodedImage {
    ImageFormat format = ImageFormat::Unknown;
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    base::Bytes bytes;
};

/// Pixels, row-major, row 0 at the top, 8 bits a channel, sRGB as stored, no row padding.
struct Raster {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::uint32_t channels = 3; ///< 3 RGB or 4 RGBA (not premultiplied).
    base::Bytes pixels;         ///< width * height * channels bytes.
};

/// The format by its magic bytes, never by a file name.
ImageFormat sniffFormat(base::ByteView bytes);

/// Wraps the bytes of a JPEG, PNG or WebP file: sniffs the format and reads width and height from
/// the header (a JPEG's as far as its first scan); pixels are not decoded. Fails on another format,
/// a broken header or a zero size.
base::Result<EncodedImage> readHeader(base::Bytes bytes);

struct DecodeOptions {
    /// Decoding refuses more pixels than this (a 40-byte file can claim 65,535 x 65,535).
    std::uint64_t maxPixels = std::uint64_t{16384} * 16384;
    /// JPEG only: decode at 1/1, 1/2, 1/4 or 1/8 size by the DCT (1, 2, 4 or 8); others ignore it.
    std::uint32_t jpegScaleDenominator = 1;
    /// JPEG only: take what web clients would still show of truncated or damaged data.
    bool toleratesDamage = false;
};

/// Pixels of an encoded image. Grey becomes RGB; alpha is kept for PNG and WebP. A truncated or
/// damaged JPEG fails unless told otherwise: half a picture is a loss nobody sees.
base::Result<Raster> decode(base::ByteView bytes, const DecodeOptions& options = {});

struct EncodeOptions {
    ImageFormat format = ImageFormat::Jpeg;
    int quality = 85; ///< 1-100, JPEG and WebP.
    /// JPEG: colour at half the resolution (4:2:0), a fifth fewer bytes. In an atlas of small
    /// charts it runs over their edges.
    bool halvesColour = true;
};

/// The raster as an image file. JPEG drops alpha. Same input, same bytes.
base::Result<EncodedImage> encode(const Raster& raster, const EncodeOptions& options = {});

} // namespace tiles3d::image
