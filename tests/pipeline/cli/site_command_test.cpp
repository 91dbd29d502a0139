#include "pipeline/cli/site_command.h"

#include "pipeline/cli/run_command.h"
#include "pipeline/planning/gdal_runtime.h"
#include "pipeline/planning/vector_writer.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace pipeline::cli {
namespace {

namespace fs = std::filesystem;
using planning::VectorLayer;

VectorLayer squareLayer(const std::string& name, double west, double side) {
    const glm::dvec2 low(610000.0 + west, 2705000.0);
    VectorLayer layer{.name = name, .crs = "EPSG:4548", .fields = {{"MC"}}};
    layer.features.push_back({.geometry = {.polygons = {{.outer = {low,
                                                                   low + glm::dvec2(side, 0),
                                                                   low + glm::dvec2(side, side),
                                                                   low + glm::dvec2(0, side)}}}},
                              .values = {"f of " + name}});
    return layer;
}

class SiteCommandTest : public testing::Test {
protected:
    SiteCommandTest() {
        const planning::GdalRuntime gdal;
        EXPECT_TRUE(planning::writeGeoPackage(
            city(), {squareLayer("永久基本农田", 0, 100), squareLayer("宗地", 200, 100)}));
        EXPECT_TRUE(planning::writeGeoPackage(folder.path() / "inside.gpkg",
                                              {squareLayer("site", 50, 20)}));
        EXPECT_TRUE(planning::writeGeoPackage(folder.path() / "beside.gpkg",
                                              {squareLayer("site", 150, 20)}));
        EXPECT_TRUE(planning::writeGeoPackage(folder.path() / "far.gpkg",
                                              {squareLayer("site", 50000, 20)}));
    }

    fs::path city() const { return folder.path() / "城市.gpkg"; }

    ExitCode check(const std::string& site, const fs::path& rules = {}) {
        return runCheckSite({.city = city(),
                             .site = folder.path() / site,
                             .rules = rules,
                             .out = folder.path() / "报告"});
    }

    tests::TemporaryFolder folder;
};

TEST_F(SiteCommandTest, ExitCodesTellTheAnswer) {
    EXPECT_EQ(check("beside.gpkg"), ExitCode::Done);
    EXPECT_EQ(check("inside.gpkg"), ExitCode::DoneWithLosses);
    for (const char* name : {"report.html", "report.json", "site.gpkg"}) {
        EXPECT_TRUE(fs::exists(folder.path() / "报告" / name)) << name;
    }
    EXPECT_EQ(check("far.gpkg"), ExitCode::Failed);
    EXPECT_EQ(check("none.gpkg"), ExitCode::Failed);
}

TEST_F(SiteCommandTest, RulesOfAFileComeFirst) {
    const fs::path rules =
        folder.write("规则.json", R"({"rules": [{"layer": "永久基本农田", "rule": "inform"}]})");
    EXPECT_EQ(check("inside.gpkg", rules), ExitCode::Done);
    EXPECT_EQ(check("inside.gpkg", folder.write("bad.json", "{")), ExitCode::Failed);
    EXPECT_EQ(check("inside.gpkg", folder.path() / "none.json"), ExitCode::Failed);
}

TEST_F(SiteCommandTest, FindsSites) {
    const FindSitesCommand command{.city = city(),
                                   .parcels = "宗地",
                                   .leastSquareMetres = 5000.0,
                                   .out = folder.path() / "found"};
    EXPECT_EQ(runFindSites(command), ExitCode::Done);
    EXPECT_TRUE(fs::exists(folder.path() / "found" / "sites.gpkg"));
    FindSitesCommand wrong = command;
    wrong.parcels = "nothing";
    EXPECT_EQ(runFindSites(wrong), ExitCode::Failed);
    wrong = command;
    wrong.where = "1; DROP TABLE x";
    EXPECT_EQ(runFindSites(wrong), ExitCode::Failed);
}

} // namespace
} // namespace pipeline::cli
