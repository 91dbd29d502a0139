#include "tiles3d/image/image.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace tiles3d::image {
namespace {

Raster gradient(std::uint32_t width, std::uint32_t height, std::uint32_t channels) {
    Raster raster{.width = width, .height = height, .channels = channels};
    for (std::uint32_t y = 0; y < height; ++y) {
        for (std::uint32_t x = 0; x < width; ++x) {
            for (std::uint32_t c = 0; c < channels; ++c) {
                const double value = c == 0   ? 255.0 * x / width
                                     : c == 1 ? 255.0 * y / height
                                     : c == 2 ? 90.0
                                              : 255.0 * (x + y) / (width + height);
                raster.pixels.push_back(static_cast<std::byte>(std::lround(value)));
            }
        }
    }
    return raster;
}

double meanDifference(const Raster& a, const Raster& b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.pixels.size(); ++i) {
        sum += std::abs(std::to_integer<int>(a.pixels[i]) - std::to_integer<int>(b.pixels[i]));
    }
    return sum / static_cast<double>(a.pixels.size());
}

struct Case {
    ImageFormat format = ImageFormat::Png;
    std::uint32_t channels = 3;
    double tolerance = 0.0;
};

class EveryFormat : public testing::TestWithParam<Case> {};

INSTANTIATE_TEST_SUITE_P(Image,
                         EveryFormat,
                         testing::Values(Case{ImageFormat::Jpeg, 3, 3.0},
                                         Case{ImageFormat::Png, 3, 0.0},
                                         Case{ImageFormat::Png, 4, 0.0},
                                         Case{ImageFormat::Webp, 3, 3.0},
                                         Case{ImageFormat::Webp, 4, 3.0}));

TEST_P(EveryFormat, comesBack) {
    const Raster raster = gradient(50, 30, GetParam().channels);
    const auto encoded = encode(raster, {.format = GetParam().format});
    ASSERT_TRUE(encoded) << encoded.error().message;
    EXPECT_EQ(sniffFormat(encoded->bytes), GetParam().format);
    const auto decoded = decode(encoded->bytes);
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_EQ(decoded->width, 50U);
    EXPECT_EQ(decoded->height, 30U);
    EXPECT_EQ(decoded->channels, GetParam().channels);
    EXPECT_LE(meanDifference(raster, *decoded), GetParam().tolerance);
}

TEST_P(EveryFormat, headerTellsTheSizeWithoutDecoding) {
    const auto encoded =
        encode(gradient(37, 61, GetParam().channels), {.format = GetParam().format});
    ASSERT_TRUE(encoded);
    const auto header = readHeader(encoded->bytes);
    ASSERT_TRUE(header);
    EXPECT_EQ(header->width, 37U);
    EXPECT_EQ(header->height, 61U);
    EXPECT_EQ(header->bytes, encoded->bytes);
}

TEST_P(EveryFormat, truncatedAndFlippedBytesNeverCrash) {
    const auto encoded =
        encode(gradient(64, 64, GetParam().channels), {.format = GetParam().format});
    ASSERT_TRUE(encoded);
    const base::Bytes& whole = encoded->bytes;
    // The last bytes of a PNG are checksums and an end mark: its pixels are whole without them.
    for (std::size_t i = 0; i < 28; ++i) {
        EXPECT_FALSE(decode(base::ByteView(whole).first(whole.size() * i / 32))) << i;
    }
    constexpr std::uint64_t kSeed = 11;
    std::mt19937_64 random(kSeed);
    for (int i = 0; i < 200; ++i) {
        base::Bytes flipped = whole;
        flipped[random() % flipped.size()] = static_cast<std::byte>(random() % 256);
        (void)decode(flipped);
        (void)readHeader(flipped);
    }
}

TEST(Image, jpegDecodesAtAFraction) {
    const auto encoded = encode(gradient(64, 48, 3));
    ASSERT_TRUE(encoded);
    const auto eighth = decode(encoded->bytes, {.jpegScaleDenominator = 8});
    ASSERT_TRUE(eighth);
    EXPECT_EQ(eighth->width, 8U);
    EXPECT_EQ(eighth->height, 6U);
}

TEST(Image, aDamagedJpegIsShownOnlyOnDemand) {
    const auto encoded = encode(gradient(64, 64, 3));
    ASSERT_TRUE(encoded);
    const base::ByteView whole(encoded->bytes);
    const base::ByteView half = whole.first(whole.size() * 3 / 4); // ends inside its pixels
    EXPECT_FALSE(decode(half));
    EXPECT_TRUE(decode(half, {.toleratesDamage = true}));
    EXPECT_TRUE(readHeader(base::Bytes(half.begin(), half.end())));
    const base::ByteView head = whole.first(whole.size() / 4); // ends before them
    EXPECT_FALSE(decode(head, {.toleratesDamage = true}));
    EXPECT_FALSE(readHeader(base::Bytes(head.begin(), head.end())));
}

TEST(Image, otherFractionsAreRefused) {
    const auto encoded = encode(gradient(64, 48, 3));
    ASSERT_TRUE(encoded);
    EXPECT_FALSE(decode(encoded->bytes, {.jpegScaleDenominator = 0}));
    EXPECT_FALSE(decode(encoded->bytes, {.jpegScaleDenominator = 3}));
}

TEST(Image, tooManyPixelsAreRefused) {
    const auto encoded = encode(gradient(64, 48, 3));
    ASSERT_TRUE(encoded);
    const auto refused = decode(encoded->bytes, {.maxPixels = 1000});
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("1000"), std::string::npos);
}

TEST(Image, rasterThatDoesNotFitItsPixelsIsRefused) {
    Raster raster = gradient(8, 8, 3);
    raster.pixels.pop_back();
    EXPECT_FALSE(encode(raster));
    EXPECT_FALSE(encode(Raster{}));
}

TEST(Image, otherBytesAreNoImage) {
    EXPECT_EQ(sniffFormat(base::asBytes("GIF89a")), ImageFormat::Unknown);
    EXPECT_FALSE(readHeader({}));
}

} // namespace
} // namespace tiles3d::image
