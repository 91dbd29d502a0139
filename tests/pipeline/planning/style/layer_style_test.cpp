#include "pipeline/planning/style/layer_style.h"

#include <gtest/gtest.h>

namespace pipeline::planning::style {
namespace {

StyleClass ofValues(std::vector<std::string> values) {
    StyleClass styleClass;
    styleClass.values = std::move(values);
    return styleClass;
}

StyleClass ofPrefixes(std::vector<std::string> prefixes) {
    StyleClass styleClass;
    styleClass.prefixes = std::move(prefixes);
    return styleClass;
}

StyleClass ofRange(double from, double to) {
    StyleClass styleClass;
    styleClass.from = from;
    styleClass.to = to;
    return styleClass;
}

std::size_t classOfOne(std::vector<StyleClass> classes, const Value& value) {
    LayerStyle style;
    style.classField = "Code";
    style.classes = std::move(classes);
    return classOf(style, {{.name = "CODE"}}, {value});
}

TEST(LayerStyle, theFirstClassOfTheWholeTextIsTaken) {
    const std::vector<StyleClass> classes{ofValues({"a", "b"}), ofValues({"b", "c"})};
    EXPECT_EQ(classOfOne(classes, std::string("b")), 0U);
    EXPECT_EQ(classOfOne(classes, std::string("c")), 1U);
    EXPECT_EQ(classOfOne(classes, std::string("d")), 2U);
    EXPECT_EQ(classOfOne(classes, Value{}), 2U);
}

TEST(LayerStyle, rangesHoldTheirLowerEnd) {
    const std::vector<StyleClass> classes{ofRange(0.0, 10.0), ofRange(10.0, 20.0)};
    EXPECT_EQ(classOfOne(classes, 0.0), 0U);
    EXPECT_EQ(classOfOne(classes, std::int64_t{10}), 1U);
    EXPECT_EQ(classOfOne(classes, std::string("9.5")), 0U);
    EXPECT_EQ(classOfOne(classes, 20.0), 2U);
    EXPECT_EQ(classOfOne(classes, std::string("5 floors")), 2U);
}

TEST(LayerStyle, theLongestPrefixWins) {
    const std::vector<StyleClass> classes{ofPrefixes({"07"}),
                                          ofPrefixes({"0701", "R2"}),
                                          ofPrefixes({"R", "A35"}),
                                          ofPrefixes({"A3"})};
    EXPECT_EQ(classOfOne(classes, std::string("0799")), 0U);
    EXPECT_EQ(classOfOne(classes, std::string("070102")), 1U);
    EXPECT_EQ(classOfOne(classes, std::string("R21")), 1U);
    EXPECT_EQ(classOfOne(classes, std::string("R3")), 2U);
    EXPECT_EQ(classOfOne(classes, std::string("A35")), 2U);
    EXPECT_EQ(classOfOne(classes, std::string("A33")), 3U);
    EXPECT_EQ(classOfOne(classes, std::string("Road")), 4U);
    EXPECT_EQ(classOfOne(classes, std::string("0")), 4U);
}

TEST(LayerStyle, numbersGetTheirLeadingZeroBack) {
    const std::vector<StyleClass> classes{
        ofPrefixes({"01"}), ofPrefixes({"10"}), ofPrefixes({"0701"})};
    EXPECT_EQ(classOfOne(classes, std::int64_t{101}), 0U);
    EXPECT_EQ(classOfOne(classes, std::int64_t{1001}), 1U);
    EXPECT_EQ(classOfOne(classes, 701.0), 2U);
    EXPECT_EQ(classOfOne(classes, std::string("101")), 1U); // a text is a code as it stands
}

TEST(LayerStyle, theSpareFieldIsAskedWhereTheFirstSaysNothing) {
    LayerStyle style;
    style.classField = "code";
    style.spareField = "name";
    style.classes = {ofPrefixes({"01"})};
    style.classes[0].values = {"耕地"};
    const std::vector<Field> fields{{.name = "name"}, {.name = "code"}};
    EXPECT_EQ(classOf(style, fields, {std::string("耕地"), Value{}}), 0U);
    EXPECT_EQ(classOf(style, fields, {std::string("other"), std::string("0101")}), 0U);
    EXPECT_EQ(classOf(style, fields, {std::string("other"), std::string("99")}), 1U);
    EXPECT_EQ(classOf(style, fields, {}), 1U);
}

TEST(LayerStyle, withoutAFieldAllIsOther) {
    LayerStyle style;
    style.classes = {ofValues({""})};
    style.other.lineWidth = 7.0F;
    const std::size_t place = classOf(style, {{.name = ""}}, {std::string()});
    EXPECT_EQ(place, 1U);
    EXPECT_EQ(symbolAt(style, place).lineWidth, 7.0F);
}

} // namespace
} // namespace pipeline::planning::style
