#include "pipeline/planning/site/find_sites.h"

#include "pipeline/planning/vector_reader.h"
#include "pipeline/planning/vector_writer.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

namespace pipeline::planning::site {
namespace {

constexpr const char* kPlane = "EPSG:4548";

Geometry square(double west, double south, double side) {
    const glm::dvec2 low(610000.0 + west, 2705000.0 + south);
    return {.polygons = {{.outer = {low,
                                    low + glm::dvec2(side, 0),
                                    low + glm::dvec2(side, side),
                                    low + glm::dvec2(0, side)}}}};
}

class FindSites : public testing::Test {
protected:
    /// Four parcels in a row, of which the third lies in farmland; a school beside the first.
    FindSites() {
        VectorLayer parcels{
            .name = "宗地", .crs = kPlane, .fields = {{"MC"}, {"PRICE", FieldType::Real}}};
        const auto add = [&](const char* name, double west, double side, double price) {
            parcels.features.push_back(
                {.geometry = square(west, 0, side), .values = {std::string(name), price}});
        };
        add("small", 0, 50, 1.0);
        add("large", 100, 200, 2.0);
        add("farm", 400, 150, 3.0);
        add("far", 5000, 150, 4.0);
        VectorLayer farmland{.name = "永久基本农田", .crs = kPlane, .fields = {{"MC"}}};
        farmland.features.push_back(
            {.geometry = square(500, 50, 100), .values = {std::string("x")}});
        VectorLayer schools{.name = "学校", .crs = kPlane, .kind = GeometryKind::Point};
        schools.features.push_back({.geometry = {.points = {{610000.0, 2705500.0}}}});
        EXPECT_TRUE(writeGeoPackage(folder.path() / "a.gpkg", {parcels, farmland, schools}));
        store = *LayerStore::open({folder.path() / "a.gpkg"});
        rules.legend = *style::Legend::builtIn();
        while (store->layers()[wish.parcels].table != "宗地") {
            ++wish.parcels;
        }
    }

    std::vector<std::string> found() {
        const auto answer = findSites(*store, wish, rules, {.threads = 2});
        EXPECT_TRUE(answer) << answer.error().message;
        std::vector<std::string> names;
        for (const FoundSite& site : answer->sites) {
            names.push_back(site.name);
        }
        return names;
    }

    using Names = std::vector<std::string>;
    GdalRuntime gdal;
    tests::TemporaryFolder folder;
    std::shared_ptr<const LayerStore> store;
    SiteRules rules;
    SiteWish wish;
};

TEST_F(FindSites, ForbiddenParcelsAreLeftOutAndTheRestRanked) {
    EXPECT_EQ(found(), (Names{"large", "far", "small"}));
    wish.rankBy = "price";
    EXPECT_EQ(found(), (Names{"far", "large", "small"}));
    wish.rankBy = "nothing";
    EXPECT_FALSE(findSites(*store, wish, rules));
}

TEST_F(FindSites, ConditionsAreMet) {
    wish.leastSquareMetres = 10000.0;
    EXPECT_EQ(found(), (Names{"large", "far"}));
    wish.distances = {{.title = "学校", .layers = {.layer = "学校"}, .atMostMetres = 1000.0}};
    EXPECT_EQ(found(), Names{"large"});
    wish.where = "PRICE > 2";
    EXPECT_EQ(found(), Names{});
    wish.where = "NOPE = 1";
    EXPECT_FALSE(findSites(*store, wish, rules));
}

TEST_F(FindSites, CountsWhereTheOthersFell) {
    wish.leastSquareMetres = 10000.0;
    wish.distances = {{.title = "学校", .layers = {.layer = "学校"}, .atMostMetres = 1000.0}};
    const auto answer = findSites(*store, wish, rules);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->counts.considered, 4U);
    EXPECT_EQ(answer->counts.wrongArea, 1U);
    EXPECT_EQ(answer->counts.wrongDistance, 1U);
    EXPECT_EQ(answer->counts.forbidden, 1U);
    const auto out = folder.path() / "结果";
    ASSERT_TRUE(writeFoundSites(*answer, out));
    const auto read = readVectors(out / "sites.gpkg", kPlane);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->layers.at(0).features.size(), 1U);
    EXPECT_NE(toTable(*answer).find("1 of 4 parcels"), std::string::npos);
}

TEST_F(FindSites, ASlopeNeedsACity) {
    wish.mostSlopeDegrees = 5.0;
    const auto answer = findSites(*store, wish, rules);
    ASSERT_FALSE(answer);
    EXPECT_NE(answer.error().message.find("tileset.json"), std::string::npos);
}

} // namespace
} // namespace pipeline::planning::site
