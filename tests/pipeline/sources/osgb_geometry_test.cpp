#include "pipeline/sources/osgb_geometry.h"

#include "pipeline/sources/osgb_kept_image.h"
#include "tiles3d/image/image.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

namespace pipeline::sources {
namespace {

using tiles3d::base::Bytes;

osg::ref_ptr<osg::Image> keptImage(const Bytes& bytes) {
    osg::ref_ptr<osg::Image> image = new osg::Image;
    image->setUserData(new KeptBytes(bytes));
    return image;
}

Bytes encoded(tiles3d::image::ImageFormat format) {
    const tiles3d::image::Raster raster{8, 8, 3, Bytes(std::size_t{8} * 8 * 3, std::byte{0x40})};
    return tiles3d::image::encode(raster, {.format = format})->bytes;
}

TEST(KeptImage, comesOutAsItWasStored) {
    for (const auto format : {tiles3d::image::ImageFormat::Jpeg,
                              tiles3d::image::ImageFormat::Png,
                              tiles3d::image::ImageFormat::Webp}) {
        const Bytes bytes = encoded(format);
        const auto image = encodedImage(*keptImage(bytes));
        ASSERT_TRUE(image) << image.error().message;
        EXPECT_EQ(image->bytes, bytes);
        EXPECT_EQ(image->format, format);
        EXPECT_EQ(image->width, 8U);
    }
}

TEST(KeptImage, thatNoClientShowsIsRefused) {
    EXPECT_FALSE(encodedImage(*keptImage({})));
    EXPECT_FALSE(encodedImage(*keptImage(Bytes(500, std::byte{0x5A}))));
    Bytes jpeg = encoded(tiles3d::image::ImageFormat::Jpeg);
    jpeg.resize(40); // ends before its frame
    EXPECT_FALSE(encodedImage(*keptImage(jpeg)));
    Bytes png = encoded(tiles3d::image::ImageFormat::Png);
    png[png.size() - 20] ^= std::byte{0xFF}; // inside the pixels: the header is whole
    EXPECT_FALSE(encodedImage(*keptImage(png)));
}

TEST(KeptImage, rawPixelsStandUprightAfterwards) {
    osg::ref_ptr<osg::Image> image = new osg::Image;
    image->allocateImage(1, 2, 1, GL_RGB, GL_UNSIGNED_BYTE);
    const std::array<unsigned char, 3> red{255, 0, 0};
    const std::array<unsigned char, 3> blue{0, 0, 255};
    std::copy(red.begin(), red.end(), image->data(0, 0)); // OSG's row 0 is the lowest
    std::copy(blue.begin(), blue.end(), image->data(0, 1));
    const auto png = encodedImage(*image);
    ASSERT_TRUE(png) << png.error().message;
    const auto pixels = tiles3d::image::decode(png->bytes);
    ASSERT_TRUE(pixels);
    EXPECT_EQ(pixels->pixels,
              (Bytes{{}, {}, std::byte{255}, std::byte{255}, {}, {}})); // blue on top
}

TEST(KeptImage, withoutPixelsIsRefused) {
    const osg::ref_ptr<osg::Image> image = new osg::Image;
    EXPECT_FALSE(encodedImage(*image));
}

/// Four vertices, and what is to be drawn of them.
osg::ref_ptr<osg::Geometry> drawing(osg::PrimitiveSet* set) {
    osg::ref_ptr<osg::Geometry> geometry = new osg::Geometry;
    osg::ref_ptr<osg::Vec3Array> corners = new osg::Vec3Array;
    for (const osg::Vec3& corner :
         {osg::Vec3(0, 0, 0), osg::Vec3(1, 0, 0), osg::Vec3(1, 1, 0), osg::Vec3(0, 1, 0)}) {
        corners->push_back(corner);
    }
    geometry->setVertexArray(corners);
    geometry->addPrimitiveSet(set);
    return geometry;
}

TEST(ReadGeometry, hostileCountsAreDroppedAtOnce) {
    constexpr int kHuge = std::numeric_limits<int>::max();
    for (const auto& [first, count] : {std::pair(0, kHuge),
                                       std::pair(kHuge, 3),
                                       std::pair(-1, 3),
                                       std::pair(0, 5),
                                       std::pair(2, 3)}) {
        const auto reading =
            readGeometry(*drawing(new osg::DrawArrays(GL_TRIANGLES, first, count)));
        EXPECT_TRUE(reading.isDamaged) << first << ", " << count;
        EXPECT_TRUE(reading.geometry.indices.empty());
    }
    osg::ref_ptr<osg::DrawArrayLengths> lengths = new osg::DrawArrayLengths(GL_TRIANGLE_FAN, 0);
    lengths->push_back(4);
    lengths->push_back(-4);
    EXPECT_TRUE(readGeometry(*drawing(lengths)).isDamaged);
}

TEST(ReadGeometry, theGoodTrianglesOfADamagedListStay) {
    const std::array<unsigned, 6> indices{0, 1, 2, 0, 2, 4};
    const auto reading = readGeometry(
        *drawing(new osg::DrawElementsUInt(GL_TRIANGLES, indices.size(), indices.data())));
    EXPECT_TRUE(reading.isDamaged);
    EXPECT_FALSE(reading.isLost);
    EXPECT_EQ(reading.geometry.indices, (std::vector<std::uint32_t>{0, 1, 2}));
}

TEST(ReadGeometry, pointsAndLinesAreSaid) {
    for (const int mode : {GL_POINTS, GL_LINES, GL_LINE_STRIP}) {
        const auto reading =
            readGeometry(*drawing(new osg::DrawArrays(static_cast<GLenum>(mode), 0, 4)));
        EXPECT_TRUE(reading.geometry.indices.empty());
        EXPECT_FALSE(reading.problem.empty());
    }
}

TEST(ReadGeometry, polygonsAndQuadsAreTriangles) {
    for (const int mode : {GL_QUADS, GL_POLYGON, GL_TRIANGLE_FAN}) {
        const auto reading =
            readGeometry(*drawing(new osg::DrawArrays(static_cast<GLenum>(mode), 0, 4)));
        EXPECT_EQ(reading.geometry.indices.size(), 6U) << mode;
        EXPECT_TRUE(reading.problem.empty());
    }
}

TEST(ReadGeometry, verticesThatAreNoNumbersLoseTheirTriangles) {
    for (const float bad :
         {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        const auto geometry = drawing(new osg::DrawArrays(GL_QUADS, 0, 4));
        (*static_cast<osg::Vec3Array*>(geometry->getVertexArray()))[2].y() = bad;
        const auto reading = readGeometry(*geometry); // two triangles share the first and third
        EXPECT_TRUE(reading.isDamaged);
        EXPECT_TRUE(reading.geometry.indices.empty());
        (*static_cast<osg::Vec3Array*>(geometry->getVertexArray()))[2].y() = 1.0F;
        (*static_cast<osg::Vec3Array*>(geometry->getVertexArray()))[1].x() = bad;
        const auto half = readGeometry(*geometry);
        EXPECT_TRUE(half.isDamaged);
        EXPECT_EQ(half.geometry.indices.size(), 3U);
        EXPECT_TRUE(std::isfinite(half.geometry.positions[1].x));
    }
    const osg::ref_ptr<osg::Geometry> none = new osg::Geometry;
    EXPECT_FALSE(readGeometry(*none).problem.empty());
}

} // namespace
} // namespace pipeline::sources
