#include "pipeline/planning/style/style_json.h"

#include "pipeline/planning/style/legend.h"

#include <gtest/gtest.h>

namespace pipeline::planning::style {
namespace {

using tiles3d::base::parseJson;

LayerStyle fullStyle() {
    StyleClass ofValues;
    ofValues.label = "一";
    ofValues.labelEnglish = "one";
    ofValues.values = {"a", "乙"};
    ofValues.symbol = {.fill = FillKind::Hatch,
                       .fillColour = {0.1F, 0.2F, 0.3F},
                       .fillAlpha = 0.4F,
                       .hatchDegrees = 135.0F,
                       .hatchPixels = 9.0F,
                       .lineColour = {0.5F, 0.6F, 0.7F},
                       .lineWidth = 3.5F,
                       .lineUnit = Unit::Metres,
                       .dash = 6.0F,
                       .gap = 2.0F,
                       .casingColour = {1.0F, 0.0F, 0.0F},
                       .casingPixels = 0.0F,
                       .pointPixels = 12.0F};
    StyleClass ofRange;
    ofRange.from = 0.1;
    StyleClass ofCodes;
    ofCodes.prefixes = {"07", "R"};
    LayerStyle style;
    style.classField = "F";
    style.spareField = "G";
    style.classes = {ofValues, ofRange, ofCodes};
    style.other.fill = FillKind::Solid;
    style.otherLabel = "其他";
    style.otherLabelEnglish = "other";
    style.labelField = "XZQMC";
    style.labelPixels = 20.0F;
    style.labelColour = {0.0F, 0.25F, 1.0F};
    style.mode = DrapeMode::HeightRange;
    style.wallAlpha = 0.1F;
    style.bandMetres = 7.0F;
    style.baseField = "base";
    style.topField = "top";
    style.leastMetresPerPixel = 0.3;
    style.mostMetresPerPixel = 50.0;
    return style;
}

TEST(StyleJson, everyMemberReadsBack) {
    for (const LayerStyle& style : {LayerStyle{}, fullStyle()}) {
        const auto json = parseJson(toJson(style).dump());
        ASSERT_TRUE(json);
        const auto back = layerStyleFrom(*json);
        ASSERT_TRUE(back) << back.error().message;
        EXPECT_EQ(*back, style);
    }
    EXPECT_EQ(toJson(LayerStyle{}).dump(), R"({"other":{}})");
}

TEST(StyleJson, aFileOfTheLegendsStylesReadsBack) {
    const auto legend = Legend::builtIn();
    ASSERT_TRUE(legend);
    std::vector<NamedStyle> styles{{"full", fullStyle()}};
    LayerInfo parcels;
    parcels.title = "控规地块";
    parcels.fields = {{.name = "YDYHFLDM"}};
    styles.push_back({"控规地块", legend->styleFor(parcels, 0)});
    for (const ControlLine& line : legend->controlLines()) {
        LayerInfo layer;
        layer.title = line.name;
        styles.push_back({line.id, legend->styleFor(layer, 0)});
    }
    const auto back = readStyles(writeStyles(styles));
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(*back, styles);
    EXPECT_EQ(writeStyles(*back), writeStyles(styles));
}

TEST(StyleJson, errorsNamePlaceAndValue) {
    struct Case {
        const char* text;
        const char* message;
    };
    const std::string head = R"({"format": "city3d-styles", "version": 1, "layers": )";
    for (const Case& wrong : std::vector<Case>{
             {R"([{"table": "a", "style": {"other": {"fill": "sold"}}}]})",
              R"(styles: layers[0].style.other.fill: "sold", not one of none, solid, hatch)"},
             {R"([{"style": {"classes": [{}, {"symbol": {"fill_alpha": 2}}]}}]})",
              "styles: layers[0].style.classes[1].symbol.fill_alpha: 2, not a number from 0 to 1"},
             {R"([{"style": {"other": 3}}]})", "styles: layers[0].style.other: 3, not an object"},
             {R"({"a": 1}})", R"(styles: layers: {"a":1}, not an array)"}}) {
        const auto styles = readStyles(head + wrong.text);
        ASSERT_FALSE(styles) << wrong.text;
        EXPECT_EQ(styles.error().message, wrong.message);
    }
    EXPECT_FALSE(readStyles("{}"));
    EXPECT_FALSE(readStyles("["));
    EXPECT_FALSE(readStyles(R"({"format": "city3d-styles", "version": 2, "layers": []})"));
}

} // namespace
} // namespace pipeline::planning::style
