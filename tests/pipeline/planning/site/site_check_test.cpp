#include "pipeline/planning/site/site_check.h"

#include "pipeline/planning/geometry_ops.h"
#include "pipeline/planning/vector_writer.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pipeline::planning::site {
namespace {

constexpr const char* kPlane = "EPSG:4548";
const glm::dvec2 kOrigin(610000.0, 2705000.0);

Ring rectangle(double west, double south, double east, double north) {
    return {kOrigin + glm::dvec2(west, south),
            kOrigin + glm::dvec2(east, south),
            kOrigin + glm::dvec2(east, north),
            kOrigin + glm::dvec2(west, north)};
}

Geometry areaOf(const Ring& ring) {
    return {.polygons = {{.outer = ring}}};
}

VectorLayer layerOf(const std::string& name,
                    const std::vector<Ring>& rings,
                    const std::vector<std::string>& codes = {}) {
    VectorLayer layer{.name = name, .crs = kPlane, .fields = {{"YDYHFLDM"}, {"MC"}}};
    for (std::size_t i = 0; i < rings.size(); ++i) {
        layer.features.push_back({.geometry = areaOf(rings[i]),
                                  .values = {i < codes.size() ? Value(codes[i]) : Value(),
                                             "f" + std::to_string(i + 1)}});
    }
    return layer;
}

class SiteCheck : public testing::Test {
protected:
    std::shared_ptr<const LayerStore> storeOf(const std::vector<VectorLayer>& layers) {
        const auto file = folder.path() / "规划.gpkg";
        EXPECT_TRUE(writeGeoPackage(file, layers));
        auto store = LayerStore::open({file});
        EXPECT_TRUE(store) << store.error().message;
        return *store;
    }

    SiteReport check(const std::vector<VectorLayer>& layers, const SiteRules& rules) {
        return check(layers, areaOf(rectangle(0, 0, 100, 100)), rules);
    }

    SiteReport
    check(const std::vector<VectorLayer>& layers, const Geometry& drawn, const SiteRules& rules) {
        const auto site = siteFrom("test", drawn);
        EXPECT_TRUE(site) << site.error().message;
        auto report = checkSite(*storeOf(layers), *site, rules, {.threads = 2});
        EXPECT_TRUE(report) << report.error().message;
        return *std::move(report);
    }

    GdalRuntime gdal;
    tests::TemporaryFolder folder;
};

SiteRules ruled(const std::string& layer, RuleKind kind) {
    return {.rules = {{.layers = {.layer = layer}, .kind = kind}}};
}

TEST_F(SiteCheck, ForbiddenOverlapIsAConflictWithItsPart) {
    const SiteReport report =
        check({layerOf("farmland", {rectangle(50, 50, 150, 150), rectangle(200, 0, 300, 100)})},
              ruled("farmland", RuleKind::Forbid));
    EXPECT_EQ(report.verdict, Verdict::Conflict);
    ASSERT_EQ(report.layers.size(), 1U);
    const LayerFinding& layer = report.layers[0];
    EXPECT_EQ(layer.verdict, Verdict::Conflict);
    ASSERT_EQ(layer.features.size(), 1U);
    EXPECT_EQ(layer.features[0].name, "f1");
    EXPECT_NEAR(layer.features[0].amount.planeSquareMetres, 2500.0, 1e-6);
    EXPECT_NEAR(layer.features[0].amount.siteShare, 0.25, 1e-9);
    EXPECT_NEAR(squareMetresOf(layer.conflict), 2500.0, 1e-6);
    EXPECT_NEAR(report.amount.planeSquareMetres, 10000.0, 1e-6);
    EXPECT_NEAR(report.perimeterMetres, 400.0, 0.1);
}

TEST_F(SiteCheck, TrueAreasAreTheEllipsoids) {
    // A Gauss-Kruger plane stretches by k = 1 + x^2 / 2R^2 at x = 110 km off its meridian, areas by
    // k^2; R^2 = MN = 4.050e13 m2 at 24.4 N.
    const SiteReport report =
        check({layerOf("a", {rectangle(-10, -10, 500, 500)})}, ruled("a", RuleKind::Inform));
    const double ratio = report.amount.planeSquareMetres / report.amount.squareMetres;
    EXPECT_NEAR(ratio, 1.000299, 1e-6);
    EXPECT_NEAR(report.layers[0].covered.squareMetres, report.amount.squareMetres, 1e-3);
    EXPECT_EQ(report.verdict, Verdict::Pass);
}

TEST_F(SiteCheck, OutsideOfARequiredAreaIsTheConflict) {
    const std::vector<VectorLayer> layers{
        layerOf("boundary", {rectangle(-10, -10, 50, 200), rectangle(50, -10, 80, 200)})};
    const SiteReport partly = check(layers, ruled("boundary", RuleKind::RequireInside));
    ASSERT_EQ(partly.layers.size(), 1U);
    EXPECT_NEAR(partly.layers[0].conflictAmount.planeSquareMetres, 2000.0, 1e-6);
    const SiteReport inside =
        check(layers, areaOf(rectangle(0, 0, 80, 100)), ruled("boundary", RuleKind::RequireInside));
    EXPECT_EQ(inside.verdict, Verdict::Pass);
    EXPECT_EQ(inside.layers[0].verdict, Verdict::Pass);
}

TEST_F(SiteCheck, ARequiredAreaFarAwayIsAConflictOfTheWholeSite) {
    const SiteReport report = check({layerOf("boundary", {rectangle(1000, 0, 1100, 100)}),
                                     layerOf("land", {rectangle(-10, -10, 200, 200)})},
                                    ruled("boundary", RuleKind::RequireInside));
    ASSERT_EQ(report.layers.size(), 2U);
    EXPECT_EQ(report.layers[0].info.table, "boundary");
    EXPECT_NEAR(report.layers[0].conflictAmount.siteShare, 1.0, 1e-9);
}

TEST_F(SiteCheck, CodesThatDoNotSuitAreConflicts) {
    const std::vector<VectorLayer> layers{
        layerOf("parcels", {rectangle(0, 0, 60, 100), rectangle(60, 0, 100, 100)}, {"0701", "09"})};
    SiteRules rules = ruled("parcels", RuleKind::Match);
    EXPECT_EQ(check(layers, rules).verdict, Verdict::Pass);
    EXPECT_EQ(check(layers, rules).layers[0].verdict, Verdict::Inform);
    rules.siteUse = {"07*"};
    const SiteReport report = check(layers, rules);
    EXPECT_EQ(report.verdict, Verdict::Conflict);
    EXPECT_EQ(report.layers[0].features[0].remark, "09");
    EXPECT_NEAR(report.layers[0].conflictAmount.planeSquareMetres, 4000.0, 1e-6);
    rules.siteUse = {"07*", "09"};
    EXPECT_EQ(check(layers, rules).layers[0].verdict, Verdict::Pass);
}

TEST_F(SiteCheck, SliversStandApartAndAreNoConflict) {
    const SiteReport report =
        check({layerOf("farmland", {rectangle(99.995, 0, 200, 100)})}, // 0.5 m2
              ruled("farmland", RuleKind::Forbid));
    EXPECT_EQ(report.verdict, Verdict::Pass);
    ASSERT_EQ(report.layers.size(), 1U);
    EXPECT_TRUE(report.layers[0].features.empty());
    ASSERT_EQ(report.layers[0].slivers.size(), 1U);
    EXPECT_NEAR(report.layers[0].slivers[0].amount.planeSquareMetres, 0.5, 1e-5);
}

TEST_F(SiteCheck, TotalsCountEachPlaceOnce) {
    const SiteReport report =
        check({layerOf("a", {rectangle(0, 0, 60, 100)}),
               layerOf("b", {rectangle(40, 0, 80, 100), rectangle(50, 0, 70, 50)})},
              {});
    ASSERT_EQ(report.categories.size(), 1U);
    EXPECT_EQ(report.categories[0].features, 3U);
    EXPECT_NEAR(report.categories[0].covered.planeSquareMetres, 8000.0, 1e-6);
    EXPECT_NEAR(report.layers[1].covered.planeSquareMetres, 4000.0, 1e-6);
}

TEST_F(SiteCheck, LinesAlongTheBorderAreSlivers) {
    VectorLayer roads{.name = "roads", .crs = kPlane, .kind = GeometryKind::Line};
    roads.features.push_back({.geometry = {.lines = {{kOrigin, kOrigin + glm::dvec2(100, 0)}}}});
    roads.features.push_back(
        {.geometry = {.lines = {{kOrigin + glm::dvec2(50, -50), kOrigin + glm::dvec2(50, 50)}}}});
    const SiteReport report = check({roads}, ruled("roads", RuleKind::Forbid));
    ASSERT_EQ(report.layers.size(), 1U);
    ASSERT_EQ(report.layers[0].features.size(), 1U);
    EXPECT_NEAR(report.layers[0].features[0].amount.lineMetres, 50.0, 0.02);
    EXPECT_EQ(report.layers[0].slivers.size(), 1U);
}

TEST_F(SiteCheck, TouchingIsNoOverlap) {
    const SiteReport report = check({layerOf("a", {rectangle(100, 0, 200, 100)})}, {});
    EXPECT_TRUE(report.layers.empty());
}

TEST_F(SiteCheck, NearestDistancesReachOverAnyBox) {
    VectorLayer schools{.name = "schools",
                        .crs = kPlane,
                        .kind = GeometryKind::Point,
                        .fields = {{"KIND", FieldType::Integer}, {"NAME"}}};
    const auto add = [&](double east, std::int64_t kind, const char* name) {
        schools.features.push_back({.geometry = {.points = {kOrigin + glm::dvec2(east, 50)}},
                                    .values = {kind, std::string(name)}});
    };
    add(300, 2, "near");
    add(5100, 1, "far");
    const std::vector<VectorLayer> layers{schools, layerOf("land", {rectangle(0, 0, 50, 50)})};
    SiteRules rules;
    rules.distances = {{.title = "any", .layers = {.layer = "school*"}},
                       {.title = "first",
                        .layers = {.layer = "school*"},
                        .where = "KIND = 1",
                        .atMostMetres = 1000},
                       {.title = "hospital", .layers = {.layer = "hospital*"}}};
    const SiteReport report = check(layers, rules);
    ASSERT_EQ(report.distances.size(), 3U);
    EXPECT_EQ(report.distances[0].name, "near");
    EXPECT_NEAR(report.distances[0].metres, 200.0, 0.1);
    EXPECT_EQ(report.distances[0].verdict, Verdict::Inform);
    EXPECT_EQ(report.distances[1].name, "far");
    EXPECT_NEAR(report.distances[1].metres, 5000.0, 2.0);
    EXPECT_EQ(report.distances[1].verdict, Verdict::Conflict);
    EXPECT_FALSE(report.distances[2].ref);
    EXPECT_EQ(report.verdict, Verdict::Conflict);

    rules.distances = {{.title = "bad", .layers = {.layer = "schools"}, .where = "NOPE = 1"}};
    const auto failed =
        checkSite(*storeOf(layers), *siteFrom("", areaOf(rectangle(0, 0, 9, 9))), rules);
    ASSERT_FALSE(failed);
    EXPECT_NE(failed.error().message.find("bad"), std::string::npos) << failed.error().message;
}

TEST_F(SiteCheck, ASiteElsewhereIsAnError) {
    const auto store = storeOf({layerOf("a", {rectangle(0, 0, 100, 100)})});
    const auto report = checkSite(*store, *siteFrom("", areaOf(rectangle(9e4, 0, 9.1e4, 100))), {});
    ASSERT_FALSE(report);
    EXPECT_NE(report.error().message.find("outside of all layers"), std::string::npos);
}

TEST_F(SiteCheck, SitesAreRepairedAndUnited) {
    Geometry drawn = areaOf(rectangle(0, 0, 60, 100));
    drawn.polygons.push_back({.outer = rectangle(50, 0, 100, 100)});
    const auto united = siteFrom("", drawn);
    ASSERT_TRUE(united);
    EXPECT_NEAR(squareMetresOf(united->area), 10000.0, 1e-6);
    EXPECT_TRUE(united->remarks.empty());
    Ring bow = rectangle(0, 0, 100, 100);
    std::swap(bow[2], bow[3]);
    const auto repaired = siteFrom("", areaOf(bow));
    ASSERT_TRUE(repaired);
    EXPECT_NEAR(squareMetresOf(repaired->area), 5000.0, 1e-6);
    ASSERT_EQ(repaired->remarks.size(), 1U);
    EXPECT_NE(repaired->remarks[0].find("Self-intersection"), std::string::npos);
    EXPECT_FALSE(siteFrom("", {.points = {kOrigin}}));
    Ring broken = rectangle(0, 0, 100, 100);
    broken[1].x = std::nan("");
    EXPECT_FALSE(siteFrom("", areaOf(broken)));
}

} // namespace
} // namespace pipeline::planning::site
