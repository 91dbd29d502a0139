// Terrain that was built before: only what a change touches is made again, and the result is the
// one that a build from nothing gives, to the byte.

#include "pipeline/job/terrain_stage.h"
#include "terrain_city.h"

#include <gtest/gtest.h>

#include <chrono>
#include <set>

namespace pipeline::job {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTerrain = R"({"dem": "dem/*", "ortho": "ortho/*"})";
constexpr const char* kBlocks = R"(, "oblique": [{"path": "delivery"}])";

/// Five units: four cells and the root above them. Each test changes one thing.
class TerrainChanges : public testing::Test {
protected:
    void SetUp() override {
        city.addLand();
        make(city.dem("corner.tif", {1.7, 1.7, 1.9, 1.9}, 40)); // touches one cell's reach alone
        city.writeProject(kTerrain);
    }

    void buildFirst() {
        const Build first = build(city.project(), city / "out");
        ASSERT_TRUE(first.report) << first.report.error().message;
        before = fingerprints();
    }

    std::map<std::string, std::string> fingerprints() const {
        std::map<std::string, std::string> prints;
        const auto ledger = Ledger::open(city / "out/.city3d/ledger.sqlite");
        EXPECT_TRUE(ledger);
        EXPECT_TRUE(ledger->forEach([&](const LedgerRow& row) {
            if (row.unit.starts_with(kTerrainUnit)) {
                prints[row.unit.substr(std::string_view(kTerrainUnit).size())] = row.fingerprint;
            }
            return tiles3d::base::ok();
        }));
        return prints;
    }

    /// Builds again, compares with a build from nothing. Returns the cells made again.
    std::set<std::string> buildAgain() {
        const Build again = build(city.project(), city / "out");
        EXPECT_TRUE(again.report) << again.report.error().message;
        if (!again.report) {
            return {};
        }
        std::set<std::string> made;
        for (const auto& [name, print] : fingerprints()) {
            if (!before.contains(name) || before.at(name) != print) {
                made.insert(name);
            }
        }
        EXPECT_EQ(again.report->cellsDoneNow, made.size());
        expectSound(city / "out");
        const Build scratch = build(city.project(), city / "scratch");
        EXPECT_TRUE(scratch.report) << scratch.report.error().message;
        expectSameBytes(city / "out", city / "scratch");
        return made;
    }

    TerrainCity city;
    std::map<std::string, std::string> before;
};

using Cells = std::set<std::string>;

TEST_F(TerrainChanges, aChangedDemRebuildsItsCellAndThoseAbove) {
    buildFirst();
    EXPECT_EQ(before.size(), 5U);
    auto other = city.dem("corner.tif", {1.7, 1.7, 1.9, 1.9}, 40);
    other.value = [](int, int, int) { return 30.0; };
    make(other);
    fs::last_write_time(other.file, fs::file_time_type::clock::now() + std::chrono::seconds(2));
    EXPECT_EQ(buildAgain(), (Cells{"0/0/0", "1/1/1"}));
    EXPECT_NEAR(heightAt(shownTiles(city / "out"), 1.8, 1.8), 30.0, 0.2);
}

TEST_F(TerrainChanges, anAddedDemRebuildsItsCellAndThoseAbove) {
    fs::remove(city / "dem/corner.tif");
    buildFirst();
    make(city.dem("corner.tif", {1.7, 1.7, 1.9, 1.9}, 40));
    EXPECT_EQ(buildAgain(), (Cells{"0/0/0", "1/1/1"}));
}

TEST_F(TerrainChanges, aRemovedDemRebuildsItsCellAndThoseAbove) {
    buildFirst();
    fs::remove(city / "dem/corner.tif");
    EXPECT_EQ(buildAgain(), (Cells{"0/0/0", "1/1/1"}));
}

TEST_F(TerrainChanges, aRemovedOrthoLeavesNoDeepTile) {
    make(city.ortho("fine.tif", {0.1, 0.1, 0.15, 0.15}, 8192));
    buildFirst();
    const std::size_t tiles = shownTiles(city / "out").size();
    fs::remove(city / "ortho/fine.tif");
    buildAgain(); // other units: fewer levels
    EXPECT_LT(shownTiles(city / "out").size(), tiles);
}

TEST_F(TerrainChanges, aRemovedOrthoRebuildsItsCellAlone) {
    make(city.ortho("second.tif", {1.8, 1.8, 1.9, 1.9}, 512));
    buildFirst();
    fs::remove(city / "ortho/second.tif");
    EXPECT_EQ(buildAgain(), (Cells{"0/0/0", "1/1/1"}));
}

TEST_F(TerrainChanges, aRemovedBlockRebuildsTheCellsRoundIt) {
    city.addBlocks();
    city.writeProject(kTerrain, kBlocks);
    buildFirst();
    ASSERT_GT(fs::remove_all(city / "delivery/Data/Tile_+001_+000"), 0U);
    // It stands in 1/1/1, near 1/1/0 and more than half a cell from the two others.
    EXPECT_EQ(buildAgain(), (Cells{"0/0/0", "1/1/0", "1/1/1"}));
}

TEST_F(TerrainChanges, terrainThatIsNoLongerWantedLeavesNothing) {
    city.addBlocks();
    city.writeProject(kTerrain, kBlocks);
    buildFirst();
    city.writeProject("{}", kBlocks);
    EXPECT_TRUE(buildAgain().empty());
    EXPECT_FALSE(fs::exists(city / "out/terrain"));
    EXPECT_FALSE(fs::exists(city / "out/.city3d/terrain"));
}

TEST_F(TerrainChanges, landThatGrowsGetsAnotherRoot) {
    buildFirst();
    make(city.dem("far.tif", {2.2, 0.1, 2.6, 0.5}, 20));
    buildAgain();
    const auto tiles = shownTiles(city / "out");
    EXPECT_GT(tiles.size(), 1U);
}

TEST_F(TerrainChanges, lostFilesAreMadeAgain) {
    buildFirst();
    fs::remove(city / "out/terrain/1/1/1.glb");
    Build again = build(city.project(), city / "out");
    ASSERT_TRUE(again.report);
    EXPECT_EQ(again.report->cellsDoneNow, 1U);
    fs::remove(city / "out/.city3d/terrain/1_0_0.land");
    fs::remove(city / "out/terrain/tileset.json");
    again = build(city.project(), city / "out");
    ASSERT_TRUE(again.report);
    EXPECT_EQ(again.report->cellsDoneNow, 1U);
    before = fingerprints();
    EXPECT_TRUE(buildAgain().empty());
}

TEST_F(TerrainChanges, anotherReadingRebuildsAll) {
    buildFirst();
    for (const char* terrain :
         {R"({"dem": "dem/*", "ortho": "ortho/*", "sea_level": 0})",
          R"({"dem": [{"path": "dem/*", "height_datum": 7}], "ortho": "ortho/*"})"}) {
        city.writeProject(terrain);
        EXPECT_EQ(buildAgain().size(), 5U) << terrain;
        before = fingerprints();
    }
}

} // namespace
} // namespace pipeline::job
