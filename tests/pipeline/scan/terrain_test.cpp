#include "pipeline/scan/terrain.h"

#include "tests/pipeline/job/temporary_folder.h"
#include "tests/pipeline/sources/made_raster.h"
#include "tiles3d/base/file.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace pipeline::scan {
namespace {

namespace fs = std::filesystem;
using sources::MadeRaster;
using tiles3d::base::Result;

class Terrain : public testing::Test {
protected:
    void SetUp() override {
        fs::create_directories(folder / "dem");
        fs::create_directories(folder / "影像 #1");
    }

    MadeRaster dem(const std::string& name) const {
        MadeRaster raster;
        raster.file = folder / name;
        raster.value = [](int, int, int) { return 12.0; };
        return raster;
    }

    MadeRaster picture(const std::string& name) const {
        MadeRaster raster = dem(name);
        raster.bands = 3;
        raster.type = "Byte";
        return raster;
    }

    Result<TerrainCatalogue> scan(const std::string& json, const ScanOptions& options = {}) const {
        EXPECT_TRUE(tiles3d::base::writeFile(folder / "city.json", json));
        const auto project = readProject(folder / "city.json");
        if (!project) {
            return project.error();
        }
        return scanTerrain(*project, options);
    }

    std::string refusal(const std::string& json, const ScanOptions& options = {}) const {
        const auto catalogue = scan(json, options);
        return catalogue ? "accepted" : catalogue.error().message;
    }

    job::TemporaryFolder folder;
};

constexpr const char* kEgm96 = R"("vertical": {"datum": "EPSG:5773"}, )";

std::string project(const std::string& terrain) {
    return std::string("{") + kEgm96 + "\"terrain\": " + terrain + "}";
}

TEST_F(Terrain, findsFilesInOrderAndUnderstandsThem) {
    make(dem("dem/b.tif"));
    make(dem("dem/a.tif"));
    make(picture("影像 #1/图 1.tif"));
    ASSERT_TRUE(tiles3d::base::writeFile(folder / "dem/a.tfw", std::string_view("2\n")));
    const auto catalogue = scan(project(R"({"dem": ["dem/b.tif", "dem/*"], "ortho": "影像*/*.tif",
                                            "sea_level": -0.5, "nodata": "hole"})"));
    ASSERT_TRUE(catalogue) << catalogue.error().message;
    ASSERT_EQ(catalogue->dems.size(), 2U);
    EXPECT_EQ(catalogue->dems[0].raster.file.filename(), "b.tif");
    EXPECT_EQ(catalogue->dems[1].raster.file.filename(), "a.tif") << "b counts once";
    ASSERT_EQ(catalogue->orthos.size(), 1U);
    EXPECT_TRUE(catalogue->rejected.empty());
    EXPECT_EQ(catalogue->seaLevelMetres, -0.5);
    EXPECT_EQ(catalogue->nodata, Nodata::Hole);
    const DemSource& first = catalogue->dems.front();
    EXPECT_EQ(std::get<tiles3d::crs::GeoidGrid>(first.heights).grid, "egm96_15.gtx");
    EXPECT_NEAR(first.postMetres, 2.0, 1e-3);
    // echo "2704968 610000" | cs2cs -f %.7f EPSG:4548 EPSG:4979, and the three other corners
    EXPECT_NEAR(first.extent.westDegrees, 118.0847791, 1e-6);
    EXPECT_NEAR(first.extent.eastDegrees, 118.0850971, 1e-6);
    EXPECT_NEAR(first.extent.southDegrees, 24.4446326, 1e-6);
    EXPECT_NEAR(first.extent.northDegrees, 24.4449237, 1e-6);
}

TEST_F(Terrain, fingerprintsTellFilesAndReadingsApart) {
    make(dem("dem/a.tif"));
    const auto printOf = [this](const std::string& entry) {
        const auto catalogue = scan(project(R"({"dem": [)" + entry + "]}"));
        return catalogue ? catalogue->dems.at(0).fingerprint : catalogue.error().message;
    };
    const std::string plain = printOf(R"("dem/a.tif")");
    EXPECT_EQ(printOf(R"("dem/a.tif")"), plain);
    EXPECT_NE(printOf(R"({"path": "dem/a.tif", "unit": "ft"})"), plain);
    EXPECT_NE(printOf(R"({"path": "dem/a.tif", "nodata": 12})"), plain);
    EXPECT_NE(printOf(R"({"path": "dem/a.tif", "height_datum": 10.5})"), plain);
    EXPECT_NE(printOf(R"({"path": "dem/a.tif", "srs": "EPSG:4547"})"), plain);
    MadeRaster wider = dem("dem/a.tif");
    wider.width = 17;
    make(wider);
    EXPECT_NE(printOf(R"("dem/a.tif")"), plain);
}

TEST_F(Terrain, nothingIsGuessed) {
    make(dem("dem/a.tif"));
    const std::string noDatum = refusal(R"({"terrain": {"dem": "dem/a.tif"}})");
    EXPECT_NE(noDatum.find("--height-datum"), std::string::npos) << noDatum;
    EXPECT_NE(noDatum.find("a.tif"), std::string::npos);
    EXPECT_EQ(refusal(R"({"terrain": {"dem": "dem/a.tif"}})", {.heightDatum = "ellipsoidal"}),
              "accepted");
    EXPECT_EQ(refusal(R"({"terrain": {"dem": {"path": "dem/a.tif", "height_datum": "egm96"}}})"),
              "accepted");
    MadeRaster bare = dem("dem/a.tif");
    bare.srs.clear();
    make(bare);
    const std::string noCrs = refusal(project(R"({"dem": "dem/a.tif"})"));
    EXPECT_NE(noCrs.find("--srs"), std::string::npos) << noCrs;
    EXPECT_EQ(refusal(project(R"({"dem": "dem/a.tif"})"), {.srs = "EPSG:4548"}), "accepted");
    EXPECT_EQ(refusal(project(R"({"dem": {"path": "dem/a.tif", "srs": "EPSG:4548"}})")),
              "accepted");
}

TEST_F(Terrain, compoundAndThreeDimensionalSystemsSpeakForThemselves) {
    MadeRaster compound = dem("dem/a.tif");
    compound.srs = "EPSG:4548+5773";
    make(compound);
    const auto geoid = scan(R"({"terrain": {"dem": "dem/a.tif"}})");
    ASSERT_TRUE(geoid) << geoid.error().message;
    EXPECT_TRUE(std::holds_alternative<tiles3d::crs::GeoidGrid>(geoid->dems[0].heights));
    compound.srs = "EPSG:4979";
    compound.geoTransform = {118.0, 1e-4, 0.0, 24.5, 0.0, -1e-4};
    make(compound);
    const auto ellipsoidal = scan(R"({"terrain": {"dem": "dem/a.tif"}})");
    ASSERT_TRUE(ellipsoidal) << ellipsoidal.error().message;
    EXPECT_TRUE(
        std::holds_alternative<tiles3d::crs::EllipsoidalHeights>(ellipsoidal->dems[0].heights));
    EXPECT_NEAR(ellipsoidal->dems[0].extent.westDegrees, 118.0, 1e-9);
}

TEST_F(Terrain, aMissingGeoidGridRefuses) {
    make(dem("dem/a.tif"));
    for (const char* grid : {"gone.gtx", "folder/gone.gtx"}) {
        const std::string message = refusal(std::string(R"({"vertical": {"geoid": ")") + grid +
                                            R"("}, "terrain": {"dem": "dem/a.tif"}})");
        EXPECT_NE(message.find("gone.gtx"), std::string::npos) << message;
    }
}

TEST_F(Terrain, badFilesAreRejectedAndTheOthersUsed) {
    make(dem("dem/good.tif"));
    MadeRaster point = dem("dem/one_pixel.tif");
    point.width = point.height = 1;
    make(point);
    MadeRaster nowhere = dem("dem/nowhere.tif");
    nowhere.geoTransform = {};
    make(nowhere);
    MadeRaster beyond = dem("dem/beyond.tif");
    beyond.geoTransform = {9e8, 2.0, 0.0, 9e8, 0.0, -2.0};
    make(beyond);
    make(picture("dem/picture.tif"));
    make(dem("dem/truncated.tif"));
    fs::resize_file(folder / "dem/truncated.tif", 600);
    make(dem("影像 #1/heights.tif"));
    const auto catalogue = scan(project(R"({"dem": "dem/*.tif", "ortho": "影像*/*.tif"})"));
    ASSERT_TRUE(catalogue) << catalogue.error().message;
    ASSERT_EQ(catalogue->dems.size(), 1U);
    EXPECT_EQ(catalogue->dems[0].raster.file.filename(), "good.tif");
    EXPECT_TRUE(catalogue->orthos.empty());
    for (const auto& [name, word] : {std::pair("one_pixel", "1 x 1"),
                                     std::pair("nowhere", "georeference"),
                                     std::pair("beyond", "does not reach"),
                                     std::pair("picture", "terrain.ortho"),
                                     std::pair("truncated", ""),
                                     std::pair("heights", "8 bits")}) {
        const auto found = std::ranges::find_if(catalogue->rejected, [&](const auto& rejected) {
            return rejected.file.find(name) != std::string::npos;
        });
        ASSERT_NE(found, catalogue->rejected.end()) << name;
        EXPECT_NE(found->reason.find(word), std::string::npos) << found->reason;
        EXPECT_FALSE(found->reason.starts_with("/")) << "the file stands beside it";
    }
    EXPECT_EQ(catalogue->rejected.size(), 6U);
}

TEST_F(Terrain, feetAreConvertedAndSaid) {
    MadeRaster stated = dem("dem/a.tif");
    stated.unit = "ft";
    make(stated);
    make(dem("dem/b.tif"));
    const auto catalogue =
        scan(project(R"({"dem": ["dem/a.tif", {"path": "dem/b.tif", "unit": "us-ft"}]})"));
    ASSERT_TRUE(catalogue) << catalogue.error().message;
    EXPECT_EQ(catalogue->dems[0].metresPerUnit, 0.3048);
    EXPECT_NEAR(catalogue->dems[1].metresPerUnit, 1200.0 / 3937.0, 1e-12);
    EXPECT_EQ(catalogue->warnings.size(), 2U);
    EXPECT_NE(catalogue->warnings.at(0).find("feet"), std::string::npos);
    stated.unit = "fathom";
    make(stated);
    EXPECT_NE(refusal(project(R"({"dem": "dem/a.tif"})")).find("\"unit\""), std::string::npos);
    EXPECT_EQ(refusal(project(R"({"dem": {"path": "dem/a.tif", "unit": "m"}})")), "accepted");
}

TEST_F(Terrain, entriesThatNameNothingAreErrors) {
    make(dem("dem/a.tif"));
    for (const char* pattern : {"dem/*.img", "dem/b.tif", "gone/*.tif"}) {
        const std::string message =
            refusal(project(std::string(R"({"dem": ["dem/a.tif", ")") + pattern + "\"]}"));
        EXPECT_NE(message.find(pattern), std::string::npos) << message;
        EXPECT_NE(message.find("terrain.dem"), std::string::npos);
    }
    EXPECT_NE(refusal(project(R"({"dem": "dem"})")).find("*.tif"), std::string::npos);
}

TEST_F(Terrain, mistakesNameTheMember) {
    for (const auto& [terrain, word] :
         {std::pair(R"({"dem": [{"srs": "EPSG:4548"}]})", "terrain.dem"),
          std::pair(R"({"dem": 5})", "terrain.dem"),
          std::pair(R"({"dem": [{"path": "a", "unit": "league"}]})", "unit"),
          std::pair(R"({"dem": [{"path": "a", "nodata": "none"}]})", "nodata"),
          std::pair(R"({"sea_level": "low"})", "sea_level"),
          std::pair(R"({"nodata": "fill"})", "next, hole")}) {
        const std::string message = refusal(project(terrain));
        EXPECT_NE(message.find(word), std::string::npos) << message;
    }
}

TEST_F(Terrain, noTerrainIsAnEmptyCatalogue) {
    const auto catalogue = scan("{}");
    ASSERT_TRUE(catalogue) << catalogue.error().message;
    EXPECT_TRUE(catalogue->dems.empty() && catalogue->orthos.empty());
}

TEST_F(Terrain, aFolderOfTiffsIsAProject) {
    make(dem("dem/b.tif"));
    make(picture("dem/a.tif"));
    const CityProject both = projectForDelivery(folder / "dem");
    EXPECT_TRUE(both.oblique.empty());
    ASSERT_EQ(both.terrain.dem.size(), 1U);
    EXPECT_EQ(both.terrain.dem[0].pattern, folder / "dem/b.tif");
    ASSERT_EQ(both.terrain.ortho.size(), 1U);
    EXPECT_EQ(both.terrain.ortho[0].pattern, folder / "dem/a.tif");
    const CityProject one = projectForDelivery(folder / "dem/b.tif");
    EXPECT_EQ(one.name, "b");
    EXPECT_EQ(one.terrain.dem.size(), 1U);
    const auto sources = scanSources(one);
    ASSERT_TRUE(sources) << sources.error().message;
    EXPECT_TRUE(sources->productions.empty());
    EXPECT_EQ(projectForDelivery(folder.path()).oblique.size(), 1U) << "it holds folders";
}

} // namespace
} // namespace pipeline::scan
