#include "viewer/stream/mip_chain.h"

#include <gtest/gtest.h>

#include <cstddef>

namespace {

tiles3d::image::Raster checkerboard(std::uint32_t width, std::uint32_t height) {
    tiles3d::image::Raster raster{.width = width, .height = height, .channels = 3};
    for (std::uint32_t row = 0; row < height; ++row) {
        for (std::uint32_t column = 0; column < width; ++column) {
            const auto value = static_cast<std::byte>((row + column) % 2 == 0 ? 0 : 200);
            raster.pixels.insert(raster.pixels.end(), 3, value);
        }
    }
    return raster;
}

TEST(MipChain, endsAtOneTexel) {
    const auto pack = viewer::stream::buildMipChain(checkerboard(8, 2));
    ASSERT_EQ(pack.levelOffsets.size(), 4U); // 8x2, 4x1, 2x1, 1x1
    EXPECT_EQ(pack.texels.size(), 3U * (16 + 4 + 2 + 1));
    EXPECT_EQ(pack.levelOffsets.back(), 3U * (16 + 4 + 2));
}

TEST(MipChain, coarserTexelsAreMeans) {
    const auto pack = viewer::stream::buildMipChain(checkerboard(4, 4));
    for (std::size_t i = pack.levelOffsets[1]; i < pack.texels.size(); ++i) {
        EXPECT_EQ(std::to_integer<int>(pack.texels[i]), 100);
    }
}

TEST(MipChain, oddAndThinSidesWork) {
    for (const auto& [width, height] : {std::pair{1U, 1U}, {5U, 3U}, {1U, 7U}, {7U, 1U}}) {
        const auto pack = viewer::stream::buildMipChain(checkerboard(width, height));
        std::size_t expected = 0;
        std::size_t w = width;
        std::size_t h = height;
        for (std::size_t level = 0; level < pack.levelOffsets.size(); ++level) {
            EXPECT_EQ(pack.levelOffsets[level], expected);
            expected += 3 * w * h;
            w = std::max<std::size_t>(w / 2, 1);
            h = std::max<std::size_t>(h / 2, 1);
        }
        EXPECT_EQ(pack.texels.size(), expected);
    }
}

} // namespace
