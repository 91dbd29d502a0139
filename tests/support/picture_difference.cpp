#include "tests/support/picture_difference.h"

#include "tests/support/silhouette.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <functional>

namespace tests {

namespace {

using tiles3d::image::Raster;

constexpr std::size_t kChannels = 3;
constexpr unsigned kNeutralGrey = 128;
constexpr int kDifferenceGain = 4;

unsigned valueAt(const Raster& picture, std::size_t pixel, std::size_t channel) {
    return std::to_integer<unsigned>(picture.pixels[pixel * kChannels + channel]);
}

Raster blank(std::size_t width, std::size_t height, std::byte value) {
    Raster raster{.width = static_cast<std::uint32_t>(width),
                  .height = static_cast<std::uint32_t>(height)};
    raster.pixels.assign(width * height * kChannels, value);
    return raster;
}

/// Calls visit(sample) for the samples of a pixel of the smaller picture.
void forEachSample(const Raster& picture,
                   std::size_t samples,
                   std::size_t pixel,
                   const std::function<void(std::size_t)>& visit) {
    const std::size_t columns = picture.width / samples;
    const std::size_t firstRow = pixel / columns * samples;
    const std::size_t firstColumn = pixel % columns * samples;
    for (std::size_t row = 0; row < samples; ++row) {
        for (std::size_t column = 0; column < samples; ++column) {
            visit((firstRow + row) * picture.width + firstColumn + column);
        }
    }
}

bool showsCity(const Raster& picture, std::size_t samples, std::size_t pixel) {
    bool shows = false;
    forEachSample(picture, samples, pixel, [&](std::size_t sample) {
        shows = shows || !isBackground(picture, sample);
    });
    return shows;
}

/// Puts `picture` into `target` with its left edge at that column.
void paste(Raster& target, std::size_t left, std::size_t magnification, const Raster& picture) {
    const std::size_t width = picture.width * magnification;
    const std::size_t height = picture.height * magnification;
    for (std::size_t y = 0; y < height; ++y) {
        for (std::size_t x = 0; x < width; ++x) {
            const std::size_t from = y / magnification * picture.width + x / magnification;
            std::copy_n(picture.pixels.data() + from * kChannels,
                        kChannels,
                        target.pixels.data() + (y * target.width + left + x) * kChannels);
        }
    }
}

Raster amplifiedDifference(const Raster& a, const Raster& b) {
    Raster difference = blank(a.width, a.height, std::byte{0});
    std::ranges::transform(
        a.pixels, b.pixels, difference.pixels.begin(), [](std::byte x, std::byte y) {
            const int apart = std::abs(std::to_integer<int>(x) - std::to_integer<int>(y));
            return static_cast<std::byte>(std::min(255, kDifferenceGain * apart));
        });
    return difference;
}

} // namespace

Raster meanOfSamples(const Raster& picture, std::size_t samples) {
    Raster mean = blank(picture.width / samples, picture.height / samples, std::byte{0});
    const auto count = static_cast<unsigned>(samples * samples);
    for (std::size_t pixel = 0; pixel < std::size_t{mean.width} * mean.height; ++pixel) {
        std::array<unsigned, kChannels> sum{};
        forEachSample(picture, samples, pixel, [&](std::size_t sample) {
            const bool isCity = !isBackground(picture, sample);
            for (std::size_t c = 0; c < kChannels; ++c) {
                sum[c] += isCity ? valueAt(picture, sample, c) : kNeutralGrey;
            }
        });
        for (std::size_t c = 0; c < kChannels; ++c) {
            mean.pixels[pixel * kChannels + c] =
                static_cast<std::byte>((sum[c] + count / 2) / count);
        }
    }
    return mean;
}

double psnrDecibels(const Raster& a, const Raster& b, std::size_t samples) {
    const Raster meanA = meanOfSamples(a, samples);
    const Raster meanB = meanOfSamples(b, samples);
    double squares = 0.0;
    std::size_t values = 0;
    for (std::size_t pixel = 0; pixel < std::size_t{meanA.width} * meanA.height; ++pixel) {
        if (!showsCity(a, samples, pixel) && !showsCity(b, samples, pixel)) {
            continue;
        }
        for (std::size_t c = 0; c < kChannels; ++c) {
            const double apart = static_cast<double>(valueAt(meanA, pixel, c)) -
                                 static_cast<double>(valueAt(meanB, pixel, c));
            squares += apart * apart;
        }
        values += kChannels;
    }
    if (squares == 0.0) {
        return kMostDecibels;
    }
    const double meanSquare = squares / static_cast<double>(values);
    return std::min(kMostDecibels, 10.0 * std::log10(255.0 * 255.0 / meanSquare));
}

Raster
sideBySide(const Raster& a, const Raster& b, std::size_t samples, std::size_t magnification) {
    constexpr std::size_t kGap = 8;
    const Raster meanA = meanOfSamples(a, samples);
    const Raster meanB = meanOfSamples(b, samples);
    const std::size_t width = meanA.width * magnification;
    Raster all = blank(3 * width + 2 * kGap, meanA.height * magnification, std::byte{255});
    paste(all, 0, magnification, meanA);
    paste(all, width + kGap, magnification, meanB);
    paste(all, 2 * (width + kGap), magnification, amplifiedDifference(meanA, meanB));
    return all;
}

} // namespace tests
