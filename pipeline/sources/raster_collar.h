#pragma once

#include "pipeline/sources/raster_window.h"
#include "tiles3d/image/image.h"

#include <cstdint>
#include <vector>

namespace pipeline::sources {

/// The black collar of an orthophoto, coarsely: cells that lie in a black region connected to the
/// raster's edge. Pictures that were rotated or cut along a border come with one, often without a
/// word of it in the file, and JPEG gives it noise.
struct CollarMask {
    double cellColumns = 1.0; ///< Pixels per cell.
    double cellRows = 1.0;
    std::uint32_t columns = 0; ///< Cells.
    std::uint32_t rows = 0;
    std::vector<std::uint8_t> cells; ///< Row-major from the upper left; 1: collar.

    /// Whether the cell at that pixel, or one next to it, is collar. False outside of the raster.
    bool isNear(double column, double row) const;
    /// Whether isNear() is true anywhere in the window.
    bool touches(const RasterWindow& window) const;
};

/// Red, green and blue of a collar's pixels are at most this, for the noise of JPEG.
inline constexpr int kNearBlack = 16;

/// Whether all channels of pixel `index` are at most `limit`; alpha does not count.
bool isNearBlack(const tiles3d::image::Raster& picture, std::size_t index, int limit = kNearBlack);

/// Finds the collar in a reduced picture of the whole raster of width x height pixels: black
/// regions connected to the picture's edge along at least a hundredth of its sides' sum. Shadows
/// and water inside, however dark, are none; nor is a dark roof that the edge cuts, if it is
/// smaller than that.
CollarMask
findCollar(const tiles3d::image::Raster& picture, std::uint32_t width, std::uint32_t height);

/// Sets alpha to 0 where `picture`, RGBA, made of `window`, shows the collar: near-black pixels in
/// or next to the mask's cells, and two pixels round them for what JPEG and averaging smeared. For
/// that ring, pixels beyond the window are not known: read two pixels more than needed.
void hideCollarInPlace(tiles3d::image::Raster& picture,
                       const CollarMask& mask,
                       const RasterWindow& window);

} // namespace pipeline::sources
