#include "pipeline/terrain/colours.h"

#include "tests/pipeline/job/temporary_folder.h"
#include "tests/pipeline/sources/made_raster.h"
#include "tiles3d/crs/transform.h"

#include <gtest/gtest.h>

namespace pipeline::terrain {
namespace {

namespace fs = std::filesystem;
using scan::TerrainCatalogue;
using sources::MadeRaster;

using Rgba = std::array<int, 4>;

class Colours : public testing::Test {
protected:
    /// 200 x 200 pixels of half a metre; red grows east, green south, one step per pixel.
    MadeRaster picture(const std::string& name, double east = 0.0) const {
        MadeRaster raster;
        raster.file = folder / name;
        raster.width = raster.height = 200;
        raster.bands = 3;
        raster.type = "Byte";
        raster.geoTransform = {610000.0 + east, 0.5, 0.0, 2705000.0, 0.0, -0.5};
        raster.value = [](int band, int column, int row) {
            return band == 1 ? column : band == 2 ? row : 200;
        };
        return raster;
    }

    TerrainCatalogue scanned(const std::vector<std::string>& names) const {
        scan::CityProject project;
        project.folder = folder.path();
        for (const std::string& name : names) {
            project.terrain.ortho.push_back({.pattern = folder / name});
        }
        auto catalogue = scan::scanTerrain(project);
        EXPECT_TRUE(catalogue) << catalogue.error().message;
        return catalogue ? *std::move(catalogue) : TerrainCatalogue{};
    }

    /// Texels of about `metres` from a place of EPSG:4548 on.
    static GeoLattice
    texelsFrom(double east, double north, double metres, int columns = 1, int rows = 1) {
        const auto crs = tiles3d::crs::understandSrs("EPSG:4548");
        const auto transform =
            tiles3d::crs::Transform::create(*crs, tiles3d::crs::EllipsoidalHeights{});
        const auto place = transform->toCartographic({east, north, 0.0});
        return {place->longitude.degrees(),
                place->latitude.degrees(),
                metres / 111320.0,
                columns,
                rows};
    }

    static Rgba pixelOf(const tiles3d::image::Raster& picture, std::size_t index) {
        Rgba pixel{};
        for (std::size_t channel = 0; channel < pixel.size(); ++channel) {
            pixel[channel] = std::to_integer<int>(picture.pixels[index * 4 + channel]);
        }
        return pixel;
    }

    static Rgba colourAt(const TerrainCatalogue& catalogue, double east, double north) {
        const auto colours = sampleColours(catalogue, texelsFrom(east, north, 0.5));
        EXPECT_TRUE(colours) << colours.error().message;
        return colours ? pixelOf(colours->picture, 0) : Rgba{};
    }

    job::TemporaryFolder folder;
};

TEST_F(Colours, areWhereTheyBelong) {
    make(picture("a.tif"));
    const TerrainCatalogue catalogue = scanned({"a.tif"});
    EXPECT_EQ(colourAt(catalogue, 610050.25, 2704969.75), (Rgba{100, 60, 200, 255}));
    EXPECT_EQ(colourAt(catalogue, 610000.01, 2704999.99), (Rgba{0, 0, 200, 255}));
    EXPECT_EQ(colourAt(catalogue, 609999.9, 2704950.0)[3], 0);
}

TEST_F(Colours, rowsGoSouth) {
    make(picture("a.tif"));
    const auto colours =
        sampleColours(scanned({"a.tif"}), texelsFrom(610020.0, 2704920.0, 10.0, 2, 8));
    ASSERT_TRUE(colours);
    EXPECT_EQ(colours->picture.width, 2U);
    EXPECT_EQ(colours->picture.height, 8U);
    EXPECT_LT(pixelOf(colours->picture, 0)[1], pixelOf(colours->picture, 14)[1]);
    EXPECT_LT(pixelOf(colours->picture, 0)[0], pixelOf(colours->picture, 1)[0]);
}

TEST_F(Colours, coarseTexelsAreAverages) {
    MadeRaster chess = picture("a.tif");
    chess.value = [](int, int column, int row) { return (column + row) % 2 == 0 ? 40 : 240; };
    make(chess);
    const auto colours =
        sampleColours(scanned({"a.tif"}), texelsFrom(610020.0, 2704920.0, 8.0, 4, 4));
    ASSERT_TRUE(colours);
    for (std::size_t i = 0; i < 16; ++i) {
        EXPECT_NEAR(pixelOf(colours->picture, i)[0], 140, 2);
    }
}

TEST_F(Colours, theNextFillsWhatTheFirstDoesNotShow) {
    MadeRaster first = picture("1.tif");
    first.bands = 4;
    first.hasAlpha = true;
    first.value = [](int band, int column, int) { return band == 4 && column < 100 ? 0 : 255; };
    make(first);
    MadeRaster second = picture("2.tif");
    second.value = [](int, int, int) { return 50; };
    make(second);
    const TerrainCatalogue catalogue = scanned({"*.tif"});
    EXPECT_EQ(colourAt(catalogue, 610070.0, 2704950.0), (Rgba{255, 255, 255, 255}));
    EXPECT_EQ(colourAt(catalogue, 610020.0, 2704950.0), (Rgba{50, 50, 50, 255}));
}

TEST_F(Colours, quarantinedFilesAreNotOpened) {
    make(picture("a.tif"));
    const fs::path file = folder / "a.tif";
    const auto colours = sampleColours(scanned({"a.tif"}),
                                       texelsFrom(610050.0, 2704950.0, 0.5),
                                       {.quarantined = {{file.string(), "too long"}}});
    ASSERT_TRUE(colours);
    EXPECT_EQ(pixelOf(colours->picture, 0)[3], 0);
    ASSERT_EQ(colours->unreadable.size(), 1U);
}

TEST_F(Colours, theDutchGridAndTheCollarOfManila) {
    const fs::path data = fs::path(CITY3D_DATA) / "ortho";
    if (!fs::exists(data)) {
        GTEST_SKIP() << "no " << data;
    }
    scan::CityProject project;
    project.terrain.ortho = {{.pattern = data / "nl_25cm.tif"},
                             {.pattern = data / "manila_10cm.tif"}};
    const auto catalogue = scan::scanTerrain(project);
    ASSERT_TRUE(catalogue) << catalogue.error().message;
    ASSERT_EQ(catalogue->orthos.size(), 2U);
    EXPECT_EQ(catalogue->orthos[0].raster.collar, nullptr);
    EXPECT_NE(catalogue->orthos[1].raster.collar, nullptr);
    EXPECT_NEAR(catalogue->orthos[0].texelMetres, 0.25, 1e-3);
    EXPECT_NEAR(catalogue->orthos[1].texelMetres, 0.0968, 1e-3); // Mercator at 14.6 N
}

} // namespace
} // namespace pipeline::terrain
