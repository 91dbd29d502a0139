#include "tests/support/picture_difference.h"

#include "tests/support/drawn_picture.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tests {
namespace {

int redAt(const tiles3d::image::Raster& picture, std::size_t pixel) {
    return std::to_integer<int>(picture.pixels[pixel * picture.channels]);
}

TEST(PictureDifference, meanCountsBackgroundAsGrey) {
    const auto mean = meanOfSamples(drawnPicture({"04..", "22.4"}), 2);
    ASSERT_EQ(mean.width, 2U);
    ASSERT_EQ(mean.height, 1U);
    EXPECT_EQ(redAt(mean, 0), 50);  // (0 + 100 + 50 + 50) / 4
    EXPECT_EQ(redAt(mean, 1), 121); // (3 * 128 + 100) / 4
}

TEST(PictureDifference, psnrCountsTheUnionOnly) {
    // Two pixels of the union: one equal, one 25 apart in every channel.
    const auto a = drawnPicture({"44......"});
    const auto b = drawnPicture({"45......"});
    EXPECT_NEAR(
        psnrDecibels(a, b, 1), 20.0 * std::log10(255.0 / 25.0) + 10.0 * std::log10(2.0), 1e-9);
    EXPECT_DOUBLE_EQ(psnrDecibels(a, a, 1), kMostDecibels);
}

TEST(PictureDifference, pixelOfOnePictureCountsAgainstGrey) {
    EXPECT_NEAR(psnrDecibels(drawnPicture({"0."}), drawnPicture({".."}), 1),
                20.0 * std::log10(255.0 / 128.0),
                1e-9);
}

TEST(PictureDifference, sideBySideShowsBothAndTheDifference) {
    const auto all = sideBySide(drawnPicture({"4"}), drawnPicture({"5"}), 1, 2);
    ASSERT_EQ(all.width, 22U); // 2 + 8 + 2 + 8 + 2
    ASSERT_EQ(all.height, 2U);
    EXPECT_EQ(redAt(all, 1), 100);
    EXPECT_EQ(redAt(all, 2), 255);
    EXPECT_EQ(redAt(all, 10), 125);
    EXPECT_EQ(redAt(all, 21), 100); // four times 25
}

} // namespace
} // namespace tests
