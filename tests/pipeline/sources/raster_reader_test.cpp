#include "pipeline/sources/raster_reader.h"

#include "tests/pipeline/job/temporary_folder.h"
#include "tests/pipeline/sources/made_raster.h"
#include "tiles3d/base/file.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace pipeline::sources {
namespace {

namespace fs = std::filesystem;
using tiles3d::base::Result;

class Reader : public testing::Test {
protected:
    MadeRaster raster(const std::string& name = "a.tif") const {
        MadeRaster made;
        made.file = folder / name;
        made.value = [](int band, int column, int row) { return band * 50 + column + row * 0.5; };
        return made;
    }

    static RasterInfo infoOf(const fs::path& file) {
        const auto info = readRasterInfo(file);
        EXPECT_TRUE(info) << info.error().message;
        return info ? *info : RasterInfo{};
    }

    static std::vector<float> heightsOf(const RasterInfo& info, const RasterWindow& window) {
        const auto reader = RasterReader::open(info);
        EXPECT_TRUE(reader) << reader.error().message;
        const auto heights = reader->readHeights(window);
        EXPECT_TRUE(heights) << heights.error().message;
        return heights ? *heights : std::vector<float>{};
    }

    static tiles3d::image::Raster colours(const RasterInfo& info,
                                          const RasterWindow& window,
                                          std::uint32_t columns,
                                          std::uint32_t rows) {
        const auto reader = RasterReader::open(info);
        EXPECT_TRUE(reader) << reader.error().message;
        auto picture = reader->readColours(window, columns, rows);
        EXPECT_TRUE(picture) << picture.error().message;
        return picture ? *std::move(picture) : tiles3d::image::Raster{};
    }

    static std::vector<int> pixel(const tiles3d::image::Raster& picture, std::size_t index) {
        std::vector<int> channels;
        for (std::size_t channel = 0; channel < 4; ++channel) {
            channels.push_back(std::to_integer<int>(picture.pixels.at(index * 4 + channel)));
        }
        return channels;
    }

    static std::string refusal(const fs::path& file) {
        const auto info = readRasterInfo(file);
        return info ? "accepted" : info.error().message;
    }

    job::TemporaryFolder folder;
};

TEST_F(Reader, saysWhatTheHeaderSays) {
    MadeRaster made = raster("厦门 #1.tif");
    made.noData = -32768.0;
    made.unit = "US survey foot";
    made.width = 20;
    make(made);
    const RasterInfo info = infoOf(made.file);
    EXPECT_EQ(info.width, 20U);
    EXPECT_EQ(info.height, 16U);
    EXPECT_EQ(info.geoTransform, made.geoTransform);
    EXPECT_NE(info.srs.find("CGCS2000"), std::string::npos);
    EXPECT_EQ(info.bands, 1);
    EXPECT_FALSE(info.isColour);
    EXPECT_EQ(info.noData, -32768.0);
    EXPECT_NEAR(info.verticalUnitMetres, 0.304800609601219, 1e-15); // 1200 / 3937
    EXPECT_EQ(info.bytes, fs::file_size(made.file));
}

TEST_F(Reader, knowsUnitsAsFilesWriteThem) {
    for (const char* name : {"m", "Metre", "meters"}) {
        EXPECT_EQ(metresOfUnit(name), 1.0) << name;
    }
    for (const char* name : {"ft", "Foot", "feet", "foot_international"}) {
        EXPECT_EQ(metresOfUnit(name), 0.3048) << name;
    }
    for (const char* name : {"us-ft", "US survey foot", "Foot_US", "sFoot", "ftUS"}) {
        EXPECT_NEAR(metresOfUnit(name).value_or(0.0), 1200.0 / 3937.0, 1e-12) << name;
    }
    for (const char* name : {"", "fathom", "usual", "link"}) {
        EXPECT_FALSE(metresOfUnit(name)) << name;
    }
}

TEST_F(Reader, aVerticalCrsStatesItsUnit) {
    MadeRaster made = raster();
    made.srs = "EPSG:26918+6360"; // NAVD88 height (ftUS)
    make(made);
    EXPECT_NEAR(infoOf(made.file).verticalUnitMetres, 1200.0 / 3937.0, 1e-9);
}

TEST_F(Reader, heightsAreScaledAndWhatIsNoneIsNaN) {
    MadeRaster made = raster();
    made.noData = 7.0;
    made.scale = 0.5;
    made.offset = 100.0;
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    const std::vector<float> values{10.0F, 7.0F, NAN, kInfinity, -9999.0F, -32767.0F, -3.4e38F};
    made.value = [&values](int, int column, int) {
        return column < 7 ? values[static_cast<std::size_t>(column)] : 20.0;
    };
    make(made);
    const std::vector<float> heights = heightsOf(infoOf(made.file), {0, 3, 8, 2});
    ASSERT_EQ(heights.size(), 16U);
    EXPECT_EQ(heights[0], 105.0F);
    EXPECT_EQ(heights[7], 110.0F);
    for (std::size_t i = 1; i < 7; ++i) {
        EXPECT_TRUE(std::isnan(heights[i])) << i;
    }
}

TEST_F(Reader, windowsAreWhereTheyBelong) {
    make(raster());
    const RasterInfo info = infoOf(raster().file);
    EXPECT_EQ(heightsOf(info, {5, 4, 2, 2}), (std::vector<float>{57.0F, 58.0F, 57.5F, 58.5F}));
    const auto reader = RasterReader::open(info);
    const auto reduced = reader->readHeights({0, 0, 16, 16}, 4, 4);
    ASSERT_TRUE(reduced);
    EXPECT_EQ(reduced->size(), 16U);
    EXPECT_EQ((*reduced)[5], 50.0F + 6.0F + 3.0F) << "that of pixel (6, 6)";
}

TEST_F(Reader, picturesComeAsRgba) {
    MadeRaster made = raster();
    made.type = "Byte";
    made.bands = 3;
    made.noData = 0.0;
    made.value = [](int band, int column, int) { return column == 0 ? 0 : band * 60; };
    make(made);
    const RasterInfo info = infoOf(made.file);
    EXPECT_TRUE(info.isColour);
    const auto picture = colours(info, {0, 0, 2, 1}, 2, 1);
    EXPECT_EQ(pixel(picture, 0)[3], 0) << "no data in all bands";
    EXPECT_EQ(pixel(picture, 1), (std::vector<int>{60, 120, 180, 255}));
}

TEST_F(Reader, greyAndPalettesBecomeColours) {
    MadeRaster grey = raster("grey.tif");
    grey.type = "Byte";
    grey.value = [](int, int column, int) { return column * 10; };
    make(grey);
    EXPECT_FALSE(infoOf(grey.file).isColour);
    EXPECT_EQ(pixel(colours(infoOf(grey.file), {4, 0, 1, 1}, 1, 1), 0),
              (std::vector<int>{40, 40, 40, 255}));
    MadeRaster palette = grey;
    palette.file = folder / "palette.tif";
    palette.hasPalette = true;
    palette.noData = 0.0;
    make(palette);
    EXPECT_TRUE(infoOf(palette.file).isColour);
    const auto picture = colours(infoOf(palette.file), {0, 0, 16, 2}, 16, 2);
    EXPECT_EQ(pixel(picture, 0)[3], 0) << "no data";
    EXPECT_EQ(pixel(picture, 4), (std::vector<int>{40, 215, 0, 255}));
}

TEST_F(Reader, alphaBelowHalfIsNothing) {
    MadeRaster made = raster();
    made.type = "Byte";
    made.bands = 4;
    made.hasAlpha = true;
    made.value = [](int band, int column, int) { return band == 4 ? column * 16 : 99; };
    make(made);
    const RasterInfo info = infoOf(made.file);
    EXPECT_TRUE(info.hasMask);
    const auto picture = colours(info, {0, 0, 16, 1}, 16, 1);
    EXPECT_EQ(pixel(picture, 3)[3], 0);
    EXPECT_EQ(pixel(picture, 12), (std::vector<int>{99, 99, 99, 255}));
}

TEST_F(Reader, sixteenBitsAreNoColours) {
    MadeRaster made = raster();
    made.type = "UInt16";
    made.bands = 3;
    make(made);
    const auto reader = RasterReader::open(infoOf(made.file));
    const auto picture = reader->readColours({0, 0, 4, 4}, 4, 4);
    ASSERT_FALSE(picture);
    EXPECT_NE(picture.error().message.find("8 bits"), std::string::npos);
}

TEST_F(Reader, unusableFilesAreRefusedWithAReason) {
    EXPECT_NE(refusal(folder / "gone.tif").find("no such file"), std::string::npos);
    EXPECT_NE(refusal(folder.path()).find("no such file"), std::string::npos);
    EXPECT_NE(refusal("/vsicurl/http://localhost:1/a.tif").find("no such file"), std::string::npos);
    ASSERT_TRUE(
        tiles3d::base::writeFile(folder / "text.tif", std::string_view("no raster at all")));
    EXPECT_NE(refusal(folder / "text.tif").find("neither"), std::string::npos);
    ASSERT_TRUE(tiles3d::base::writeFile(
        folder / "list.vrt",
        std::string_view("<VRTDataset rasterXSize=\"1\" rasterYSize=\"1\"/>")));
    EXPECT_NE(refusal(folder / "list.vrt").find("write those instead"), std::string::npos);
    MadeRaster nowhere = raster("nowhere.tif");
    nowhere.geoTransform = {};
    make(nowhere);
    EXPECT_NE(refusal(nowhere.file).find("no georeference"), std::string::npos);
    nowhere.geoTransform = {1.0, 2.0, 4.0, 1.0, 1.0, 2.0}; // all pixels on one line
    make(nowhere);
    EXPECT_NE(refusal(nowhere.file).find("no georeference"), std::string::npos);
}

TEST_F(Reader, truncatedFilesAreRefusedWhereverTheyEnd) {
    MadeRaster made = raster();
    made.width = made.height = 64;
    make(made);
    const auto whole = tiles3d::base::readFile(made.file);
    ASSERT_TRUE(whole);
    for (std::size_t size = 0; size < whole->size(); size += 509) {
        const tiles3d::base::Bytes cut(whole->begin(),
                                       whole->begin() + static_cast<std::ptrdiff_t>(size));
        ASSERT_TRUE(tiles3d::base::writeFile(folder / "cut.tif", cut));
        EXPECT_NE(refusal(folder / "cut.tif"), "accepted") << size;
    }
}

TEST_F(Reader, aBlockThatFillsTheMemoryIsRefused) {
    MadeRaster made = raster();
    made.type = "Byte";
    make(made);
    auto bytes = tiles3d::base::readFile(made.file);
    ASSERT_TRUE(bytes);
    // ImageWidth, ImageLength and RowsPerStrip (tags 256, 257, 278; little-endian) become 65,000
    for (std::size_t at = 0; at + 12 < bytes->size(); ++at) {
        const auto tag =
            std::to_integer<int>((*bytes)[at]) + 256 * std::to_integer<int>((*bytes)[at + 1]);
        const bool isCount1 = (*bytes)[at + 4] == std::byte{1} && (*bytes)[at + 5] == std::byte{0};
        if (at >= 8 && (tag == 256 || tag == 257 || tag == 278) && isCount1 &&
            (*bytes)[at + 2] == std::byte{3}) {
            (*bytes)[at + 8] = std::byte{0xE8};
            (*bytes)[at + 9] = std::byte{0xFD};
        }
    }
    ASSERT_TRUE(tiles3d::base::writeFile(folder / "huge.tif", *bytes));
    EXPECT_NE(refusal(folder / "huge.tif"), "accepted");
}

TEST_F(Reader, aFileThatChangedIsNotRead) {
    make(raster());
    const RasterInfo info = infoOf(raster().file);
    MadeRaster other = raster();
    other.width = 17;
    make(other);
    EXPECT_FALSE(RasterReader::open(info));
    fs::remove(other.file);
    EXPECT_FALSE(RasterReader::open(info));
}

TEST_F(Reader, worldFilesPlacePictures) {
    const tiles3d::image::Raster white{
        8, 8, 3, tiles3d::base::Bytes(std::size_t{8} * 8 * 3, std::byte{255})};
    const auto png = tiles3d::image::encode(white, {.format = tiles3d::image::ImageFormat::Png});
    ASSERT_TRUE(tiles3d::base::writeFile(folder / "a.png", png->bytes));
    EXPECT_NE(refusal(folder / "a.png").find(".tfw"), std::string::npos);
    ASSERT_TRUE(tiles3d::base::writeFile(folder / "a.pgw",
                                         std::string_view("0.5\n0\n0\n-0.5\n100.25\n199.75\n")));
    const RasterInfo info = infoOf(folder / "a.png");
    EXPECT_EQ(info.geoTransform, (std::array<double, 6>{100.0, 0.5, 0.0, 200.0, 0.0, -0.5}));
    EXPECT_TRUE(info.srs.empty());
    EXPECT_EQ(info.files.size(), 2U);
    EXPECT_EQ(pixel(colours(info, {0, 0, 8, 8}, 2, 2), 3), (std::vector<int>{255, 255, 255, 255}));
}

} // namespace
} // namespace pipeline::sources
