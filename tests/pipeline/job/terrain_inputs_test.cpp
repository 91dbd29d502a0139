// What terrain makes of inputs that are wrong, empty, elsewhere or over each other.

#include "pipeline/engine/local_engine.h"
#include "pipeline/job/terrain_stage.h"
#include "program.h"
#include "terrain_city.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>

namespace pipeline::job {
namespace {

namespace fs = std::filesystem;
using sources::MadeRaster;

constexpr const char* kTerrain = R"({"dem": "dem/*", "ortho": "ortho/*"})";
constexpr const char* kDemAlone = R"({"dem": "dem/*"})";
constexpr const char* kBlocks = R"(, "oblique": [{"path": "delivery"}])";
constexpr CellBox kLand{0.05, 0.05, 1.95, 1.95};

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

bool anyHolds(const std::vector<std::string>& texts, const std::string& part) {
    return std::ranges::any_of(texts, [&](const std::string& text) { return holds(text, part); });
}

class TerrainInputs : public testing::Test {
protected:
    /// A DEM of one height.
    void addFlat(const std::string& name, const CellBox& box, double metres) const {
        MadeRaster dem = city.dem(name, box, 20);
        dem.value = [metres](int, int, int) { return metres; };
        make(dem);
    }

    /// Builds what is there into "out"; its own failures are the test's.
    BuildReport built(const std::string& terrain = kDemAlone, const std::string& others = "") {
        city.writeProject(terrain, others);
        const Build one = build(city.project(), city / "out");
        EXPECT_TRUE(one.report) << one.report.error().message;
        warnings = one.warnings;
        alerts = one.alerts;
        expectSound(city / "out");
        return one.report ? *one.report : BuildReport{};
    }

    /// Of a build that is refused.
    std::string refusal(const std::string& terrain = kDemAlone, const std::string& others = "") {
        city.writeProject(terrain, others);
        const Build one = build(city.project(), city / "out");
        return one.report ? "" : one.report.error().message;
    }

    /// The program's build of the land and one file that is lost: code 3, the file is named, the
    /// land is there.
    std::string lossOf(const fs::path& file) {
        make(city.dem("land.tif", kLand, 20));
        city.writeProject(kDemAlone);
        const Ended ended = runBuild(city / "city.json", city / "out");
        EXPECT_EQ(ended.code, 3) << ended.errors;
        EXPECT_TRUE(holds(ended.errors, file.filename().string())) << ended.errors;
        EXPECT_NEAR(heightAt(shownTiles(city / "out"), 0.3, 1.5), hillHeight(0.3, 1.5), 2.0);
        expectSound(city / "out");
        const auto report = tiles3d::base::readTextFile(city / "out/report.json");
        EXPECT_TRUE(report && holds(*report, file.filename().string()));
        return ended.errors;
    }

    double height(double x, double y) const { return heightAt(shownTiles(city / "out"), x, y); }

    TerrainCity city;
    std::vector<std::string> warnings;
    std::vector<std::string> alerts;
};

TEST_F(TerrainInputs, filesInAFolderThatABuildReplacesAreNotTouched) {
    fs::create_directories(city / "out/terrain");
    auto land = city.dem("land.tif", kLand, 20);
    land.file = city / "out/terrain/land.tif";
    make(land);
    EXPECT_TRUE(holds(refusal(R"({"dem": "out/terrain/land.tif"})"), "--out"));
    EXPECT_TRUE(fs::exists(city / "out/terrain/land.tif"));
    make(city.dem("land.tif", kLand, 20));
    fs::create_directories(city / "out/models");
    ASSERT_TRUE(tiles3d::base::writeFile(city / "out/models/a.obj", std::string_view("v 0 0 0\n")));
    EXPECT_TRUE(holds(
        refusal(kDemAlone,
                R"(, "models": [{"path": "out/models/a.obj", "position": [118.1, 24.4, 0]}])"),
        "--out"));
    EXPECT_TRUE(fs::exists(city / "out/models/a.obj"));
}

TEST_F(TerrainInputs, aTruncatedFileIsThatFilesLoss) {
    const MadeRaster dem = city.dem("cut.tif", {1.2, 1.2, 1.8, 1.8}, 100);
    make(dem);
    fs::resize_file(dem.file, fs::file_size(dem.file) / 2);
    const std::string told = lossOf(dem.file);
    EXPECT_TRUE(holds(told, "left out")) << told;
}

TEST_F(TerrainInputs, aFileThatIsNoRasterIsThatFilesLoss) {
    ASSERT_TRUE(tiles3d::base::writeFile(city / "dem/text.tif", std::string_view("no raster")));
    lossOf(city / "dem/text.tif");
}

TEST_F(TerrainInputs, aFileOfOnePixelIsThatFilesLoss) {
    MadeRaster dem = city.dem("a_pixel.tif", {1.2, 1.2, 1.25, 1.25}, 20);
    make(dem);
    const std::string told = lossOf(dem.file);
    EXPECT_TRUE(holds(told, "1 x 1 pixels")) << told;
}

/// Its header and most of its blocks are right.
void corrupt(const fs::path& file) {
    const auto middle = static_cast<std::streamoff>(fs::file_size(file) / 2);
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(middle);
    bytes << std::string(64, '\xFF');
}

TEST_F(TerrainInputs, aFileThatCannotBeDecodedIsThatFilesLoss) {
    MadeRaster dem = city.dem("corrupt.tif", {1.2, 1.2, 1.8, 1.8}, 100);
    dem.compression = "DEFLATE";
    make(dem);
    corrupt(dem.file);
    lossOf(dem.file);
    EXPECT_NEAR(height(1.5, 1.5), hillHeight(1.5, 1.5), 2.0) << "of the land below it";
    // Once lost, it is not tried again; another build says the same.
    const Ended again = runBuild(city / "city.json", city / "out");
    EXPECT_EQ(again.code, 3);
    EXPECT_TRUE(holds(again.errors, "corrupt.tif")) << again.errors;
}

TEST_F(TerrainInputs, anOrthoThatCannotBeDecodedIsThatFilesLoss) {
    make(city.dem("land.tif", kLand, 20));
    MadeRaster ortho = city.ortho("corrupt.tif", {0.2, 0.2, 0.4, 0.4}, 512);
    ortho.compression = "DEFLATE";
    make(ortho);
    corrupt(ortho.file);
    const BuildReport report = built(kTerrain);
    ASSERT_EQ(report.lossList.size(), 1U);
    EXPECT_TRUE(holds(report.lossList[0].loss.file, "ortho/corrupt.tif"));
    EXPECT_TRUE(anyHolds(warnings, "ortho/corrupt.tif"));
}

/// Runs units as if this file had killed a worker before.
class KillingFile : public engine::IEngine {
public:
    explicit KillingFile(fs::path file) : file_(std::move(file)) {}

    tiles3d::base::Status run(const std::vector<engine::Unit>& units,
                              const engine::Work& work,
                              const engine::OnResult& onResult) override {
        const engine::Work killed = [&](std::size_t i, const engine::UnitContext& context) {
            engine::UnitContext own = context;
            own.quarantined.insert({file_.string(), "killed its worker (signal 11)"});
            return work(i, own);
        };
        return engine_.run(units, killed, onResult);
    }

private:
    fs::path file_;
    engine::LocalEngine engine_{{.jobs = 2}};
};

class Silence : public IJobListener {
public:
    void onMessage(const std::string& /*text*/) override {}
    void onWarning(const std::string& /*text*/) override {}
    void onProgress(const Progress& /*progress*/) override {}
};

TEST_F(TerrainInputs, aFileThatKillsWorkersIsThatFilesLoss) {
    make(city.dem("land.tif", kLand, 20));
    addFlat("a_killer.tif", {1.2, 1.2, 1.8, 1.8}, 300.0);
    city.addLand();
    city.writeProject(R"({"dem": "dem/*", "ortho": "ortho/*"})",
                      R"(, "vertical": {"datum": "ellipsoidal"})");
    KillingFile engine(city / "dem/a_killer.tif");
    Silence silence;
    const auto report = runJob(city.project(), {.out = city / "out"}, engine, silence);
    ASSERT_TRUE(report) << report.error().message;
    ASSERT_EQ(report->lossList.size(), 1U) << "once, though several cells wanted it";
    EXPECT_EQ(report->losses.at("unreadable"), 1U);
    EXPECT_TRUE(holds(report->lossList[0].loss.reason, "signal 11"));
    EXPECT_NEAR(height(1.5, 1.5), hillHeight(1.5, 1.5), 2.0);
}

TEST_F(TerrainInputs, nothingIsGuessedOfPlaces) {
    MadeRaster dem = city.dem("bare.tif", kLand, 20);
    dem.srs.clear();
    make(dem);
    const std::string told = refusal();
    EXPECT_TRUE(holds(told, "bare.tif") && holds(told, "--srs") && holds(told, "\"srs\"")) << told;
    make(city.dem("bare.tif", kLand, 20));
    const std::string noGrid =
        refusal(R"({"dem": {"path": "dem/*", "height_datum": "not_here.gtx"}})");
    EXPECT_TRUE(holds(noGrid, "bare.tif") && holds(noGrid, "not_here.gtx")) << noGrid;
    const Ended ended = runBuild(city / "city.json", city / "out");
    EXPECT_EQ(ended.code, 1);
    EXPECT_FALSE(fs::exists(city / "out/tileset.json"));
}

TEST_F(TerrainInputs, feetAndMetresGiveTheSameSurface) {
    constexpr double kFoot = 0.3048;
    make(city.dem("a.tif", kLand, 20));
    built();
    const auto metres = shownTiles(city / "out");
    MadeRaster feet = city.dem("a.tif", kLand, 20);
    feet.value = [inMetres = feet.value](int band, int column, int row) {
        return inMetres(band, column, row) / kFoot;
    };
    feet.unit = "ft";
    make(feet);
    fs::last_write_time(feet.file, fs::file_time_type::clock::now() + std::chrono::seconds(2));
    built();
    EXPECT_TRUE(anyHolds(warnings, "a.tif") && anyHolds(warnings, "feet"));
    const auto tiles = shownTiles(city / "out");
    for (const auto& [x, y] : {std::pair(0.3, 0.4), std::pair(1.7, 0.2), std::pair(1.01, 1.6)}) {
        EXPECT_NEAR(heightAt(tiles, x, y), heightAt(metres, x, y), 0.05);
    }
}

TEST_F(TerrainInputs, whatIsNoNumberIsAHole) {
    MadeRaster dem = city.dem("a.tif", kLand, 20);
    dem.value = [](int, int column, int row) {
        const bool isHole = column > 10 && column < 20 && row > 10 && row < 20;
        return isHole ? std::numeric_limits<double>::quiet_NaN() : 25.0;
    };
    make(dem);
    EXPECT_FALSE(built().hasLosses());
    EXPECT_TRUE(std::isnan(height(0.05 + 0.75, 1.95 - 0.75)));
    EXPECT_NEAR(height(0.05 + 0.3, 1.95 - 0.75), 25.0, 0.05);
}

TEST_F(TerrainInputs, landWithoutAnyHeightIsRefusedAndBesideOtherLandNothing) {
    MadeRaster empty = city.dem("empty.tif", {0.5, 0.5, 1.0, 1.0}, 20);
    empty.noData = -1.0;
    empty.value = [](int, int, int) { return -1.0; };
    make(empty);
    const std::string told = refusal();
    EXPECT_TRUE(holds(told, "DEM")) << told;
    make(city.dem("land.tif", kLand, 20));
    EXPECT_FALSE(built().hasLosses());
    EXPECT_NEAR(height(0.7, 0.7), hillHeight(0.7, 0.7), 2.0);
}

TEST_F(TerrainInputs, landThatIsEmptyUnderBlocksIsToldOf) {
    MadeRaster empty = city.dem("empty.tif", kLand, 20);
    empty.noData = -1.0;
    empty.value = [](int, int, int) { return -1.0; };
    make(empty);
    city.addBlocks();
    built(kDemAlone, kBlocks);
    EXPECT_TRUE(anyHolds(warnings, "no DEM has a height"));
}

TEST_F(TerrainInputs, orthosAloneAreNoLand) {
    make(city.ortho("picture.tif", {0.1, 0.1, 0.2, 0.2}, 256));
    const std::string told = refusal(R"({"ortho": "ortho/*"})");
    EXPECT_TRUE(holds(told, "DEM") && holds(told, "terrain.dem")) << told;
    city.addBlocks();
    built(R"({"ortho": "ortho/*"})", kBlocks);
    EXPECT_TRUE(anyHolds(warnings, "picture.tif") && anyHolds(warnings, "DEM"));
    EXPECT_FALSE(fs::exists(city / "out/terrain"));
}

TEST_F(TerrainInputs, anOrthoBesideAllLandIsToldOf) {
    make(city.dem("land.tif", kLand, 20));
    make(city.ortho("far.tif", {7.1, 7.1, 7.2, 7.2}, 256));
    built(kTerrain);
    EXPECT_TRUE(anyHolds(warnings, "far.tif"));
}

TEST_F(TerrainInputs, landFarFromTheBlocksIsAnAlert) {
    addFlat("far.tif", {40.0, 40.0, 41.0, 41.0}, 10.0);
    city.addBlocks();
    built(kDemAlone, kBlocks);
    EXPECT_TRUE(anyHolds(alerts, "coordinate system"));
    make(city.dem("land.tif", kLand, 20));
    built(kDemAlone, kBlocks);
    EXPECT_FALSE(anyHolds(alerts, "coordinate system")) << "some of it is there";
}

TEST_F(TerrainInputs, aMistakeInAHeightDatumShowsAtTheRim) {
    addFlat("land.tif", kLand, 0.0);
    city.addBlocks();
    const double ground = built(kDemAlone, kBlocks).rim.mean();
    addFlat("land.tif", kLand, ground);
    fs::last_write_time(city / "dem/land.tif",
                        fs::file_time_type::clock::now() + std::chrono::seconds(2));
    EXPECT_NEAR(built(kDemAlone, kBlocks).rim.mean(), 0.0, 0.1);
    EXPECT_TRUE(alerts.empty());
    const BuildReport wrong = built(R"({"dem": {"path": "dem/*", "height_datum": 10}})", kBlocks);
    EXPECT_NEAR(wrong.rim.mean(), -10.0, 0.1);
    EXPECT_TRUE(anyHolds(alerts, "height datum"));
    const auto report = tiles3d::base::readTextFile(city / "out/report.json");
    ASSERT_TRUE(report);
    const auto json = tiles3d::base::parseJson(*report);
    ASSERT_TRUE(json);
    EXPECT_NEAR(
        (*json)["terrain"]["photogrammetry_above_terrain_at_rim"]["mean_metres"].numberOr(0),
        -10.0,
        0.1);
}

TEST_F(TerrainInputs, theFirstOfTheListIsInFront) {
    addFlat("a.tif", {0.5, 0.5, 1.5, 1.5}, 50.0);
    addFlat("b.tif", kLand, 20.0);
    built(R"({"dem": ["dem/a.tif", "dem/b.tif"]})");
    EXPECT_NEAR(height(0.8, 0.8), 50.0, 0.05);
    EXPECT_NEAR(height(0.2, 0.8), 20.0, 0.05);
    built(R"({"dem": ["dem/b.tif", "dem/a.tif"]})");
    EXPECT_NEAR(height(0.8, 0.8), 20.0, 0.05);
}

TEST_F(TerrainInputs, nodataShowsTheNextOrNothingOrTheSea) {
    MadeRaster front = city.dem("a.tif", {0.5, 0.5, 1.5, 1.5}, 20);
    front.noData = -5.0;
    front.value = [](int, int column, int row) {
        return column > 6 && column < 14 && row > 6 && row < 14 ? -5.0 : 50.0;
    };
    make(front);
    addFlat("b.tif", kLand, 20.0);
    built(R"({"dem": ["dem/a.tif", "dem/b.tif"]})");
    EXPECT_NEAR(height(1.02, 1.02), 20.0, 0.05);
    built(R"({"dem": ["dem/a.tif", "dem/b.tif"], "nodata": "hole"})");
    EXPECT_TRUE(std::isnan(height(1.02, 1.02)));
    EXPECT_NEAR(height(0.6, 0.6), 50.0, 0.05);
    built(R"({"dem": "dem/a.tif", "sea_level": 3})");
    EXPECT_NEAR(height(1.02, 1.02), 3.0, 0.05);
}

} // namespace
} // namespace pipeline::job
