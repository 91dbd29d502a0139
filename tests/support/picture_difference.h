#pragma once

#include "tiles3d/image/image.h"

#include <cstddef>

namespace tests {

/// A picture of samples x samples as many pixels, each the mean of its samples; background counts
/// as neutral grey (128). REQUIRES: both sides are multiples of `samples`.
tiles3d::image::Raster meanOfSamples(const tiles3d::image::Raster& picture, std::size_t samples);

/// Peak signal-to-noise ratio in dB over all three channels, of two TilePainter's pictures with
/// `samples` x `samples` samples per pixel. Counted are the pixels with a sample of the city in
/// either picture; in those, background is grey in both: a pixel on the edge of both silhouettes
/// counts by what is drawn in it, one that only one picture covers counts in full. At most
/// kMostDecibels, also for equal pictures. REQUIRES: equal sizes, as for meanOfSamples().
double
psnrDecibels(const tiles3d::image::Raster& a, const tiles3d::image::Raster& b, std::size_t samples);
inline constexpr double kMostDecibels = 99.0;

/// a | b | four times their absolute difference, with white gaps, background grey, each pixel of
/// the mean as `magnification` x `magnification` pixels.
tiles3d::image::Raster sideBySide(const tiles3d::image::Raster& a,
                                  const tiles3d::image::Raster& b,
                                  std::size_t samples,
                                  std::size_t magnification);

} // namespace tests
