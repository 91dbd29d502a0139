#include "pipeline/planning/site/site_report.h"

#include "pipeline/planning/vector_reader.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace pipeline::planning::site {
namespace {

Geometry square(double west, double side) {
    return {.polygons = {{.outer = {{610000.0 + west, 2705000.0},
                                    {610000.0 + west + side, 2705000.0},
                                    {610000.0 + west + side, 2705000.0 + side},
                                    {610000.0 + west, 2705000.0 + side}}}}};
}

/// A conflict, a sliver, a distance and an exceedance, with markup wherever data can hold text.
SiteReport hostileReport() {
    const std::string hostile = "<script>alert(\"1\")</script>&'";
    SiteReport report{.site = {.name = hostile, .area = square(0, 100)},
                      .planeCrs = "EPSG:4548",
                      .amount = {.squareMetres = 12345.678, .planeSquareMetres = 12349.0},
                      .perimeterMetres = 400.0,
                      .verdict = Verdict::Conflict,
                      .layersChecked = 600,
                      .remarks = {hostile}};
    LayerFinding layer{.verdict = Verdict::Conflict};
    layer.info = {.table = "t" + hostile,
                  .title = "永久基本农田" + hostile,
                  .category = "control/" + hostile,
                  .source = hostile,
                  .vintage = hostile,
                  .fields = {{hostile}}};
    layer.rule = {.kind = RuleKind::Forbid, .title = hostile, .basis = hostile, .isGuessed = true};
    FeatureOverlap feature{.ref = {0, 7},
                           .name = hostile,
                           .values = {hostile},
                           .part = square(50, 50),
                           .amount = {.squareMetres = 2499.2, .planeSquareMetres = 2500.0},
                           .verdict = Verdict::Conflict,
                           .remark = hostile};
    layer.features.push_back(feature);
    feature.part = square(99, 0.5);
    feature.amount = {.squareMetres = 0.25, .planeSquareMetres = 0.25};
    layer.slivers.push_back(feature);
    layer.conflict = square(50, 50);
    layer.conflictAmount = layer.features[0].amount;
    layer.remarks = {{hostile, hostile}};
    layer.excesses.push_back({.limitMetres = 24.0, .topMetres = 30.0, .uncertaintyMetres = 0.5});
    report.layers.push_back(layer);
    report.categories.push_back({.category = layer.info.category, .verdict = Verdict::Conflict});
    NearestFeature nearest;
    nearest.target.title = hostile;
    nearest.name = hostile;
    report.distances.push_back(nearest);
    return report;
}

std::size_t countOf(const std::string& text, const std::string& word) {
    std::size_t count = 0;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
        ++count;
    }
    return count;
}

TEST(SiteReport, TextsOfDataCannotBecomeMarkup) {
    const auto legend = style::Legend::builtIn();
    ASSERT_TRUE(legend);
    for (const Language language : {Language::Chinese, Language::English}) {
        const std::string html = toHtml(hostileReport(),
                                        *legend,
                                        {.language = language,
                                         .date = "<script>",
                                         .pictures = {{"<script>", {}}},
                                         .pictureRemark = "<script>"});
        EXPECT_EQ(countOf(html, "<script"), 0U);
        EXPECT_GT(countOf(html, "&lt;script&gt;"), 10U);
        EXPECT_EQ(countOf(html, "alert(\"1\")"), 0U);
        EXPECT_EQ(countOf(html, "<table"), countOf(html, "</table>"));
        EXPECT_EQ(countOf(html, "<div"), countOf(html, "</div>"));
    }
}

TEST(SiteReport, SaysAreasInAllUnits) {
    const auto legend = style::Legend::builtIn();
    const std::string html = toHtml(hostileReport(), *legend);
    EXPECT_NE(html.find("12,345.68 m²"), std::string::npos);
    EXPECT_NE(html.find("1.2346 ha / 18.519 亩"), std::string::npos);
    EXPECT_NE(html.find("6.0 ± 0.5"), std::string::npos);
    EXPECT_NE(html.find("0.2500 m²"), std::string::npos);
}

TEST(SiteReport, PicturesAreEmbedded) {
    const auto legend = style::Legend::builtIn();
    const auto bytes = tiles3d::base::asBytes("any carnal pleas");
    const std::string html =
        toHtml(hostileReport(), *legend, {.pictures = {{"a", {bytes.begin(), bytes.end()}}}});
    // RFC 4648, 4: what `printf "any carnal pleas" | base64` prints.
    EXPECT_NE(html.find("base64,YW55IGNhcm5hbCBwbGVhcw=="), std::string::npos);
}

TEST(SiteReport, JsonReadsBack) {
    const auto json = tiles3d::base::parseJson(toJson(hostileReport()).dump());
    ASSERT_TRUE(json) << json.error().message;
    EXPECT_EQ((*json)["verdict"].stringOr(""), "conflict");
    const auto& layer = (*json)["layers"].items().at(0);
    EXPECT_EQ(layer["features"].items().at(0)["overlap"]["m2"].numberOr(0), 2499.2);
    EXPECT_EQ(layer["slivers"].items().size(), 1U);
    EXPECT_EQ(layer["height_excesses"].items().at(0)["excess_m"].numberOr(0), 6.0);
}

TEST(SiteReport, GeoPackageHoldsTheParts) {
    const GdalRuntime gdal;
    const tests::TemporaryFolder folder;
    const auto legend = style::Legend::builtIn();
    const auto out = folder.path() / "报告";
    const auto written = writeReport(hostileReport(), *legend, out);
    ASSERT_TRUE(written) << written.error().message;
    EXPECT_TRUE(std::filesystem::exists(out / "report.html"));
    EXPECT_TRUE(std::filesystem::exists(out / "report.json"));
    const auto read = readVectors(out / "site.gpkg", "EPSG:4548");
    ASSERT_TRUE(read) << read.error().message;
    std::vector<std::string> names;
    for (const VectorLayer& layer : read->layers) {
        names.push_back(layer.name);
    }
    EXPECT_EQ(names, (std::vector<std::string>{"用户红线范围", "冲突范围", "重叠面"}));
    EXPECT_EQ(read->layers[2].features.size(), 2U);
}

} // namespace
} // namespace pipeline::planning::site
