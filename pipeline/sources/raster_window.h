#pragma once

#include <cstdint>

namespace pipeline::sources {

/// A rectangle of pixels, from the upper left corner of the raster.
struct RasterWindow {
    std::uint32_t column = 0;
    std::uint32_t row = 0;
    std::uint32_t columns = 0;
    std::uint32_t rows = 0;
};

} // namespace pipeline::sources
