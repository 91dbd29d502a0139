#include "pipeline/job/inspect.h"

#include "pipeline/engine/local_engine.h"
#include "pipeline/sample/design_model.h"
#include "pipeline/sample/topped_delivery.h"
#include "temporary_folder.h"
#include "terrain_city.h"

#include <gtest/gtest.h>

namespace pipeline::job {
namespace {

using sample::TopLayout;

Inspection inspected(const std::filesystem::path& delivery) {
    engine::LocalEngine engine({.jobs = 1});
    auto inspection = inspectSources(
        scan::projectForDelivery(delivery), {.scan = {.heightDatum = "egm96"}}, engine);
    EXPECT_TRUE(inspection) << inspection.error().message;
    return inspection ? *std::move(inspection) : Inspection{};
}

TEST(Inspect, saysThatADeliveryHasItsOwnTop) {
    for (const TopLayout layout : {TopLayout::Folder, TopLayout::Dji, TopLayout::BareRoot}) {
        const TemporaryFolder folder;
        ASSERT_TRUE(sample::writeToppedDelivery(folder / "delivery", {.layout = layout}));
        const Inspection inspection = inspected(folder / "delivery");
        EXPECT_EQ(inspection.blocks, 4U);
        EXPECT_EQ(inspection.files, 40U); // without the top's
        EXPECT_TRUE(inspection.counted.losses.empty());
        const auto tops = toJson(inspection)["tops"].items();
        ASSERT_EQ(tops.size(), 1U);
        EXPECT_EQ(tops[0]["delivery"].stringOr(""), "delivery");
        EXPECT_EQ(tops[0]["kind"].stringOr(""),
                  layout == TopLayout::Folder ? "folder" : "root file");
        EXPECT_EQ(tops[0]["files"].integerOr(0), layout == TopLayout::Folder ? 2 : 1);
        EXPECT_GT(tops[0]["bytes"].integerOr(0), 0);
        EXPECT_EQ(tops[0]["tops"].stringOr(""), "ignore");
        EXPECT_NE(toText(inspection).find("top      its own, a "), std::string::npos);
    }
}

TEST(Inspect, saysNothingOfTopsWhereThereIsNone) {
    const TemporaryFolder folder;
    ASSERT_TRUE(sample::writeToppedDelivery(folder / "delivery"));
    std::filesystem::remove_all(folder / "delivery/Data/Top");
    const Inspection inspection = inspected(folder / "delivery");
    EXPECT_TRUE(toJson(inspection)["tops"].items().empty());
    EXPECT_EQ(toText(inspection).find("its own"), std::string::npos);
}

/// Of a project with land, a tower and no photogrammetry.
Inspection inspectedLand(const TerrainCity& city, const std::string& others) {
    city.writeProject(R"({"dem": "dem/*", "ortho": "ortho/*"})", others);
    engine::LocalEngine engine({.jobs = 1});
    auto inspection = inspectSources(city.project(), {}, engine);
    EXPECT_TRUE(inspection) << inspection.error().message;
    return inspection ? *std::move(inspection) : Inspection{};
}

TEST(Inspect, saysWhatRastersAndModelsAreUnderstoodAs) {
    const TerrainCity city;
    city.addLand();
    ASSERT_TRUE(sample::writeDesignModel(city.path()));
    ASSERT_TRUE(tiles3d::base::writeFile(city / "dem/text.tif", std::string_view("no raster")));
    const Inspection inspection =
        inspectedLand(city,
                      R"(, "vertical": {"datum": "egm96"}, "models": [{"path": "proposed_tower.obj",
            "position": [118.08, 24.445, 5.0], "heading_deg": 15}])");
    const auto json = toJson(inspection);
    ASSERT_EQ(json["rasters"].items().size(), 2U);
    const auto& dem = json["rasters"].items()[0];
    EXPECT_EQ(dem["used_as"].stringOr(""), "dem");
    EXPECT_EQ(dem["width"].integerOr(0), 38);
    EXPECT_EQ(dem["heights"].stringOr(""), "egm96_15.gtx");
    EXPECT_NEAR(dem["extent"].items().at(0).numberOr(0.0), TerrainCity::longitudeOf(0.05), 1e-9);
    ASSERT_EQ(json["models"].items().size(), 1U);
    EXPECT_NEAR(json["models"].items()[0]["heading_degrees"].numberOr(0.0), 15.0, 1e-9);
    ASSERT_EQ(json["rasters_left_out"].items().size(), 1U);
    EXPECT_TRUE(json["refusals"].items().empty());
    EXPECT_EQ(json.dump().find("e+300"), std::string::npos);
    const std::string text = toText(inspection);
    for (const char* part : {"land.tif: dem, 38 x 38 pixels of ",
                             "picture.tif: ortho, 205 x 205",
                             "egm96_15.gtx",
                             "text.tif: left out: ",
                             "proposed_tower.obj: 118.08"}) {
        EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
    }
}

TEST(Inspect, saysWhatABuildWouldRefuse) {
    const TerrainCity city;
    city.addLand();
    ASSERT_TRUE(sample::writeDesignModel(city.path()));
    const Inspection inspection = inspectedLand(
        city, R"(, "models": [{"path": "proposed_tower.obj", "position": [118.08, 24.445, 5.0]}])");
    ASSERT_EQ(inspection.refusals.size(), 2U);
    EXPECT_NE(inspection.refusals[0].find("--height-datum"), std::string::npos);
    EXPECT_NE(toText(inspection).find("a build would refuse this: "), std::string::npos);
}

} // namespace
} // namespace pipeline::job
