#include "pipeline/sample/delivery.h"
#include "pipeline/sample/fixture.h"
#include "program.h"
#include "temporary_folder.h"
#include "tiles3d/base/file.h"
#include "tiles3d/base/json.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

namespace pipeline::job {
namespace {

namespace fs = std::filesystem;

using tiles3d::base::Json;

/// One block, and layers that the test writes.
class LayerStage : public testing::Test {
protected:
    void SetUp() override {
        const auto block = sample::makeFixtureBlock("Tile_0", 0, 1);
        ASSERT_TRUE(block);
        ASSERT_TRUE(sample::writeFiles(folder / "oblique/Data/Tile_0", sample::serialise(*block)));
        write("oblique/metadata.xml", sample::metadataXml());
        write("city.json", R"({"name": "c", "plane_crs": "EPSG:4548",
            "vertical": {"datum": "ellipsoidal"}, "oblique": [{"path": "oblique"}],
            "layers": [{"path": "good.csv", "crs": "EPSG:4548"},
                       {"path": "bad.csv", "crs": "EPSG:4548"}]})");
        write("good.csv", sampleCsv());
        write("bad.csv", sampleCsv());
    }

    void write(const std::string& name, const std::string& text) const {
        ASSERT_TRUE(tiles3d::base::writeFile(folder / name, text));
    }
    static std::string sampleCsv() {
        return fmt::format("x,y\n{},{}\n", sample::kOrigin.x, sample::kOrigin.y);
    }
    Ended build() const { return runBuild(folder / "city.json", folder / "out"); }
    Json report() const {
        const auto text = tiles3d::base::readTextFile(folder / "out/report.json");
        EXPECT_TRUE(text);
        const auto json = tiles3d::base::parseJson(text ? *text : "{}");
        EXPECT_TRUE(json);
        return json ? *json : Json();
    }
    bool reportSays(const std::string& text) const {
        const auto html = tiles3d::base::readTextFile(folder / "out/report.html");
        return html && html->find(text) != std::string::npos;
    }

    TemporaryFolder folder;
};

TEST_F(LayerStage, layersAreAStageOfTheReport) {
    const Ended ended = build();
    EXPECT_EQ(ended.code, 0) << ended.errors;
    EXPECT_TRUE(report()["run"]["stages"]["layers"].isNumber());
    EXPECT_TRUE(fs::exists(folder / "out/planning.gpkg"));
    EXPECT_TRUE(fs::exists(folder / "out/legend.json"));
}

TEST_F(LayerStage, aLostLayerIsALossThatTheReportNames) {
    write("bad.csv", "x,y\nnan,inf\n");
    const Ended ended = build();
    EXPECT_EQ(ended.code, 3) << ended.errors;
    EXPECT_NE(ended.errors.find("bad"), std::string::npos) << ended.errors;
    EXPECT_EQ(report()["losses_by_kind"]["layer"].integerOr(0), 1) << report().dump(true);
    EXPECT_TRUE(reportSays("lost: "));
    EXPECT_EQ(build().code, 3) << "it is still lost";
}

TEST_F(LayerStage, whatIsLostLaterIsKeptAndALoss) {
    ASSERT_EQ(build().code, 0);
    fs::remove(folder / "bad.csv");
    const Ended ended = build();
    EXPECT_EQ(ended.code, 3) << ended.errors;
    EXPECT_NE(ended.errors.find("is kept from the import of"), std::string::npos) << ended.errors;
    EXPECT_TRUE(reportSays("is kept from the import of"));
    write("bad.csv", sampleCsv());
    EXPECT_EQ(build().code, 0);
}

} // namespace
} // namespace pipeline::job
