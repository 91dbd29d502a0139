#pragma once

#include "tiles3d/image/image.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace pipeline::sample {

/// A rectangle of pixels.
struct PixelRect {
    std::int64_t x = 0;
    std::int64_t y = 0;
    std::int64_t width = 0;
    std::int64_t height = 0;
};

struct AtlasLayout {
    std::uint32_t width = 0; ///< A power of two.
    std::uint32_t height = 0;
    std::vector<PixelRect> places; ///< One per patch, in the order given.
};

/// Places patches without overlap in the smallest power-of-two picture that shelf packing finds
/// room in; nothing if `maxSide` is too small. Only width and height of the patches are read.
std::optional<AtlasLayout> packAtlas(const std::vector<PixelRect>& patches, std::uint32_t maxSide);

/// Copies `part` of `source` to (x, y) of `target`; pixels outside the source repeat its edge.
/// REQUIRES: the part fits into the target; both have three channels.
void copyPatch(const tiles3d::image::Raster& source,
               const PixelRect& part,
               tiles3d::image::Raster& target,
               const PixelRect& place);

/// Half the size, each pixel the mean of up to four.
tiles3d::image::Raster halved(const tiles3d::image::Raster& source);

/// A raster of one colour.
tiles3d::image::Raster filled(std::uint32_t width, std::uint32_t height, std::byte grey);

} // namespace pipeline::sample
