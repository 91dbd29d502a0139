#include "pipeline/planning/style/qml_style.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace pipeline::planning::style {
namespace {

constexpr float kPixelsPerMillimetre = 96.0F / 25.4F;

std::string qgis(const std::string& renderer,
                 const std::string& more = "",
                 const std::string& attributes = "") {
    return fmt::format("<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
                       "<qgis version=\"3.22\" {}>{}{}</qgis>",
                       attributes,
                       renderer,
                       more);
}

std::string options(const std::vector<std::pair<std::string, std::string>>& values) {
    std::string text = "<Option type=\"Map\">";
    for (const auto& [name, value] : values) {
        text += fmt::format(R"(<Option name="{}" value="{}" type="QString"/>)", name, value);
    }
    return text + "</Option>";
}

std::string fillSymbol(const std::string& name, const std::string& colour) {
    return fmt::format(
        R"(<symbol name="{}" type="fill" alpha="1"><layer class="SimpleFill" enabled="1">{}</layer></symbol>)",
        name,
        options({{"color", colour},
                 {"style", "solid"},
                 {"outline_color", "35,35,35,255"},
                 {"outline_style", "solid"},
                 {"outline_width", "2"},
                 {"outline_width_unit", "Pixel"}}));
}

std::string single(const std::string& layers, const std::string& type = "fill") {
    return fmt::format(
        R"(<renderer-v2 type="singleSymbol"><symbols><symbol name="0" type="{}" alpha="0.5">{}</symbol></symbols></renderer-v2>)",
        type,
        layers);
}

ImportedStyle read(const std::string& xml) {
    const auto style = readQml(xml);
    EXPECT_TRUE(style) << style.error().message;
    return style ? *style : ImportedStyle{};
}

TEST(QmlStyle, aSingleFillInOldAndNewForm) {
    const std::string old = R"(<layer class="SimpleFill" pass="0" locked="0">
        <prop k="color" v="255,0,51,204"/><prop k="style" v="solid"/><prop k="outline_color" v="0,0,255,255"/>
        <prop k="outline_style" v="dash"/><prop k="outline_width" v="0.5"/><prop k="outline_width_unit" v="MM"/></layer>)";
    const std::string now = "<layer class=\"SimpleFill\" enabled=\"1\">" +
                            options({{"color", "255,0,51,204,rgb:1,0,0.2,0.8"},
                                     {"style", "solid"},
                                     {"outline_color", "0,0,255,255"},
                                     {"outline_style", "dash"},
                                     {"outline_width", "0.5"},
                                     {"outline_width_unit", "MM"}}) +
                            "</layer>";
    const ImportedStyle a = read(qgis(single(old), "<layerTransparency>50</layerTransparency>"));
    const ImportedStyle b = read(qgis(single(now), "<layerOpacity>0.5</layerOpacity>"));
    EXPECT_EQ(a.style, b.style);
    const Symbol& symbol = a.style.other;
    EXPECT_EQ(symbol.fill, FillKind::Solid);
    EXPECT_EQ(symbol.fillColour, glm::vec3(1.0F, 0.0F, 0.2F));
    EXPECT_NEAR(symbol.fillAlpha, 0.8 * 0.5 * 0.5, 1e-6);
    EXPECT_EQ(symbol.lineColour, glm::vec3(0.0F, 0.0F, 1.0F));
    EXPECT_NEAR(symbol.lineWidth, 0.5F * kPixelsPerMillimetre, 1e-5);
    EXPECT_NEAR(symbol.dash, 4.0F * symbol.lineWidth, 1e-4);
    EXPECT_EQ(a.messages, (std::vector<std::string>{"half-transparent lines are drawn opaque"}));
}

TEST(QmlStyle, unitsOfLines) {
    struct Case {
        const char* unit;
        float width;
        Unit in;
    };
    for (const Case& c : std::vector<Case>{{"MM", 2.0F * kPixelsPerMillimetre, Unit::Pixels},
                                           {"Pixel", 2.0F, Unit::Pixels},
                                           {"Point", 2.0F * 96.0F / 72.0F, Unit::Pixels},
                                           {"MapUnit", 2.0F, Unit::Metres}}) {
        const ImportedStyle style = read(qgis(single("<layer class=\"SimpleLine\">" +
                                                         options({{"line_color", "1,2,3,255"},
                                                                  {"line_width", "2"},
                                                                  {"line_width_unit", c.unit}}) +
                                                         "</layer>",
                                                     "line")));
        EXPECT_NEAR(style.style.other.lineWidth, c.width, 1e-5) << c.unit;
        EXPECT_EQ(style.style.other.lineUnit, c.in) << c.unit;
        EXPECT_EQ(style.style.other.fill, FillKind::None);
    }
}

TEST(QmlStyle, customDashes) {
    const ImportedStyle style = read(qgis(single(
        "<layer class=\"SimpleLine\">" +
            options(
                {{"use_custom_dash", "1"}, {"customdash", "5;2"}, {"customdash_unit", "Pixel"}}) +
            "</layer>",
        "line")));
    EXPECT_EQ(style.style.other.dash, 5.0F);
    EXPECT_EQ(style.style.other.gap, 2.0F);
}

TEST(QmlStyle, hatchesByPatternAndByBrush) {
    const std::string stripes = "<layer class=\"LinePatternFill\">" +
                                options({{"angle", "135"},
                                         {"distance", "9"},
                                         {"distance_unit", "Pixel"},
                                         {"color", "9,9,9,255"}}) +
                                "<symbol name=\"@0@0\" type=\"line\"><layer class=\"SimpleLine\">" +
                                options({{"line_color", "255,0,0,255"}}) +
                                "</layer></symbol></layer>";
    const Symbol pattern = read(qgis(single(stripes))).style.other;
    EXPECT_EQ(pattern.fill, FillKind::Hatch);
    EXPECT_EQ(pattern.fillColour, glm::vec3(1.0F, 0.0F, 0.0F));
    EXPECT_EQ(pattern.hatchDegrees, 135.0F);
    EXPECT_EQ(pattern.hatchPixels, 9.0F);
    EXPECT_EQ(pattern.lineWidth, 0.0F);
    const Symbol brush =
        read(qgis(single("<layer class=\"SimpleFill\">" +
                         options({{"style", "f_diagonal"}, {"outline_style", "no"}}) + "</layer>")))
            .style.other;
    EXPECT_EQ(brush.fill, FillKind::Hatch);
    EXPECT_EQ(brush.hatchDegrees, 135.0F);
    EXPECT_EQ(brush.lineWidth, 0.0F);
}

TEST(QmlStyle, markersAreDiscs) {
    const ImportedStyle style = read(qgis(single("<layer class=\"SimpleMarker\">" +
                                                     options({{"name", "star"},
                                                              {"color", "0,255,0,255"},
                                                              {"size", "10"},
                                                              {"size_unit", "Pixel"},
                                                              {"outline_style", "no"}}) +
                                                     "</layer>",
                                                 "marker")));
    EXPECT_EQ(style.style.other.pointPixels, 10.0F);
    EXPECT_EQ(style.style.other.fillColour, glm::vec3(0.0F, 1.0F, 0.0F));
    EXPECT_EQ(style.messages,
              (std::vector<std::string>{"markers of shape 'star' are drawn as discs"}));
}

TEST(QmlStyle, categoriesWithListsHiddenOnesAndTheRest) {
    const std::string renderer = R"(<renderer-v2 type="categorizedSymbol" attr="DLMC"><categories>
        <category symbol="0" value="水田" label="paddy" render="true" type="string"/>
        <category symbol="1" label="more" render="true"><val value="a"/><val value="b"/></category>
        <category symbol="1" value="7.0" label="seven" render="false" type="double"/>
        <category symbol="2" value="" label="rest" render="true" type="NULL"/></categories><symbols>)" +
                                 fillSymbol("0", "1,0,0,255") + fillSymbol("1", "2,0,0,255") +
                                 fillSymbol("2", "3,0,0,255") + "</symbols></renderer-v2>";
    const LayerStyle style = read(qgis(renderer)).style;
    EXPECT_EQ(style.classField, "DLMC");
    ASSERT_EQ(style.classes.size(), 3U);
    EXPECT_EQ(style.classes[0].label, "paddy");
    EXPECT_EQ(style.classes[0].values, std::vector<std::string>{"水田"});
    EXPECT_EQ(style.classes[1].values, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(style.classes[2].values, std::vector<std::string>{"7"});
    EXPECT_EQ(style.classes[2].symbol, invisibleSymbol());
    EXPECT_EQ(style.otherLabel, "rest");
    EXPECT_EQ(style.other.fillColour.r, 3.0F / 255.0F);
}

TEST(QmlStyle, rangesHoldBothEndsAndTheRestIsNotDrawn) {
    const std::string renderer = R"(<renderer-v2 type="graduatedSymbol" attr="RJL"><ranges>
        <range lower="0.0" upper="1.5" symbol="0" label="low" render="true"/>
        <range lower="1.5" upper="3.0" symbol="1" label="high" render="true"/></ranges><symbols>)" +
                                 fillSymbol("0", "1,0,0,255") + fillSymbol("1", "2,0,0,255") +
                                 "</symbols></renderer-v2>";
    const LayerStyle style = read(qgis(renderer)).style;
    const auto classOfNumber = [&](double number) {
        return classOf(style, {{.name = "RJL"}}, {number});
    };
    EXPECT_EQ(classOfNumber(0.0), 0U);
    EXPECT_EQ(classOfNumber(1.5), 0U);
    EXPECT_EQ(classOfNumber(1.6), 1U);
    EXPECT_EQ(classOfNumber(3.0), 1U);
    EXPECT_EQ(classOfNumber(3.1), 2U);
    EXPECT_EQ(style.other, invisibleSymbol());
}

TEST(QmlStyle, rulesOnOneFieldWithElse) {
    const std::string renderer = R"(<renderer-v2 type="RuleRenderer"><rules key="{r}">
        <rule filter="&quot;h&quot; &lt; 10" symbol="0" label="low" scalemindenom="100" scalemaxdenom="10000"/>
        <rule filter="&quot;h&quot; >= 10"><rule filter="h &lt; 20" symbol="1" label="mid" scalemindenom="100" scalemaxdenom="10000"/></rule>
        <rule filter="area($geometry) > 3" symbol="1"/>
        <rule filter="g = 1" symbol="1" scalemindenom="100" scalemaxdenom="10000"/>
        <rule filter="ELSE" symbol="2" label="rest" scalemindenom="100" scalemaxdenom="10000"/></rules><symbols>)" +
                                 fillSymbol("0", "1,0,0,255") + fillSymbol("1", "2,0,0,255") +
                                 fillSymbol("2", "3,0,0,255") + "</symbols></renderer-v2>";
    const ImportedStyle read = style::read(qgis(renderer));
    const LayerStyle& style = read.style;
    EXPECT_EQ(style.classField, "h");
    ASSERT_EQ(style.classes.size(), 2U);
    EXPECT_EQ(style.classes[1].from, 10.0);
    EXPECT_EQ(style.classes[1].to, 20.0);
    EXPECT_EQ(style.otherLabel, "rest");
    EXPECT_NEAR(style.leastMetresPerPixel, 100.0 * 0.0254 / 96.0, 1e-9);
    EXPECT_NEAR(style.mostMetresPerPixel, 10000.0 * 0.0254 / 96.0, 1e-9);
    EXPECT_EQ(read.messages.size(), 2U);
}

TEST(QmlStyle, scalesOfBothGenerations) {
    const std::string symbol = single("");
    const LayerStyle now =
        read(qgis(symbol, "", R"(hasScaleBasedVisibilityFlag="1" minScale="50000" maxScale="500")"))
            .style;
    const LayerStyle old =
        read(qgis(symbol,
                  "",
                  R"(hasScaleBasedVisibilityFlag="1" minimumScale="500" maximumScale="50000")"))
            .style;
    EXPECT_EQ(now, old);
    EXPECT_NEAR(now.leastMetresPerPixel, 500.0 * 0.0254 / 96.0, 1e-9);
    EXPECT_NEAR(now.mostMetresPerPixel, 50000.0 * 0.0254 / 96.0, 1e-9);
}

TEST(QmlStyle, labelsOfAField) {
    const std::string labels =
        R"(<labeling type="simple"><settings><text-style fieldName="XZQMC" isExpression="0"
        fontSize="9" fontSizeUnit="Point" textColor="255,0,0,255"/></settings></labeling>)";
    const LayerStyle style = read(qgis(single(""), labels, "labelsEnabled=\"1\"")).style;
    EXPECT_EQ(style.labelField, "XZQMC");
    EXPECT_EQ(style.labelPixels, 12.0F);
    EXPECT_EQ(style.labelColour, glm::vec3(1.0F, 0.0F, 0.0F));
    EXPECT_EQ(read(qgis(single(""), labels, "labelsEnabled=\"0\"")).style.labelField, "");
}

TEST(QmlStyle, labelsOfTheSecondGeneration) {
    const std::string labels = R"(<labeling type="simple"/><customproperties>
        <property key="labeling/enabled" value="true"/><property key="labeling/fieldName" value="MC"/>
        <property key="labeling/fontSize" value="9"/><property key="labeling/textColorR" value="255"/>
        </customproperties>)";
    const ImportedStyle style = read(qgis(single(""), labels));
    EXPECT_EQ(style.style.labelField, "MC");
    EXPECT_EQ(style.style.labelPixels, 12.0F);
    EXPECT_EQ(style.style.labelColour, glm::vec3(1.0F, 0.0F, 0.0F));
    EXPECT_TRUE(read(qgis(single(""), "<labeling type=\"simple\"/>")).messages.empty());
}

TEST(QmlStyle, whatIsNotUnderstoodIsSaid) {
    const ImportedStyle heat = read(qgis(R"(<renderer-v2 type="heatmapRenderer"/>)"));
    EXPECT_EQ(heat.messages.size(), 1U);
    const ImportedStyle svg = read(qgis(single("<layer class=\"SVGFill\"/>")));
    EXPECT_EQ(svg.messages,
              (std::vector<std::string>{"symbol layers of type SVGFill are drawn plainly"}));
    const ImportedStyle expression =
        read(qgis(R"x(<renderer-v2 type="categorizedSymbol" attr="left(code, 2)"><symbols>)x" +
                  fillSymbol("0", "5,0,0,255") + "</symbols></renderer-v2>"));
    EXPECT_EQ(expression.messages.size(), 1U);
    EXPECT_EQ(expression.style.other.fillColour.r, 5.0F / 255.0F);
}

TEST(QmlStyle, otherTextsFail) {
    EXPECT_FALSE(readQml(""));
    EXPECT_FALSE(readQml("<svg/>"));
    EXPECT_FALSE(readQml("<qgis/>"));
    EXPECT_TRUE(readQml(R"(<qgis><renderer-v2 type="categorizedSymbol" attr="a"/></qgis>)"));
    EXPECT_TRUE(readQml(R"(<qgis><renderer-v2 type="RuleRenderer"/></qgis>)"));
}

} // namespace
} // namespace pipeline::planning::style
