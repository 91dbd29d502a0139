// Terrain in a whole build: what lands on disk, decoded as a client does it.

#include "pipeline/job/terrain_stage.h"

#include "pipeline/sample/design_model.h"
#include "terrain_city.h"

#include <glm/vector_relational.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace pipeline::job {
namespace {

namespace fs = std::filesystem;
using tiles3d::base::Json;

constexpr const char* kDemAlone = R"({"dem": "dem/*"})";
constexpr const char* kBlocksAndTower =
    R"(, "oblique": [{"path": "delivery"}], "models": [{"path": "proposed_tower.obj",
        "position": [118.08, 24.445, 5.0]}])";

Json jsonIn(const fs::path& file) {
    const auto text = tiles3d::base::readTextFile(file);
    EXPECT_TRUE(text);
    const auto json = tiles3d::base::parseJson(text ? *text : "");
    EXPECT_TRUE(json);
    return json ? *json : Json();
}

class TerrainStage : public testing::Test {
protected:
    /// Builds into `name` and expects it to be whole.
    BuildReport built(const std::string& name, const BuildSettings& settings = {}) const {
        const Build one = build(city.project(), city / name, settings);
        EXPECT_TRUE(one.report) << one.report.error().message;
        if (!one.report) {
            return {};
        }
        EXPECT_FALSE(one.report->hasLosses());
        expectSound(city / name);
        return *one.report;
    }

    TerrainCity city;
};

TEST_F(TerrainStage, aDemAloneIsACity) {
    make(city.dem("a.tif", {0.05, 0.05, 1.95, 1.95}, 100));
    city.writeProject(kDemAlone);
    const BuildReport report = built("out");
    EXPECT_EQ(report.units, 0U);
    EXPECT_EQ(report.rasters, 1U);
    EXPECT_EQ(report.cellsDoneNow, cellResults(city / "out").size());
    EXPECT_EQ(unitsWith(city / "out", kRasterUnit),
              (std::vector<std::string>{kRasterUnit + (city / "dem/a.tif").string()}));
    const auto tiles = shownTiles(city / "out");
    EXPECT_EQ(tiles.size(), report.tiles);
    for (const auto& [x, y] : {std::pair(0.3, 0.4), std::pair(1.7, 0.2), std::pair(1.01, 1.6)}) {
        EXPECT_NEAR(heightAt(tiles, x, y), hillHeight(x, y), 0.7) << x << " " << y;
    }
    EXPECT_TRUE(std::isnan(heightAt(tiles, 0.02, 1.0)));
    const Json terrain = jsonIn(city / "out/report.json")["terrain"];
    EXPECT_EQ(terrain["rasters"].integerOr(0), 1);
    EXPECT_TRUE(terrain["photogrammetry_above_terrain_at_rim"].isNull());
    std::int64_t levelTiles = 0;
    for (const Json& level : terrain["levels"].items()) {
        levelTiles += level["tiles"].integerOr(0);
    }
    EXPECT_EQ(levelTiles, static_cast<std::int64_t>(tiles.size()));
}

TEST_F(TerrainStage, itIsWrittenDownWhatWasUnderstood) {
    city.addLand();
    city.addBlocks();
    ASSERT_TRUE(sample::writeDesignModel(city.path()));
    city.writeProject(R"({"dem": {"path": "dem/land.tif", "unit": "ft"}, "ortho": "ortho/*"})",
                      kBlocksAndTower);
    const BuildReport report = built("out");
    EXPECT_EQ(report.rasters, 2U);
    EXPECT_EQ(report.models.models, 1U);
    const Json project = jsonIn(city / "out/city.json");
    EXPECT_EQ(project["terrain"]["dem"]["unit"].stringOr(""), "ft") << "as it was written";
    EXPECT_NE(project["models"].items().at(0)["understood_as"].stringOr(""), "");
    const Json& list = project["terrain"]["understood"];
    ASSERT_EQ(list.items().size(), 2U);
    const Json& dem = list.items()[0];
    EXPECT_EQ(dem["path"].stringOr(""), (city / "dem/land.tif").string());
    EXPECT_NE(dem["understood_as"].stringOr("").find("WGS 84"), std::string::npos);
    EXPECT_EQ(dem["heights"].stringOr(""), "ellipsoidal");
    EXPECT_EQ(dem["metres_per_unit"].numberOr(0.0), 0.3048);
    EXPECT_EQ(list.items()[1]["used_as"].stringOr(""), "ortho");
    EXPECT_FALSE(list.items()[1].has("heights"));
    EXPECT_EQ(jsonIn(city / "out/report.json")["terrain"]["understood"].dump(), list.dump());
    const auto html = tiles3d::base::readTextFile(city / "out/report.html");
    ASSERT_TRUE(html);
    EXPECT_NE(html->find("Placement of terrain"), std::string::npos);
    EXPECT_NE(html->find("land.tif"), std::string::npos);
    EXPECT_EQ(html->find("e+300"), std::string::npos);
}

TEST_F(TerrainStage, aCityWithoutPhotogrammetryNamesNoBlocks) {
    make(city.dem("a.tif", {0.05, 0.05, 1.95, 1.95}, 20));
    city.writeProject(kDemAlone);
    built("out");
    for (const char* name : {"out/report.html", "out/report.json"}) {
        const auto text = tiles3d::base::readTextFile(city / name);
        ASSERT_TRUE(text);
        EXPECT_EQ(text->find("e+300"), std::string::npos) << name;
        EXPECT_EQ(text->find("00000000000000"), std::string::npos) << name;
    }
}

TEST_F(TerrainStage, photogrammetryCutsTheLand) {
    city.addLand();
    city.addBlocks();
    ASSERT_TRUE(sample::writeDesignModel(city.path()));
    city.writeProject(R"({"dem": "dem/*", "ortho": "ortho/*"})", kBlocksAndTower);
    const BuildReport report = built("out");
    EXPECT_EQ(report.units, 4U);
    EXPECT_EQ(report.rasters, 2U);
    EXPECT_EQ(cellResults(city / "out").size(), 5U);
    EXPECT_GT(report.rim.count(), 0U);
    const Json rim =
        jsonIn(city / "out/report.json")["terrain"]["photogrammetry_above_terrain_at_rim"];
    EXPECT_EQ(rim["posts"].integerOr(0), static_cast<std::int64_t>(report.rim.count()));
    EXPECT_NEAR(rim["mean_metres"].numberOr(1e9), report.rim.mean(), 1e-9);
    // The blocks' 200 m start 0.39 cells from the west and 0.06 from the south of their cell.
    const auto tiles = shownTiles(city / "out");
    EXPECT_TRUE(std::isnan(heightAt(tiles, 1.58, 1.22))) << "in the middle of the blocks";
    EXPECT_NEAR(heightAt(tiles, 1.2, 1.7), hillHeight(1.2, 1.7), 1.0);
}

TEST_F(TerrainStage, bothTilingsShowTheSameTiles) {
    city.addLand();
    city.writeProject();
    built("out");
    const auto implicit = shownTiles(city / "out");
    const auto implicitFiles = contentsOf(city / "out");
    city.writeProject(R"({"dem": "dem/*", "ortho": "ortho/*"})",
                      R"(, "output": {"terrain_tiling": "explicit"})");
    EXPECT_EQ(built("out").cellsDoneNow, 0U);
    const auto listed = shownTiles(city / "out");
    ASSERT_EQ(implicit.size(), listed.size());
    for (const auto& [name, tile] : implicit) {
        ASSERT_TRUE(listed.contains(name)) << name;
        const ShownTile& other = listed.at(name);
        EXPECT_EQ(tile.geometricErrorMetres, other.geometricErrorMetres) << name;
        EXPECT_EQ(tile.positions, other.positions) << name;
        EXPECT_EQ(tile.indices, other.indices) << name;
        const auto& box = std::get<tiles3d::tileset::Box>(tile.volumeEcef);
        const auto& otherBox = std::get<tiles3d::tileset::Box>(other.volumeEcef);
        EXPECT_TRUE(
            glm::all(glm::lessThan(glm::abs(box.centre - otherBox.centre), glm::dvec3(1e-6))))
            << name;
        EXPECT_NEAR(glm::length(box.halfAxes[2]), glm::length(otherBox.halfAxes[2]), 1e-6) << name;
    }
    EXPECT_FALSE(fs::exists(city / "out/terrain/subtrees"));
    built("scratch");
    expectSameBytes(city / "out", city / "scratch");
    city.writeProject();
    EXPECT_EQ(built("out").cellsDoneNow, 0U);
    EXPECT_TRUE(contentsOf(city / "out") == implicitFiles);
}

TEST_F(TerrainStage, errorsAreBoundedAndFall) {
    make(city.dem("a.tif", {0.05, 0.05, 1.95, 1.95}, 300));
    city.addLand();
    city.writeProject();
    built("out");
    const auto tiles = shownTiles(city / "out");
    std::size_t recorded = 0;
    for (const auto& [unit, result] : cellResults(city / "out")) {
        for (const terrain::TileRecord& record : result.tiles) {
            const ShownTile& tile = tiles.at(record.cell.name());
            EXPECT_LE(record.errorMetres, tile.geometricErrorMetres / 16.0) << record.cell.name();
            EXPECT_LT(tile.geometricErrorMetres, tile.errorAboveMetres) << record.cell.name();
            ++recorded;
        }
    }
    EXPECT_EQ(recorded, tiles.size());
}

/// Positions within half a metre of a line of longitude or latitude, sorted.
std::vector<glm::dvec3> border(const ShownTile& tile, double degrees, bool isLongitude) {
    constexpr double kNear = 0.5 / 111000.0;
    std::vector<glm::dvec3> found;
    for (std::size_t i = 0; i < tile.vertices.size(); ++i) {
        const auto& place = tile.vertices[i];
        const double own = isLongitude ? place.longitude.degrees() : place.latitude.degrees();
        if (std::abs(own - degrees) < kNear) {
            found.push_back(tile.positions[i]);
        }
    }
    std::ranges::sort(found, [](const glm::dvec3& a, const glm::dvec3& b) {
        return std::tie(a.x, a.y, a.z) < std::tie(b.x, b.y, b.z);
    });
    const auto twice = std::ranges::unique(found);
    found.erase(twice.begin(), twice.end());
    return found;
}

/// Compares the borders of all tiles with an eastern or northern neighbour; how many there were.
int compareBorders(const std::map<std::string, ShownTile>& tiles) {
    constexpr double kSame = 1e-4; // Draco's floats; a step of positions is larger
    int compared = 0;
    for (int depth = 1; depth <= 3; ++depth) {
        const auto side = std::uint32_t{1} << static_cast<unsigned>(depth);
        for (std::uint32_t i = 0; i < side * side; ++i) {
            for (const bool isEast : {false, true}) {
                const terrain::Cell cell{depth, i % side, i / side};
                const terrain::Cell next{
                    depth, cell.x + (isEast ? 1U : 0U), cell.y + (isEast ? 0U : 1U)};
                if (!tiles.contains(cell.name()) || !tiles.contains(next.name())) {
                    continue;
                }
                const double at = (isEast ? next.x : next.y) * 2.0 / side;
                const double degrees =
                    isEast ? TerrainCity::longitudeOf(at) : TerrainCity::latitudeOf(at);
                const auto own = border(tiles.at(cell.name()), degrees, isEast);
                EXPECT_FALSE(own.empty()) << cell.name();
                const auto other = border(tiles.at(next.name()), degrees, isEast);
                EXPECT_EQ(own.size(), other.size()) << cell.name() << " and " << next.name();
                for (std::size_t k = 0; k < std::min(own.size(), other.size()); ++k) {
                    EXPECT_LT(glm::distance(own[k], other[k]), kSame) << cell.name();
                }
                ++compared;
            }
        }
    }
    return compared;
}

class TerrainCodecs : public TerrainStage, public testing::WithParamInterface<scan::Geometry> {};

TEST_P(TerrainCodecs, neighboursShareTheirBorders) {
    make(city.dem("a.tif", {0.05, 0.05, 1.95, 1.95}, 60));
    make(city.ortho("picture.tif", {0.9, 0.9, 1.05, 1.05}, 2048));
    city.writeProject();
    built("out", {.geometry = GetParam()});
    EXPECT_GT(compareBorders(shownTiles(city / "out")), 8);
}

INSTANTIATE_TEST_SUITE_P(Geometry,
                         TerrainCodecs,
                         testing::Values(scan::Geometry::Plain,
                                         scan::Geometry::Draco,
                                         scan::Geometry::Quantized,
                                         scan::Geometry::Meshopt),
                         [](const auto& tested) { return scan::toWord(tested.param); });

TEST_F(TerrainStage, anyNumberOfWorkersGivesTheSameBytes) {
    city.addLand();
    city.addBlocks();
    city.writeProject(R"({"dem": "dem/*", "ortho": "ortho/*"})",
                      R"(, "oblique": [{"path": "delivery"}])");
    built("one", {.jobs = 1});
    built("two", {.jobs = 2});
    expectSameBytes(city / "one", city / "two");
    const auto before = contentsOf(city / "two");
    const Build again = build(city.project(), city / "two");
    ASSERT_TRUE(again.report);
    EXPECT_EQ(again.report->cellsDoneNow, 0U);
    EXPECT_EQ(again.report->unitsDoneNow, 0U);
    EXPECT_TRUE(contentsOf(city / "two") == before);
}

TEST(RimShift, aWrongHeightDatumIsToldFromRoofsThatTheEdgeCuts) {
    terrain::RimHistogram roofs;
    terrain::RimHistogram shifted;
    for (int i = 0; i < 100; ++i) {
        roofs.add(i < 80 ? 0.1 : 20.0);
        shifted.add(10.0 + (i < 80 ? 0.1 : 20.0));
    }
    EXPECT_GT(roofs.mean(), kMostRimMetres);
    EXPECT_FALSE(isRimShifted(roofs));
    EXPECT_TRUE(isRimShifted(shifted));
    terrain::RimHistogram sunk;
    sunk.add(-2.5);
    EXPECT_TRUE(isRimShifted(sunk));
    EXPECT_FALSE(isRimShifted({}));
}

} // namespace
} // namespace pipeline::job
