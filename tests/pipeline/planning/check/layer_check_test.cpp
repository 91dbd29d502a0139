#include "pipeline/planning/check/layer_check.h"

#include "pipeline/planning/import_layers.h"
#include "pipeline/planning/vector_writer.h"
#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace pipeline::planning::check {
namespace {

Feature square(double x, double y, double width, double height, const std::string& code) {
    Feature feature;
    feature.geometry.polygons.push_back(
        {.outer = {{x, y}, {x + width, y}, {x + width, y + height}, {x, y + height}}});
    feature.values = {code, std::int64_t{1}};
    return feature;
}

class LayerCheck : public testing::Test {
protected:
    LayerFindings check(const std::vector<Feature>& features, const CheckRules& rules) {
        VectorLayer layer{.name = "parcels", .crs = "EPSG:4548"};
        layer.fields = {{"YDYHFLDM"}, {"BSM", FieldType::Integer}};
        layer.features = features;
        const auto file = folder.path() / "a.gpkg";
        EXPECT_TRUE(writeGeoPackage(file, {layer}));
        const auto store = LayerStore::open({file});
        EXPECT_TRUE(store);
        const auto layers = checkLayers(**store, rules, 2);
        EXPECT_TRUE(layers);
        return layers->at(0);
    }
    static std::uint64_t count(const LayerFindings& layer, const std::string& what) {
        const auto found = std::ranges::find(layer.findings, what, &Finding::what);
        return found == layer.findings.end() ? 0 : found->count;
    }

    GdalRuntime gdal;
    tests::TemporaryFolder folder;
};

TEST_F(LayerCheck, aTilingIsClean) {
    const LayerFindings layer =
        check({square(0, 0, 10, 10, "0701"), square(10, 0, 10, 10, "0701")}, {});
    EXPECT_TRUE(layer.findings.empty());
    EXPECT_EQ(layer.features, 2U);
}

TEST_F(LayerCheck, overlapsGapsSliversAndDuplicates) {
    const LayerFindings layer = check({square(0, 0, 30, 10, "0701"),
                                       square(0, 20, 30, 10, "0701"),
                                       square(0, 10, 10, 10, "0701"),
                                       square(20, 10, 10, 10, "0701"), // 10 x 10 m between them
                                       square(25, 25, 10, 10, "0701"), // 5 x 5 m on the second
                                       square(100, 0, 50, 0.05, "0701"),
                                       square(200, 0, 5, 5, "0701"),
                                       square(200, 0, 5, 5, "0701")},
                                      {});
    EXPECT_EQ(count(layer, "gap"), 1U);
    EXPECT_EQ(count(layer, "overlap"), 2U); // the twins as well
    EXPECT_EQ(count(layer, "sliver"), 1U);
    EXPECT_EQ(count(layer, "geometry twice"), 1U);
}

TEST_F(LayerCheck, theOneAwayFromAllOthersIsFarEvenIfItIsTheFirst) {
    const LayerFindings layer = check({square(900'000, 0, 10, 10, "0701"),
                                       square(0, 0, 10, 10, "0701"),
                                       square(20, 0, 10, 10, "0701")},
                                      {});
    EXPECT_EQ(count(layer, "far from the others"), 1U);
}

TEST_F(LayerCheck, fieldsCodesAndIdentifiers) {
    const LayerRule rule{.layer = "par*",
                         .required = {"XZQDM", "YDYHFLDM"},
                         .unique = {"BSM"},
                         .codes = {{"YDYHFLDM", {"07"}}}};
    const LayerFindings layer = check(
        {square(0, 0, 10, 10, "0701"), square(20, 0, 10, 10, "9999"), square(40, 0, 10, 10, "")},
        {.layers = {rule}});
    EXPECT_EQ(count(layer, "missing field"), 1U);
    EXPECT_EQ(count(layer, "empty value"), 1U);
    EXPECT_EQ(count(layer, "unknown code"), 1U);
    EXPECT_EQ(count(layer, "value twice: BSM"), 2U);
}

TEST_F(LayerCheck, builtInRulesKnowLandUse) {
    const auto rules = builtInRules();
    ASSERT_TRUE(rules) << rules.error().message;
    const LayerFindings layer =
        check({square(0, 0, 10, 10, "0701"), square(20, 0, 10, 10, "zz99")}, *rules);
    EXPECT_EQ(count(layer, "unknown code"), 1U);
}

TEST_F(LayerCheck, rulesAreRead) {
    const auto rules = readRules(folder.write(
        "rules.json",
        R"({"layers": [{"layer": "a*", "required": ["BSM"], "codes": {"DLBM": ["01"]}}],
            "overlap_square_metres": 5})"));
    ASSERT_TRUE(rules);
    EXPECT_EQ(rules->overlapSquareMetres, 5.0);
    EXPECT_EQ(rules->layers.at(0).codes.at("DLBM").at(0), "01");
    EXPECT_FALSE(readRules(folder.write("bad.json", R"({"gap_square_metres": "x"})")));
    EXPECT_FALSE(readRules(folder.path() / "missing.json"));
}

} // namespace
} // namespace pipeline::planning::check
