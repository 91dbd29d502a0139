#include "pipeline/planning/style/legend.h"

#include "tiles3d/base/file.h"
#include "tiles3d/base/json.h"

#include <glm/vec3.hpp>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace pipeline::planning::style {
namespace {

using tiles3d::base::Json;

LayerInfo titled(const std::string& title) {
    LayerInfo layer;
    layer.title = title;
    return layer;
}

LayerInfo withFields(std::vector<Field> fields) {
    LayerInfo layer = titled("parcels");
    layer.fields = std::move(fields);
    return layer;
}

glm::ivec3 bytes(const glm::vec3& colour) {
    return {std::lround(colour.r * 255.0F),
            std::lround(colour.g * 255.0F),
            std::lround(colour.b * 255.0F)};
}

glm::ivec3 bytes(const Json& rgb) {
    glm::ivec3 out(0);
    for (int i = 0; i < 3; ++i) {
        out[i] = static_cast<int>(rgb.items()[static_cast<std::size_t>(i)].integerOr(-1));
    }
    return out;
}

class BuiltInLegend : public testing::Test {
protected:
    BuiltInLegend()
        : legend(*Legend::builtIn()), json(*tiles3d::base::parseJson(*tiles3d::base::readTextFile(
                                          REPO_ROOT "/assets/legend.json"))) {}

    glm::ivec3 fillOf(const LayerStyle& style, const LayerInfo& layer, const Value& value) const {
        return bytes(symbolAt(style, classOf(style, layer.fields, {value})).fillColour);
    }
    std::string lineOf(const LayerInfo& layer) const {
        const auto match = legend.controlLineOf(layer);
        return match ? match->line->id : "";
    }

    Legend legend;
    Json json;
};

TEST_F(BuiltInLegend, everyLandUseClassHasItsColourByCodeNameAndAlias) {
    const LayerInfo plan = withFields({{.name = "ydyhfldm"}});
    const LayerInfo named = withFields({{.name = "DLMC"}});
    const LayerStyle byCode = legend.styleFor(plan, 0);
    const LayerStyle byName = legend.styleFor(named, 0);
    std::size_t classes = 0;
    for (const char* part : {"land_use", "land_use_fallbacks"}) {
        for (const Json& entry : json[part].items()) {
            const glm::ivec3 expected = bytes(entry["rgb"]);
            const std::string code = entry["code"].stringOr("");
            EXPECT_EQ(fillOf(byCode, plan, code), expected) << code;
            EXPECT_EQ(fillOf(byCode, plan, code + "99"), expected) << code;
            EXPECT_EQ(fillOf(byName, named, entry["name_zh"].stringOr("")), expected) << code;
            for (const Json& alias : entry["aliases"].items()) {
                EXPECT_EQ(fillOf(byName, named, alias.stringOr("")), expected)
                    << alias.stringOr("");
            }
            ++classes;
        }
    }
    EXPECT_EQ(classes, 46U);
    EXPECT_EQ(json["land_use"].items().size(), 39U); // PLANNING.md, chapter 4
    EXPECT_EQ(byCode.classes.size(), classes);
    EXPECT_EQ(byCode.mode, DrapeMode::Upward);
}

TEST_F(BuiltInLegend, everyControlLineIsDrawnAsItSays) {
    for (const Json& entry : json["control_lines"].items()) {
        const std::string id = entry["id"].stringOr("");
        LayerInfo layer = titled("x");
        layer.category = "control/" + id;
        const LayerStyle style = legend.styleFor(layer, 3);
        EXPECT_EQ(bytes(style.other.lineColour), bytes(entry["rgb"])) << id;
        EXPECT_EQ(style.other.lineWidth, static_cast<float>(entry["line"]["width"].numberOr(0.0)));
        const std::string fill = entry["fill"]["type"].stringOr("");
        EXPECT_EQ(style.other.fill,
                  fill == "none"    ? FillKind::None
                  : fill == "hatch" ? FillKind::Hatch
                                    : FillKind::Solid)
            << id;
        EXPECT_EQ(lineOf(titled(entry["name_zh"].stringOr("") + "_2024")), id);
        EXPECT_EQ(lineOf(titled(entry["name_en"].stringOr(""))), id);
        for (const Json& hint : entry["layer_name_hints"].items()) {
            EXPECT_EQ(lineOf(titled("gh_" + hint.stringOr("") + "_py")), id);
        }
    }
    EXPECT_EQ(legend.controlLines().size(), json["control_lines"].items().size());
}

TEST_F(BuiltInLegend, noAliasNamesTwoLines) {
    std::set<std::string> seen;
    for (const ControlLine& line : legend.controlLines()) {
        for (const std::string& alias : line.aliases) {
            EXPECT_TRUE(seen.insert(alias).second) << alias;
            EXPECT_EQ(lineOf(titled(alias)), line.id) << alias;
        }
    }
}

TEST_F(BuiltInLegend, theLinesOfThePlanningChapter) {
    struct Row {
        const char* name;
        glm::ivec3 rgb;
        float width;
        DrapeMode mode;
    };
    // PLANNING.md, chapter 5
    const std::vector<Row> rows{{"生态保护红线", {0, 115, 76}, 3.0F, DrapeMode::All},
                                {"永久基本农田", {255, 235, 0}, 2.5F, DrapeMode::All},
                                {"城镇开发边界", {230, 0, 92}, 3.0F, DrapeMode::All},
                                {"绿线", {0, 168, 0}, 2.5F, DrapeMode::Upward},
                                {"蓝线", {0, 112, 255}, 2.5F, DrapeMode::Upward},
                                {"紫线", {132, 0, 168}, 2.5F, DrapeMode::All},
                                {"黄线", {255, 127, 0}, 2.5F, DrapeMode::All},
                                {"道路红线", {230, 0, 0}, 2.0F, DrapeMode::NearGround},
                                {"用地红线", {255, 0, 0}, 2.5F, DrapeMode::All},
                                {"建筑控制线", {255, 0, 197}, 2.0F, DrapeMode::NearGround},
                                {"饮用水水源一级保护区", {0, 77, 168}, 3.0F, DrapeMode::Upward},
                                {"饮用水水源二级保护区", {0, 132, 168}, 2.5F, DrapeMode::Upward},
                                {"饮用水水源准保护区", {115, 178, 255}, 2.0F, DrapeMode::Upward},
                                {"user site", {0, 255, 255}, 3.0F, DrapeMode::All}};
    for (const Row& row : rows) {
        const LayerStyle style = legend.styleFor(titled(row.name), 0);
        EXPECT_EQ(bytes(style.other.lineColour), row.rgb) << row.name;
        EXPECT_EQ(style.other.lineWidth, row.width) << row.name;
        EXPECT_EQ(style.mode, row.mode) << row.name;
    }
}

TEST_F(BuiltInLegend, theCategoryIsSaidAndNamesAreGuesses) {
    LayerInfo layer = titled("永久基本农田");
    EXPECT_EQ(lineOf(layer), "yjjbnt");
    EXPECT_FALSE(legend.controlLineOf(layer)->isSaid);
    layer.category = "control/ecological-red-line";
    EXPECT_EQ(lineOf(layer), "stbhhx");
    EXPECT_TRUE(legend.controlLineOf(layer)->isSaid);
    layer.category = "管控/城镇开发边界";
    EXPECT_EQ(lineOf(layer), "czkfbj");
    layer.category = "no/such";
    EXPECT_EQ(lineOf(layer), "yjjbnt");
}

TEST_F(BuiltInLegend, theLongestNameWinsAndTheTableCounts) {
    EXPECT_EQ(lineOf(titled("自然保护地核心保护区2020")), "reserve_core");
    LayerInfo layer = titled("2020");
    layer.table = "gh_zykzx_2020_yjjbntbhhx_py_latest_3_0";
    EXPECT_EQ(lineOf(layer), "yjjbnt");
    EXPECT_EQ(lineOf(titled("gh_ZXCQGHFQ_py")), "zoning_unit");
    EXPECT_EQ(lineOf(titled("ZXCQCSLVX")), "green_line");
    EXPECT_EQ(lineOf(titled("xiamen_coastline_osm")), "coastline");
    EXPECT_EQ(lineOf(titled("SHAXI")), "");
}

TEST_F(BuiltInLegend, olderLetterCodesFallIntoTheirNewClass) {
    const LayerInfo plan = withFields({{.name = "YDYHFLDM"}});
    const LayerStyle style = legend.styleFor(plan, 0);
    EXPECT_EQ(fillOf(style, plan, std::string("R2")), glm::ivec3(255, 255, 45));
    EXPECT_EQ(fillOf(style, plan, std::string("A35")), glm::ivec3(230, 0, 92));
    EXPECT_EQ(fillOf(style, plan, std::string("A33")), glm::ivec3(255, 133, 201));
    EXPECT_EQ(fillOf(style, plan, std::string("G1")), glm::ivec3(0, 255, 0));
    EXPECT_EQ(fillOf(style, plan, std::string("H11")), glm::ivec3(154, 160, 166));
}

TEST_F(BuiltInLegend, surveyCodesAreNeverReadAsPlanCodes) {
    const LayerInfo survey = withFields({{.name = "DLBM"}, {.name = "DLMC"}});
    const LayerStyle style = legend.styleFor(survey, 0);
    EXPECT_EQ(style.classField, "DLMC");
    EXPECT_EQ(classOf(style, survey.fields, {std::string("0501"), std::string("0501")}),
              style.classes.size());
    EXPECT_EQ(legend.styleFor(withFields({{.name = "DLBM"}}), 0).classes.size(), 0U);
}

TEST_F(BuiltInLegend, unmatchedLandUseIsGrey) {
    const LayerInfo plan = withFields({{.name = "YDYHFLDM"}, {.name = "YDYHFLMC"}});
    const LayerStyle style = legend.styleFor(plan, 0);
    EXPECT_EQ(bytes(style.other.fillColour), glm::ivec3(154, 160, 166));
    EXPECT_EQ(classOf(style, plan.fields, {std::string("99"), std::string("?")}),
              style.classes.size());
    EXPECT_EQ(bytes(symbolAt(style, classOf(style, plan.fields, {Value{}, std::string("林地")}))
                        .fillColour),
              glm::ivec3(104, 177, 103));
}

TEST_F(BuiltInLegend, aliasesOfFieldsCount) {
    const LayerInfo plan = withFields({{.name = "F7", .alias = "用地用海分类代码"}});
    EXPECT_EQ(legend.styleFor(plan, 0).classField, "F7");
}

TEST_F(BuiltInLegend, zoningParcelsAreFilledByLandUseInTheirOwnOutline) {
    LayerInfo parcels = titled("控规地块");
    const LayerStyle grey = legend.styleFor(parcels, 0);
    EXPECT_EQ(grey.other.fill, FillKind::Solid);
    EXPECT_EQ(bytes(grey.other.fillColour), glm::ivec3(154, 160, 166));
    parcels.fields = {{.name = "YDYHFLDM"}};
    const LayerStyle style = legend.styleFor(parcels, 0);
    EXPECT_EQ(fillOf(style, parcels, std::string("0902")), glm::ivec3(255, 0, 0));
    EXPECT_EQ(bytes(style.classes[0].symbol.lineColour), glm::ivec3(60, 60, 60));
}

TEST_F(BuiltInLegend, controlLinesWinOverLandUse) {
    LayerInfo layer = withFields({{.name = "YDYHFLDM"}});
    layer.title = "生态保护红线";
    EXPECT_TRUE(legend.styleFor(layer, 0).classes.empty());
}

TEST_F(BuiltInLegend, unknownLayersDiffer) {
    EXPECT_NE(legend.styleFor(titled("a"), 0), legend.styleFor(titled("b"), 1));
}

TEST_F(BuiltInLegend, rulesAreThoseOfTheLines) {
    EXPECT_EQ(legend.ruleFor(titled("永久基本农田")), Rule::Forbid);
    EXPECT_EQ(legend.ruleFor(titled("城镇开发边界")), Rule::RequireInside);
    EXPECT_EQ(legend.ruleFor(titled("控规地块")), Rule::Match);
    EXPECT_EQ(legend.ruleFor(titled("机场净空面")), Rule::HeightLimit);
    EXPECT_EQ(legend.ruleFor(titled("unheard of")), Rule::Inform);
}

TEST_F(BuiltInLegend, districtsCarryTheirNames) {
    LayerInfo districts = titled("行政区界");
    districts.fields = {{.name = "xzqmc"}};
    EXPECT_EQ(legend.styleFor(districts, 0).labelField, "xzqmc");
}

TEST(Legend, otherTextIsRefused) {
    EXPECT_FALSE(Legend::parse("{}"));
    EXPECT_FALSE(Legend::parse("not json"));
}

TEST(Legend, errorsNamePlaceAndValue) {
    const auto badRule =
        Legend::parse(R"({"control_lines": [{"id": "a"}, {"id": "b", "rule": "permit"}]})");
    ASSERT_FALSE(badRule);
    EXPECT_NE(badRule.error().message.find(R"(control_lines[1].rule: "permit")"), std::string::npos)
        << badRule.error().message;
    const auto badColour =
        Legend::parse(R"({"control_lines": [], "land_use": [{"code": "01", "rgb": [1, 2]}]})");
    ASSERT_FALSE(badColour);
    EXPECT_NE(badColour.error().message.find("land_use[0].rgb: [1,2]"), std::string::npos);
    EXPECT_FALSE(
        Legend::parse(R"({"control_lines": [], "legacy_codes_gb50137": {"map": {"R": "07"}}})"));
}

} // namespace
} // namespace pipeline::planning::style
