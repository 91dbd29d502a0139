#include "pipeline/overview/fill.h"

#include "pipeline/overview/charts.h"
#include "scenes.h"

#include <gtest/gtest.h>

namespace pipeline::overview {
namespace {

TEST(Canvas, whatIsSetStays) {
    Canvas canvas(5, 3);
    canvas.set(0, 0, kRed);
    canvas.set(4, 2, kBlue);
    const auto raster = canvas.filled();
    EXPECT_EQ(raster.width, 5U);
    EXPECT_EQ(raster.height, 3U);
    ASSERT_EQ(raster.pixels.size(), 45U);
    EXPECT_EQ(colourAt(raster, 0, 0), kRed);
    EXPECT_EQ(colourAt(raster, 4, 2), kBlue);
}

TEST(Canvas, everyTexelGetsAColourFromThoseThatHaveOne) {
    for (const auto& [width, height] :
         {std::pair(1, 1), std::pair(64, 64), std::pair(37, 5), std::pair(3, 100)}) {
        Canvas canvas(width, height);
        canvas.set(width - 1, height / 2, kGreen);
        const auto raster = canvas.filled();
        for (int y = 0; y < height; ++y) {
            for (int x = 0; x < width; ++x) {
                ASSERT_EQ(colourAt(raster, x, y), kGreen) << x << ", " << y;
            }
        }
    }
}

TEST(Canvas, emptyTexelsLieBetweenTheirNeighbours) {
    Canvas canvas(32, 32);
    for (int i = 0; i < 32; ++i) {
        canvas.set(0, i, kRed);
        canvas.set(31, i, kBlue);
    }
    const auto raster = canvas.filled();
    EXPECT_EQ(colourAt(raster, 1, 9), kRed);
    EXPECT_EQ(colourAt(raster, 30, 9), kBlue);
    EXPECT_GE(darkest(raster), 100.0F);
}

TEST(Canvas, nothingIsGrey) {
    const auto raster = Canvas(4, 4).filled();
    EXPECT_EQ(colourAt(raster, 2, 1), glm::vec3(128.0F));
}

TEST(Canvas, coloursAreClamped) {
    Canvas canvas(2, 1);
    canvas.set(0, 0, {300.0F, -5.0F, 99.6F});
    EXPECT_EQ(colourAt(canvas.filled(), 0, 0), glm::vec3(255.0F, 0.0F, 100.0F));
}

TEST(Canvas, aRimGrowsByTheGutterAndNeverFromAnotherChart) {
    Canvas canvas(24, 24);
    canvas.set(5, 5, kRed);
    canvas.set(10, 5, kBlue); // beyond the rectangle
    canvas.growRim(2, 2, 8, 8);
    // All else takes the mean of what is there: make what grew visible by a third colour.
    for (int y = 0; y < 24; ++y) {
        for (int x = 0; x < 24; ++x) {
            const bool isNear =
                std::abs(x - 5) <= kGutterTexels && std::abs(y - 5) <= kGutterTexels;
            if (isNear) {
                EXPECT_EQ(colourAt(canvas.filled(), x, y), kRed) << x << ", " << y;
            }
        }
    }
    const auto raster = canvas.filled();
    EXPECT_NE(colourAt(raster, 5 + kGutterTexels + 1, 5), kRed);
    EXPECT_EQ(colourAt(raster, 10, 5), kBlue);
}

} // namespace
} // namespace pipeline::overview
