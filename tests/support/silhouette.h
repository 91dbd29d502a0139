#pragma once

#include "tiles3d/image/image.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tests {

/// True if a TilePainter's picture shows no city at that pixel (counted row by row).
bool isBackground(const tiles3d::image::Raster& picture, std::size_t pixel);

/// Which pixels of a TilePainter's picture show the city. Row 0 at the top.
class Silhouette {
public:
    explicit Silhouette(const tiles3d::image::Raster& picture);

    /// Adds what `other` covers, as if both had been drawn at once. REQUIRES: the same size.
    void unite(const Silhouette& other);

    std::size_t coveredPixels() const;
    std::size_t backgroundPixels() const { return isCity_.size() - coveredPixels(); }

    /// Part of `reference`'s pixels that this silhouette covers too; 1 if that has none.
    /// REQUIRES: the same size.
    double shareOf(const Silhouette& reference) const;

    /// Background that no path of background pixels, side by side, joins with the picture's edge:
    /// what shows through cracks and holes, and between things that stand at the city's edge.
    std::size_t enclosedBackgroundPixels() const;

    /// The same without what lies within `marginPixels` (a square) of background in `reference`:
    /// gaps that the city itself has. REQUIRES: the same size.
    std::size_t enclosedBackgroundPixels(const Silhouette& reference,
                                         std::size_t marginPixels) const;

    /// The city covers the pixel and all within `marginPixels` of it (a square) in the picture.
    bool isCityAround(std::size_t pixel, std::size_t marginPixels) const;

private:
    std::vector<std::size_t> enclosedBackground() const;

    std::size_t width_ = 0;
    std::size_t height_ = 0;
    std::vector<std::uint8_t> isCity_; // one per pixel, 0 or 1
};

} // namespace tests
