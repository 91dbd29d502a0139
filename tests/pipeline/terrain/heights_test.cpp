#include "pipeline/terrain/heights.h"

#include "pipeline/terrain/plane_nodes.h"
#include "tests/pipeline/job/temporary_folder.h"
#include "tests/pipeline/sources/made_raster.h"
#include "tiles3d/crs/transform.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pipeline::terrain {
namespace {

namespace fs = std::filesystem;
using scan::CityProject;
using scan::TerrainCatalogue;
using sources::MadeRaster;

/// Heights that tell where they are: linear, so that bilinear interpolation is exact.
double slope(double east, double north) {
    return 20.0 + 0.25 * (east - 610000.0) + 0.5 * (north - 2704900.0);
}

class Heights : public testing::Test {
protected:
    /// `side` x `side` pixels of 2 m; the upper left corner east and south of 610000, 2705000.
    MadeRaster dem(const std::string& name, double east = 0.0, double south = 0.0) const {
        MadeRaster raster;
        raster.file = folder / name;
        raster.width = raster.height = 50;
        raster.geoTransform = {610000.0 + east, 2.0, 0.0, 2705000.0 - south, 0.0, -2.0};
        raster.value = [t = raster.geoTransform](int, int column, int row) {
            return slope(t[0] + 2.0 * (column + 0.5), t[3] - 2.0 * (row + 0.5));
        };
        return raster;
    }

    TerrainCatalogue scanned(const std::vector<std::string>& names) const {
        CityProject project;
        project.folder = folder.path();
        project.heightDatum = "ellipsoidal";
        project.terrain.nodata = nodata;
        project.terrain.seaLevelMetres = seaLevel;
        for (const std::string& name : names) {
            project.terrain.dem.push_back({.pattern = folder / name});
        }
        auto catalogue = scan::scanTerrain(project);
        EXPECT_TRUE(catalogue) << catalogue.error().message;
        return catalogue ? *std::move(catalogue) : TerrainCatalogue{};
    }

    static SampledHeights sampled(const TerrainCatalogue& catalogue,
                                  const GeoLattice& lattice,
                                  const SamplingContext& context = {}) {
        auto heights = sampleHeights(catalogue, lattice, context);
        EXPECT_TRUE(heights) << heights.error().message;
        return heights ? *std::move(heights) : SampledHeights{};
    }

    /// A lattice of one post at a place of EPSG:4548.
    static GeoLattice postAt(double east, double north) {
        const auto crs = tiles3d::crs::understandSrs("EPSG:4548");
        const auto transform =
            tiles3d::crs::Transform::create(*crs, tiles3d::crs::EllipsoidalHeights{});
        const auto place = transform->toCartographic({east, north, 0.0});
        return {place->longitude.degrees(), place->latitude.degrees(), 1e-5, 1, 1};
    }

    float heightAt(const TerrainCatalogue& catalogue, double east, double north) const {
        return sampled(catalogue, postAt(east, north)).metres.at(0);
    }

    job::TemporaryFolder folder;
    scan::Nodata nodata = scan::Nodata::Next;
    std::optional<double> seaLevel;
};

TEST_F(Heights, knownAnswersInGoheung) {
    const fs::path file = fs::path(CITY3D_DATA) / "dem" / "goheung_a_5m.tif";
    if (!fs::exists(file)) {
        GTEST_SKIP() << "no " << file;
    }
    CityProject project;
    project.heightDatum = "egm96";
    project.terrain.dem = {{.pattern = file}};
    const auto catalogue = scan::scanTerrain(project);
    ASSERT_TRUE(catalogue) << catalogue.error().message;
    struct Case {
        double lon, lat, metres;
    };
    // Four random places where gdal_translate -of ENVI gives four pixels of land; bilinear by hand;
    // echo NORTH EAST | cs2cs -f %.12f EPSG:5186 EPSG:4326
    // echo LAT LON 0 | cs2cs -f %.6f EPSG:4326+5773 EPSG:4979   (H + N)
    for (const Case& known : {Case{127.516535954737, 34.623610754815, 64.0221},
                              Case{127.500367158418, 34.608157333729, 86.5084},
                              Case{127.500925854720, 34.607288153684, 104.8961},
                              Case{127.500870355073, 34.605549691603, 132.0239}}) {
        const GeoLattice one{known.lon, known.lat, 1e-5, 1, 1};
        EXPECT_NEAR(sampled(*catalogue, one).metres.at(0), known.metres, 2e-4);
    }
}

TEST_F(Heights, areExactBetweenPixelsAndLevelOutAtTheEdge) {
    make(dem("a.tif"));
    const TerrainCatalogue catalogue = scanned({"a.tif"});
    EXPECT_NEAR(heightAt(catalogue, 610050.3, 2704951.9), slope(610050.3, 2704951.9), 1e-4);
    EXPECT_NEAR(heightAt(catalogue, 610000.2, 2704950.0), slope(610001.0, 2704950.0), 1e-4);
    EXPECT_NEAR(heightAt(catalogue, 610099.9, 2704900.1), slope(610099.0, 2704901.0), 1e-4);
    EXPECT_TRUE(std::isnan(heightAt(catalogue, 609999.9, 2704950.0)));
    EXPECT_TRUE(std::isnan(heightAt(catalogue, 610050.0, 2704899.9)));
}

TEST_F(Heights, abuttingFilesLeaveNoSeam) {
    make(dem("a.tif"));
    make(dem("b.tif", 100.0));
    const TerrainCatalogue catalogue = scanned({"*.tif"});
    for (const double east : {610099.1, 610099.9, 610100.0, 610100.7}) {
        EXPECT_NEAR(heightAt(catalogue, east, 2704950.0), slope(east, 2704950.0), 1e-4);
    }
}

TEST_F(Heights, theFirstWinsAndTheNextFillsItsHoles) {
    MadeRaster first = dem("first.tif");
    first.noData = -1.0;
    first.value = [](int, int column, int row) {
        return column == 20 && row == 20 ? -1.0 : column == 30 ? NAN : 100.0;
    };
    make(first);
    for (const double shift : {0.0, 0.7}) { // on the same grid of pixels, and not
        MadeRaster second = dem("second.tif", shift - 10.0);
        second.width = 60;
        second.value = [](int, int, int) { return 7.0; };
        make(second);
        const TerrainCatalogue catalogue = scanned({"first.tif", "second.tif"});
        EXPECT_EQ(heightAt(catalogue, 610011.0, 2704989.0), 100.0F);
        EXPECT_EQ(heightAt(catalogue, 610041.0, 2704959.0), 7.0F) << "the pixel's middle";
        EXPECT_EQ(heightAt(catalogue, 610061.0, 2704959.0), 7.0F) << "NaN is none";
        EXPECT_EQ(heightAt(catalogue, 609995.0, 2704959.0), 7.0F);
    }
    nodata = scan::Nodata::Hole;
    const TerrainCatalogue catalogue = scanned({"first.tif", "second.tif"});
    EXPECT_TRUE(std::isnan(heightAt(catalogue, 610041.0, 2704959.0)));
    EXPECT_EQ(heightAt(catalogue, 609995.0, 2704959.0), 7.0F) << "the first does not cover it";
}

TEST_F(Heights, theSeaFillsTheRectangleRoundTheFiles) {
    MadeRaster a = dem("a.tif");
    a.value = [](int, int column, int) { return column < 5 ? -9999.0 : 10.0; };
    make(a);
    make(dem("b.tif", 100.0, 100.0)); // leaves two corners without a file
    seaLevel = -0.5;
    TerrainCatalogue catalogue = scanned({"*.tif"});
    EXPECT_EQ(heightAt(catalogue, 610003.0, 2704950.0), -0.5F) << "no data";
    EXPECT_EQ(heightAt(catalogue, 610150.0, 2704950.0), -0.5F) << "no file";
    EXPECT_EQ(heightAt(catalogue, 610050.0, 2704950.0), 10.0F);
    EXPECT_TRUE(std::isnan(heightAt(catalogue, 610250.0, 2704950.0)));
    catalogue.seaHeights = tiles3d::crs::ConstantOffset{10.0};
    EXPECT_EQ(heightAt(catalogue, 610003.0, 2704950.0), 9.5F);
    nodata = scan::Nodata::Hole;
    EXPECT_TRUE(std::isnan(heightAt(scanned({"*.tif"}), 610003.0, 2704950.0)));
}

TEST_F(Heights, rotatedAndFootedFilesAreUnderstood) {
    MadeRaster raster = dem("旋转 #1.tif");
    const double c = 2.0 * std::cos(0.3);
    const double s = 2.0 * std::sin(0.3);
    raster.geoTransform = {610000.0, c, s, 2705000.0, s, -c};
    raster.unit = "ft";
    raster.value = [t = raster.geoTransform](int, int column, int row) {
        const double x = column + 0.5;
        const double y = row + 0.5;
        return slope(t[0] + x * t[1] + y * t[2], t[3] + x * t[4] + y * t[5]) / 0.3048;
    };
    make(raster);
    const TerrainCatalogue catalogue = scanned({"旋转*.tif"});
    EXPECT_NEAR(heightAt(catalogue, 610060.0, 2704980.0), slope(610060.0, 2704980.0), 1e-3);
    EXPECT_TRUE(std::isnan(heightAt(catalogue, 610001.0, 2704950.0))) << "beside it";
}

TEST_F(Heights, damagedAndQuarantinedFilesAreNamedAndLeftOut) {
    make(dem("a.tif"));
    make(dem("b.tif", 100.0));
    const TerrainCatalogue catalogue = scanned({"*.tif"});
    const fs::path a = folder / "a.tif";
    const auto without = sampled(catalogue,
                                 postAt(610050.0, 2704950.0),
                                 {.quarantined = {{a.string(), "the reader crashed on it"}}});
    ASSERT_EQ(without.unreadable.size(), 1U);
    EXPECT_EQ(without.unreadable[0].file, a.string());
    EXPECT_EQ(without.unreadable[0].reason, "the reader crashed on it");
    EXPECT_TRUE(std::isnan(without.metres[0]));
    fs::resize_file(a, fs::file_size(a) / 2); // after the scan
    const auto cut = sampled(catalogue, postAt(610050.0, 2704902.0));
    ASSERT_EQ(cut.unreadable.size(), 1U);
    EXPECT_NE(cut.unreadable[0].reason.find("a.tif"), std::string::npos);
    EXPECT_TRUE(sampled(catalogue, postAt(610150.0, 2704950.0)).unreadable.empty());
}

TEST_F(Heights, aLatticeTooCoarseForItsRasterIsReadReduced) {
    MadeRaster raster = dem("wide.tif");
    raster.width = 9000; // 45 million pixels
    raster.height = 5000;
    raster.type = "Int16";
    raster.geoTransform = {610000.0, 2.0, 0.0, 2715000.0, 0.0, -2.0};
    raster.value = [](int, int column, int) { return column / 10; };
    make(raster);
    const TerrainCatalogue catalogue = scanned({"wide.tif"});
    GeoLattice lattice = postAt(610100.0, 2705200.0);
    lattice.stepDegrees = 0.01;
    lattice.columns = 15;
    lattice.rows = 8;
    const auto heights = sampled(catalogue, lattice);
    for (int column = 0; column < lattice.columns; ++column) {
        GeoLattice one = lattice;
        one.westDegrees += column * lattice.stepDegrees;
        one.columns = one.rows = 1;
        EXPECT_NEAR(heights.metres[static_cast<std::size_t>(column)],
                    sampled(catalogue, one).metres[0],
                    0.3); // two pixels
    }
}

/// 0 to 10, without a pattern.
double noiseAt(int column, int row) {
    const auto hash =
        static_cast<std::uint32_t>(column * 73856093) ^ static_cast<std::uint32_t>(row * 19349663);
    return (hash * 2654435761U >> 16U) % 1000 / 100.0;
}

TEST_F(Heights, areThoseOfProjAndFourPixels) {
    MadeRaster raster = dem("a.tif");
    raster.width = raster.height = 300;
    raster.geoTransform = {610000.0, 1.9, 0.4, 2705000.0, 0.5, -1.8};
    raster.value = [](int, int column, int row) { return noiseAt(column, row); };
    make(raster);
    const auto crs = tiles3d::crs::understandSrs("EPSG:4548");
    const auto transform =
        tiles3d::crs::Transform::create(*crs, tiles3d::crs::EllipsoidalHeights{});
    GeoLattice lattice = postAt(609900.0, 2704400.0);
    lattice.columns = lattice.rows = 900;
    const auto heights = sampled(scanned({"a.tif"}), lattice);
    const ToPixels pixels = toPixels(raster.geoTransform);
    int checked = 0;
    for (int i = 0; i < lattice.columns * lattice.rows; i += 101) {
        using tiles3d::geo::Angle;
        const auto place = transform->fromCartographic(
            {Angle::degrees(lattice.westDegrees + i % lattice.columns * lattice.stepDegrees),
             Angle::degrees(lattice.southDegrees + i / lattice.columns * lattice.stepDegrees),
             0.0});
        const glm::dvec2 at = pixels.at(place->x, place->y) - 0.5;
        const int column = static_cast<int>(std::floor(at.x));
        const int row = static_cast<int>(std::floor(at.y));
        if (column < 0 || row < 0 || column > 298 || row > 298) {
            continue;
        }
        const double x = at.x - column;
        const double y = at.y - row;
        const double upper = std::lerp(noiseAt(column, row), noiseAt(column + 1, row), x);
        const double lower = std::lerp(noiseAt(column, row + 1), noiseAt(column + 1, row + 1), x);
        // 10 m from pixel to pixel: the half millimetre of the nodes is 5 mm of height
        ASSERT_NEAR(heights.metres[static_cast<std::size_t>(i)], std::lerp(upper, lower, y), 5e-3);
        ++checked;
    }
    EXPECT_GT(checked, 2000);
}

} // namespace
} // namespace pipeline::terrain
