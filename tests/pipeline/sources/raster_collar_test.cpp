#include "pipeline/sources/raster_collar.h"

#include "pipeline/sources/raster_reader.h"
#include "tests/pipeline/job/temporary_folder.h"
#include "tests/pipeline/sources/made_raster.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pipeline::sources {
namespace {

/// A picture turned by some 30 degrees in a black frame with JPEG's noise, a dark roof inside, and
/// one that touches the frame.
int turned(int column, int row, int side) {
    const double x = (column - side / 2.0) / side;
    const double y = (row - side / 2.0) / side;
    const double along = 0.87 * x + 0.5 * y;
    const double across = -0.5 * x + 0.87 * y;
    if (std::abs(along) > 0.4 || std::abs(across) > 0.4) {
        return (column * 7 + row * 13) % 5; // noise of 0 to 4
    }
    const bool isRoof = std::abs(along) < 0.08 && std::abs(across) < 0.08;
    return isRoof ? 6 : 120;
}

class Collar : public testing::Test {
protected:
    MadeRaster picture(int side) const {
        MadeRaster raster;
        raster.file = folder / "a.tif";
        raster.width = raster.height = side;
        raster.bands = 3;
        raster.type = "Byte";
        raster.value = [side](int, int column, int row) { return turned(column, row, side); };
        return raster;
    }

    job::TemporaryFolder folder;
};

TEST_F(Collar, isHiddenAndDarkRoofsStay) {
    constexpr int kSide = 1500;
    make(picture(kSide));
    const auto info = readRasterInfo(folder / "a.tif", {.findsCollar = true});
    ASSERT_TRUE(info) << info.error().message;
    ASSERT_NE(info->collar, nullptr);
    EXPECT_LE(info->collar->columns, 1024U);
    const auto reader = RasterReader::open(*info);
    for (const std::uint32_t reduction : {1U, 4U}) {
        const std::uint32_t size = kSide / reduction;
        const auto shown = reader->readColours({0, 0, kSide, kSide}, size, size);
        ASSERT_TRUE(shown) << shown.error().message;
        int hiddenOutside = 0;
        int outside = 0;
        int hiddenInside = 0;
        int inside = 0;
        for (std::uint32_t row = 0; row < size; ++row) {
            for (std::uint32_t column = 0; column < size; ++column) {
                const std::size_t i = std::size_t{row} * size + column;
                const int truth = turned(static_cast<int>(column * reduction + reduction / 2),
                                         static_cast<int>(row * reduction + reduction / 2),
                                         kSide);
                const bool isHidden = shown->pixels[i * 4 + 3] == std::byte{};
                (truth < 5 ? outside : inside) += 1;
                (truth < 5 ? hiddenOutside : hiddenInside) += isHidden ? 1 : 0;
            }
        }
        EXPECT_GE(hiddenOutside, outside * 0.999);
        EXPECT_LE(hiddenInside, 4.0 * 0.8 * size * 2.5) << "a ring of two pixels, no roof";
        EXPECT_GT(inside, 0);
    }
}

TEST_F(Collar, isNotLookedForInPicturesWithAMask) {
    MadeRaster raster = picture(200);
    raster.bands = 4;
    raster.hasAlpha = true;
    make(raster);
    const auto info = readRasterInfo(folder / "a.tif", {.findsCollar = true});
    ASSERT_TRUE(info) << info.error().message;
    EXPECT_EQ(info->collar, nullptr);
}

TEST_F(Collar, aDarkRoofAtTheEdgeIsNone) {
    MadeRaster raster = picture(600);
    raster.value = [](int, int column, int row) {
        return row < 5 && column >= 300 && column < 305 ? 2 : 90;
    };
    make(raster);
    const auto info = readRasterInfo(folder / "a.tif", {.findsCollar = true});
    ASSERT_TRUE(info) << info.error().message;
    EXPECT_EQ(info->collar, nullptr);
}

TEST_F(Collar, aBlackStripAlongOneSideIsOne) {
    MadeRaster raster = picture(600);
    raster.value = [](int, int column, int) { return column < 20 ? 1 : 90; };
    make(raster);
    const auto info = readRasterInfo(folder / "a.tif", {.findsCollar = true});
    ASSERT_TRUE(info) << info.error().message;
    ASSERT_NE(info->collar, nullptr);
    EXPECT_TRUE(info->collar->isNear(5.0, 300.0));
    EXPECT_FALSE(info->collar->isNear(30.0, 300.0));
    EXPECT_FALSE(info->collar->touches({40, 0, 100, 100}));
    EXPECT_TRUE(info->collar->touches({10, 0, 100, 100}));
}

TEST(FindCollar, looksAlongTheWholeEdge) {
    tiles3d::image::Raster all{10, 10, 3, tiles3d::base::Bytes(300)};
    const CollarMask mask = findCollar(all, 100, 50);
    EXPECT_EQ(mask.cellColumns, 10.0);
    EXPECT_EQ(mask.cellRows, 5.0);
    EXPECT_EQ(std::count(mask.cells.begin(), mask.cells.end(), 1), 100) << "all black, all collar";
    EXPECT_FALSE(mask.isNear(-1.0, 0.0));
    EXPECT_FALSE(mask.isNear(100.0, 0.0));
}

} // namespace
} // namespace pipeline::sources
