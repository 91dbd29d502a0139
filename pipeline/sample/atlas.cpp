#include "pipeline/sample/atlas.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace pipeline::sample {

namespace {

using tiles3d::image::Raster;

struct Size {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
};

/// Power-of-two sizes by area, the squarer first.
std::vector<Size> candidateSizes(std::uint32_t maxSide) {
    constexpr std::uint32_t kMinSide = 32;
    std::vector<Size> sizes;
    for (std::uint32_t side = kMinSide; side <= maxSide; side *= 2) {
        sizes.push_back({side, side});
        if (side * 2 <= maxSide) {
            sizes.push_back({side * 2, side});
        }
    }
    return sizes;
}

std::vector<std::size_t> tallestFirst(const std::vector<PixelRect>& patches) {
    std::vector<std::size_t> order(patches.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(
        order, [&](std::size_t a, std::size_t b) { return patches[a].height > patches[b].height; });
    return order;
}

struct Shelf {
    std::int64_t y = 0;
    std::int64_t height = 0;
    std::int64_t used = 0;
};

/// Puts one patch on the first shelf with room, or on a new one.
bool place(PixelRect& patch, const Size& size, std::vector<Shelf>& shelves) {
    for (Shelf& shelf : shelves) {
        if (patch.height <= shelf.height && shelf.used + patch.width <= size.width) {
            patch.x = shelf.used;
            patch.y = shelf.y;
            shelf.used += patch.width;
            return true;
        }
    }
    const std::int64_t y = shelves.empty() ? 0 : shelves.back().y + shelves.back().height;
    if (patch.width > size.width || y + patch.height > size.height) {
        return false;
    }
    patch.x = 0;
    patch.y = y;
    shelves.push_back({y, patch.height, patch.width});
    return true;
}

std::optional<AtlasLayout> tryPack(const std::vector<PixelRect>& patches,
                                   const std::vector<std::size_t>& order,
                                   const Size& size) {
    AtlasLayout layout{size.width, size.height, patches};
    std::vector<Shelf> shelves;
    for (const std::size_t i : order) {
        if (!place(layout.places[i], size, shelves)) {
            return std::nullopt;
        }
    }
    return layout;
}

} // namespace

std::optional<AtlasLayout> packAtlas(const std::vector<PixelRect>& patches, std::uint32_t maxSide) {
    const std::vector<std::size_t> order = tallestFirst(patches);
    for (const Size& size : candidateSizes(maxSide)) {
        if (auto layout = tryPack(patches, order, size)) {
            return layout;
        }
    }
    return std::nullopt;
}

void copyPatch(const Raster& source,
               const PixelRect& part,
               Raster& target,
               const PixelRect& place) {
    const auto clampTo = [](std::int64_t value, std::uint32_t size) {
        return static_cast<std::size_t>(
            std::clamp<std::int64_t>(value, 0, static_cast<std::int64_t>(size) - 1));
    };
    for (std::int64_t row = 0; row < part.height; ++row) {
        const std::byte* from =
            &source.pixels[clampTo(part.y + row, source.height) * source.width * 3];
        std::byte* to = &target.pixels[(static_cast<std::size_t>(place.y + row) * target.width +
                                        static_cast<std::size_t>(place.x)) *
                                       3];
        for (std::int64_t column = 0; column < part.width; ++column) {
            std::memcpy(to, from + clampTo(part.x + column, source.width) * 3, 3);
            to += 3;
        }
    }
}

Raster halved(const Raster& source) {
    Raster half = filled((source.width + 1) / 2, (source.height + 1) / 2, std::byte{0});
    std::byte* to = half.pixels.data();
    for (std::uint32_t row = 0; row < half.height; ++row) {
        const std::size_t upper = std::size_t{2} * row * source.width;
        const std::size_t lower =
            std::size_t{std::min(2 * row + 1, source.height - 1)} * source.width;
        for (std::uint32_t column = 0; column < half.width; ++column) {
            const std::size_t left = std::size_t{2} * column;
            const std::size_t right = std::min(2 * column + 1, source.width - 1);
            for (std::size_t channel = 0; channel < 3; ++channel) {
                const auto at = [&](std::size_t pixel) {
                    return std::to_integer<unsigned>(source.pixels[pixel * 3 + channel]);
                };
                const unsigned sum =
                    at(upper + left) + at(upper + right) + at(lower + left) + at(lower + right);
                *to++ = static_cast<std::byte>((sum + 2) / 4);
            }
        }
    }
    return half;
}

Raster filled(std::uint32_t width, std::uint32_t height, std::byte grey) {
    Raster raster;
    raster.width = width;
    raster.height = height;
    raster.channels = 3;
    raster.pixels.assign(std::size_t{3} * width * height, grey);
    return raster;
}

} // namespace pipeline::sample
