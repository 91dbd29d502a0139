#include "pipeline/planning/style/sld_style.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

namespace pipeline::planning::style {
namespace {

std::string old(const std::string& rules) {
    return fmt::format(
        R"(<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc">
        <NamedLayer><Name>l</Name><UserStyle><FeatureTypeStyle>{}</FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>)",
        rules);
}

std::string now(const std::string& rules) {
    return fmt::format(
        R"(<StyledLayerDescriptor version="1.1.0" xmlns="http://www.opengis.net/sld" xmlns:se="http://www.opengis.net/se"
        xmlns:ogc="http://www.opengis.net/ogc"><NamedLayer><se:Name>l</se:Name><UserStyle><se:FeatureTypeStyle>{}</se:FeatureTypeStyle>
        </UserStyle></NamedLayer></StyledLayerDescriptor>)",
        rules);
}

std::string fill(const std::string& colour) {
    return fmt::format("<PolygonSymbolizer><Fill><CssParameter "
                       "name=\"fill\">{}</CssParameter></Fill></PolygonSymbolizer>",
                       colour);
}

std::string filtered(const std::string& filter, const std::string& colour) {
    return fmt::format("<Rule><Title>{}</Title><ogc:Filter>{}</ogc:Filter>{}</Rule>",
                       colour,
                       filter,
                       fill(colour));
}

std::string compare(const std::string& name, const std::string& value) {
    return fmt::format(
        "<ogc:{0}><ogc:PropertyName>f</ogc:PropertyName><ogc:Literal>{1}</ogc:Literal></ogc:{0}>",
        name,
        value);
}

ImportedStyle read(const std::string& xml) {
    const auto style = readSld(xml);
    EXPECT_TRUE(style) << style.error().message;
    return style ? *style : ImportedStyle{};
}

TEST(SldStyle, polygonsOfBothVersions) {
    const std::string one = R"(<Rule><MinScaleDenominator>1000</MinScaleDenominator>
        <MaxScaleDenominator>50000</MaxScaleDenominator><PolygonSymbolizer>
        <Fill><CssParameter name="fill">#ff0033</CssParameter><CssParameter name="fill-opacity"><ogc:Literal>0.4</ogc:Literal></CssParameter></Fill>
        <Stroke><CssParameter name="stroke">#0000FF</CssParameter><CssParameter name="stroke-width">2.5</CssParameter>
        <CssParameter name="stroke-dasharray">5 2</CssParameter></Stroke></PolygonSymbolizer></Rule>)";
    const std::string two = R"(<se:Rule><se:MinScaleDenominator>1000</se:MinScaleDenominator>
        <se:MaxScaleDenominator>50000</se:MaxScaleDenominator><se:PolygonSymbolizer>
        <se:Fill><se:SvgParameter name="fill">#ff0033</se:SvgParameter><se:SvgParameter name="fill-opacity">0.4</se:SvgParameter></se:Fill>
        <se:Stroke><se:SvgParameter name="stroke">#0000ff</se:SvgParameter><se:SvgParameter name="stroke-width">2.5</se:SvgParameter>
        <se:SvgParameter name="stroke-dasharray">5,2</se:SvgParameter></se:Stroke></se:PolygonSymbolizer></se:Rule>)";
    const ImportedStyle a = read(old(one));
    EXPECT_EQ(a.style, read(now(two)).style);
    EXPECT_TRUE(a.messages.empty());
    const Symbol& symbol = a.style.other;
    EXPECT_EQ(symbol.fillColour, glm::vec3(1.0F, 0.0F, 0.2F));
    EXPECT_FLOAT_EQ(symbol.fillAlpha, 0.4F);
    EXPECT_EQ(symbol.lineColour, glm::vec3(0.0F, 0.0F, 1.0F));
    EXPECT_EQ(symbol.lineWidth, 2.5F);
    EXPECT_EQ(symbol.dash, 5.0F);
    EXPECT_EQ(symbol.gap, 2.0F);
    EXPECT_NEAR(a.style.leastMetresPerPixel, 0.28, 1e-9); // 1000 x 0.28 mm
    EXPECT_NEAR(a.style.mostMetresPerPixel, 14.0, 1e-9);
}

TEST(SldStyle, filtersAndElse) {
    const LayerStyle style =
        read(old(filtered(compare("PropertyIsEqualTo", "a"), "#010000") +
                 filtered("<ogc:Or>" + compare("PropertyIsEqualTo", "b") +
                              compare("PropertyIsEqualTo", "c") + "</ogc:Or>",
                          "#020000") +
                 filtered("<ogc:And>" + compare("PropertyIsGreaterThanOrEqualTo", "5") +
                              compare("PropertyIsLessThan", "7") + "</ogc:And>",
                          "#030000") +
                 filtered("<ogc:PropertyIsBetween><ogc:PropertyName>f</"
                          "ogc:PropertyName><ogc:LowerBoundary><ogc:Literal>7</ogc:Literal></"
                          "ogc:LowerBoundary>"
                          "<ogc:UpperBoundary><ogc:Literal>9</ogc:Literal></ogc:UpperBoundary></"
                          "ogc:PropertyIsBetween>",
                          "#040000") +
                 "<Rule><ElseFilter/>" + fill("#050000") + "</Rule>"))
            .style;
    EXPECT_EQ(style.classField, "f");
    const auto red = [&](const Value& value) {
        return std::lround(symbolAt(style, classOf(style, {{.name = "f"}}, {value})).fillColour.r *
                           255.0F);
    };
    EXPECT_EQ(red(std::string("a")), 1);
    EXPECT_EQ(red(std::string("c")), 2);
    EXPECT_EQ(red(5.0), 3);
    EXPECT_EQ(red(7.0), 4);
    EXPECT_EQ(red(9.0), 4);
    EXPECT_EQ(red(9.5), 5);
    EXPECT_EQ(style.classes[0].label, "#010000");
}

TEST(SldStyle, withoutElseTheRestIsNotDrawn) {
    EXPECT_EQ(read(old(filtered(compare("PropertyIsEqualTo", "a"), "#010000"))).style.other,
              invisibleSymbol());
}

TEST(SldStyle, hatchesTurnAgainstTheClock) {
    const auto hatch = [](const std::string& mark, const std::string& rotation) {
        return read(
                   old(fmt::format(
                       R"(<Rule><PolygonSymbolizer><Fill><GraphicFill><Graphic><Mark><WellKnownName>{}</WellKnownName>
            <Stroke><CssParameter name="stroke">#ff0000</CssParameter></Stroke></Mark><Size>9</Size><Rotation>{}</Rotation></Graphic></GraphicFill></Fill></PolygonSymbolizer></Rule>)",
                       mark,
                       rotation)))
            .style.other;
    };
    EXPECT_EQ(hatch("shape://slash", "0").hatchDegrees, 45.0F);
    EXPECT_EQ(hatch("shape://backslash", "0").hatchDegrees, 135.0F);
    EXPECT_EQ(hatch("horline", "30").hatchDegrees, -30.0F);
    const Symbol symbol = hatch("slash", "0");
    EXPECT_EQ(symbol.fill, FillKind::Hatch);
    EXPECT_EQ(symbol.hatchPixels, 9.0F);
    EXPECT_EQ(symbol.fillColour, glm::vec3(1.0F, 0.0F, 0.0F));
}

TEST(SldStyle, casedLinesInMetres) {
    const auto line = [](const std::string& width, const std::string& colour) {
        return fmt::format(
            R"(<se:LineSymbolizer uom="http://www.opengis.net/se/units/{}"><se:Stroke><se:SvgParameter name="stroke">{}</se:SvgParameter>
            <se:SvgParameter name="stroke-width">{}</se:SvgParameter></se:Stroke></se:LineSymbolizer>)",
            colour == "#000000" ? "pixel" : "foot",
            colour,
            width);
    };
    const Symbol feet = read(now("<se:Rule>" + line("10", "#ff0000") + "</se:Rule>")).style.other;
    EXPECT_FLOAT_EQ(feet.lineWidth, 3.048F);
    EXPECT_EQ(feet.lineUnit, Unit::Metres);
    const Symbol cased =
        read(now("<se:Rule>" + line("6", "#000000") + line("4", "#000000") + "</se:Rule>"))
            .style.other;
    EXPECT_EQ(cased.lineWidth, 4.0F);
    EXPECT_EQ(cased.casingPixels, 1.0F);
}

TEST(SldStyle, aRuleForEverythingPaintsOverTheOthers) {
    const LayerStyle style =
        read(
            old(filtered(compare("PropertyIsEqualTo", "a"), "#010000") +
                R"(<Rule><LineSymbolizer><Stroke><CssParameter name="stroke">0xAA0000</CssParameter>
                 </Stroke></LineSymbolizer></Rule>)"))
            .style;
    ASSERT_EQ(style.classes.size(), 1U);
    EXPECT_EQ(style.classes[0].symbol.fill, FillKind::Solid);
    EXPECT_EQ(style.classes[0].symbol.lineWidth, 1.0F);
    EXPECT_EQ(style.classes[0].symbol.lineColour.r, 170.0F / 255.0F);
    EXPECT_EQ(style.other.fill, FillKind::None);
    EXPECT_EQ(style.other.lineWidth, 1.0F);
}

TEST(SldStyle, pointsAndLabels) {
    const ImportedStyle style =
        read(old(R"(<Rule><PointSymbolizer><Graphic><Mark><WellKnownName>circle</WellKnownName>
        <Fill><CssParameter name="fill">#00ff00</CssParameter></Fill></Mark><Size>12</Size></Graphic></PointSymbolizer>
        <TextSymbolizer><Label><ogc:PropertyName>MC</ogc:PropertyName></Label><Font><CssParameter name="font-size">16</CssParameter></Font>
        <Fill><CssParameter name="fill">#ffffff</CssParameter></Fill><Halo/></TextSymbolizer></Rule>)"));
    EXPECT_TRUE(style.messages.empty());
    EXPECT_EQ(style.style.other.pointPixels, 12.0F);
    EXPECT_EQ(style.style.other.fillColour, glm::vec3(0.0F, 1.0F, 0.0F));
    EXPECT_EQ(style.style.other.lineWidth, 0.0F);
    EXPECT_EQ(style.style.labelField, "MC");
    EXPECT_EQ(style.style.labelPixels, 16.0F);
    EXPECT_EQ(style.style.labelColour, glm::vec3(1.0F));
}

TEST(SldStyle, whatIsNotUnderstoodIsSaid) {
    const ImportedStyle style = read(old(
        R"(<Rule><ogc:Filter><ogc:PropertyIsLike><ogc:PropertyName>f</ogc:PropertyName></ogc:PropertyIsLike></ogc:Filter></Rule>
        <Rule><RasterSymbolizer/><LineSymbolizer uom="parsec"><Stroke><CssParameter name="stroke">red</CssParameter>
        <CssParameter name="stroke-linecap">round</CssParameter></Stroke><PerpendicularOffset>2</PerpendicularOffset></LineSymbolizer></Rule>)"));
    EXPECT_EQ(style.messages,
              (std::vector<std::string>{"rule left out: filter: PropertyIsLike is not understood",
                                        "RasterSymbolizer is left out",
                                        "PerpendicularOffset of LineSymbolizer is left out",
                                        "unit 'parsec' is taken for pixels",
                                        "stroke-linecap is left out",
                                        "colour 'red' is not understood"}));
}

TEST(SldStyle, otherTextsFail) {
    EXPECT_FALSE(readSld("<svg/>"));
    EXPECT_FALSE(readSld(""));
    EXPECT_FALSE(readSld(old("")));
}

} // namespace
} // namespace pipeline::planning::style
