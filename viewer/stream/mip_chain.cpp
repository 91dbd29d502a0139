#include "viewer/stream/mip_chain.h"

#include <algorithm>
#include <utility>

namespace viewer::stream {

namespace {

struct LevelSize {
    std::size_t width = 0;
    std::size_t height = 0;

    bool isLast() const { return width == 1 && height == 1; }
    LevelSize half() const {
        return {std::max<std::size_t>(width / 2, 1), std::max<std::size_t>(height / 2, 1)};
    }
};

/// Two rows of the finer level; equal where it has only one.
struct RowPair {
    const std::byte* upper = nullptr;
    const std::byte* lower = nullptr;
    std::size_t stepBytes = 0; ///< To the texel's right neighbour; 0 where there is none.
};

/// Writes one row of the coarser level.
void halveRow(const RowPair& rows, std::byte* target, std::size_t width, std::size_t channels) {
    for (std::size_t column = 0; column < width; ++column) {
        for (std::size_t channel = 0; channel < channels; ++channel) {
            const std::size_t left = column * 2 * channels + channel;
            const std::size_t right = left + rows.stepBytes;
            const unsigned sum = std::to_integer<unsigned>(rows.upper[left]) +
                                 std::to_integer<unsigned>(rows.upper[right]) +
                                 std::to_integer<unsigned>(rows.lower[left]) +
                                 std::to_integer<unsigned>(rows.lower[right]);
            target[column * channels + channel] = static_cast<std::byte>((sum + 2U) / 4U);
        }
    }
}

} // namespace

TexturePack buildMipChain(tiles3d::image::Raster raster) {
    TexturePack pack;
    pack.width = raster.width;
    pack.height = raster.height;
    pack.channels = raster.channels;
    pack.texels = std::move(raster.pixels);
    pack.levelOffsets.push_back(0);
    const std::size_t channels = pack.channels;

    std::size_t total = 0;
    LevelSize size{pack.width, pack.height};
    for (LevelSize level = size;; level = level.half()) {
        total += level.width * level.height * channels;
        if (level.isLast()) {
            break;
        }
    }
    pack.texels.resize(total);

    while (!size.isLast()) {
        const LevelSize half = size.half();
        const std::byte* fine = pack.texels.data() + pack.levelOffsets.back();
        const std::size_t fineRowBytes = size.width * channels;
        const std::size_t offset = pack.levelOffsets.back() + fineRowBytes * size.height;
        const std::size_t stepBytes = size.width > 1 ? channels : 0;
        for (std::size_t row = 0; row < half.height; ++row) {
            const std::byte* upper = fine + row * 2 * fineRowBytes;
            const std::byte* lower = size.height > 1 ? upper + fineRowBytes : upper;
            std::byte* target = pack.texels.data() + offset + row * half.width * channels;
            halveRow({upper, lower, stepBytes}, target, half.width, channels);
        }
        pack.levelOffsets.push_back(offset);
        size = half;
    }
    return pack;
}

} // namespace viewer::stream
