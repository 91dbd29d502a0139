#include "pipeline/sources/raster_writer.h"

#include "tests/pipeline/job/temporary_folder.h"
#include "tiles3d/base/file.h"

#include <gdal_priv.h>
#include <gtest/gtest.h>
#include <ogr_spatialref.h>

#include <array>
#include <cmath>
#include <numeric>

namespace pipeline::sources {
namespace {

namespace fs = std::filesystem;

struct CloseDataset {
    void operator()(GDALDataset* dataset) const { GDALClose(dataset); }
};

std::unique_ptr<GDALDataset, CloseDataset> opened(const fs::path& file) {
    return std::unique_ptr<GDALDataset, CloseDataset>(
        GDALDataset::Open(file.c_str(), GDAL_OF_RASTER));
}

class Raster : public testing::Test {
protected:
    RasterSpec spec() const {
        return {.file = folder / "厦门 dem.tif",
                .width = 300,
                .height = 270,
                .west = 610400.0,
                .north = 2705540.0,
                .pixelSize = 2.0,
                .epsg = 4548,
                .noData = -9999.0};
    }

    /// The raster in windows of one tile; pixel (column, row) holds column + row / 1000.
    static void write(const RasterSpec& spec) {
        auto writer = RasterWriter::create(spec);
        ASSERT_TRUE(writer) << writer.error().message;
        for (std::uint32_t row = 0; row < spec.height; row += kRasterTile) {
            for (std::uint32_t column = 0; column < spec.width; column += kRasterTile) {
                const RasterWindow window{column,
                                          row,
                                          std::min(kRasterTile, spec.width - column),
                                          std::min(kRasterTile, spec.height - row)};
                std::vector<float> values;
                for (std::uint32_t i = 0; i < window.columns * window.rows; ++i) {
                    values.push_back(
                        valueAt(column + i % window.columns, row + i / window.columns));
                }
                ASSERT_TRUE(writer->writeFloats(window, values));
            }
        }
        ASSERT_TRUE(writer->finish());
    }

    static float valueAt(std::uint32_t column, std::uint32_t row) {
        return static_cast<float>(column) + static_cast<float>(row) / 1000.0F;
    }

    std::size_t entries() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()));
    }

    job::TemporaryFolder folder;
};

TEST_F(Raster, heightsComeBackInPlace) {
    write(spec());
    const auto dataset = opened(spec().file);
    ASSERT_TRUE(dataset);
    EXPECT_EQ(dataset->GetRasterXSize(), 300);
    EXPECT_EQ(dataset->GetRasterYSize(), 270);
    std::array<double, 6> transform{};
    ASSERT_EQ(dataset->GetGeoTransform(transform.data()), CE_None);
    EXPECT_EQ(transform, (std::array<double, 6>{610400.0, 2.0, 0.0, 2705540.0, 0.0, -2.0}));
    OGRSpatialReference expected;
    expected.importFromEPSG(4548);
    expected.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
    EXPECT_TRUE(dataset->GetSpatialRef()->IsSame(&expected));
    EXPECT_EQ(dataset->GetRasterBand(1)->GetNoDataValue(), -9999.0);
    for (const auto& [column, row] : {std::pair(0, 0),
                                      std::pair(299, 0),
                                      std::pair(0, 269),
                                      std::pair(255, 256),
                                      std::pair(256, 255)}) {
        float value = NAN;
        ASSERT_EQ(dataset->GetRasterBand(1)->RasterIO(
                      GF_Read, column, row, 1, 1, &value, 1, 1, GDT_Float32, 0, 0, nullptr),
                  CE_None);
        EXPECT_EQ(value,
                  valueAt(static_cast<std::uint32_t>(column), static_cast<std::uint32_t>(row)));
    }
}

TEST_F(Raster, sameWindowsSameBytes) {
    write(spec());
    const auto first = tiles3d::base::readFile(spec().file);
    write(spec());
    EXPECT_EQ(*tiles3d::base::readFile(spec().file), *first);
    EXPECT_EQ(entries(), 1U);
}

TEST_F(Raster, coloursComeBackNearly) {
    RasterSpec picture = spec();
    picture.pixels = RasterSpec::Pixels::Rgb8;
    picture.noData.reset();
    picture.width = picture.height = 16;
    auto writer = RasterWriter::create(picture);
    ASSERT_TRUE(writer) << writer.error().message;
    std::vector<std::byte> pixels;
    for (int i = 0; i < 16 * 16; ++i) {
        pixels.insert(pixels.end(), {std::byte{200}, std::byte{100}, std::byte{50}});
    }
    ASSERT_TRUE(writer->writeRgb({0, 0, 16, 16}, pixels));
    ASSERT_TRUE(writer->finish());
    const auto dataset = opened(picture.file);
    ASSERT_TRUE(dataset);
    ASSERT_EQ(dataset->GetRasterCount(), 3);
    const std::array<int, 3> expected{200, 100, 50};
    for (int band = 1; band <= 3; ++band) {
        unsigned char value = 0;
        ASSERT_EQ(dataset->GetRasterBand(band)->RasterIO(
                      GF_Read, 7, 9, 1, 1, &value, 1, 1, GDT_Byte, 0, 0, nullptr),
                  CE_None);
        EXPECT_NEAR(value, expected[static_cast<std::size_t>(band - 1)], 4);
    }
}

TEST_F(Raster, unfinishedLeavesNothing) {
    {
        auto writer = RasterWriter::create(spec());
        ASSERT_TRUE(writer);
        EXPECT_EQ(entries(), 1U) << "the .part file";
    }
    EXPECT_EQ(entries(), 0U);
}

TEST_F(Raster, impossibleSpecificationsAreRefused) {
    RasterSpec none = spec();
    none.width = 0;
    RasterSpec wide = spec();
    wide.width = (1U << 24U) + 1;
    RasterSpec flat = spec();
    flat.pixelSize = 0.0;
    RasterSpec nan = spec();
    nan.pixelSize = NAN;
    RasterSpec nowhere = spec();
    nowhere.epsg = 999999;
    RasterSpec gone = spec();
    gone.file = folder / "gone" / "dem.tif";
    for (const RasterSpec& bad : {none, wide, flat, nan, nowhere, gone}) {
        const auto writer = RasterWriter::create(bad);
        ASSERT_FALSE(writer);
        EXPECT_NE(writer.error().message.find("dem.tif"), std::string::npos);
    }
    EXPECT_EQ(entries(), 0U);
}

} // namespace
} // namespace pipeline::sources
