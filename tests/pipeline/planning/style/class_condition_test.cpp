#include "pipeline/planning/style/class_condition.h"

#include <gtest/gtest.h>

namespace pipeline::planning::style {
namespace {

bool fits(const ClassCondition& condition, const Value& value) {
    LayerStyle style;
    style.classField = condition.field;
    style.classes = classesOf(condition, {});
    return classOf(style, {{.name = condition.field}}, {value}) < style.classes.size();
}

TEST(ClassCondition, comparisonsTellTheirNumbers) {
    struct Case {
        const char* sign;
        bool below, at, above;
    };
    for (const Case& c : std::vector<Case>{{"<", true, false, false},
                                           {"<=", true, true, false},
                                           {">", false, false, true},
                                           {">=", false, true, true},
                                           {"<>", true, false, true},
                                           {"=", false, true, false}}) {
        const auto condition = comparison("f", c.sign, "5");
        ASSERT_TRUE(condition) << c.sign;
        EXPECT_EQ(fits(*condition, 4.999), c.below) << c.sign;
        EXPECT_EQ(fits(*condition, std::int64_t{5}), c.at) << c.sign;
        EXPECT_EQ(fits(*condition, 5.001), c.above) << c.sign;
    }
    EXPECT_FALSE(comparison("f", "<", "five"));
    EXPECT_FALSE(comparison("f", "<>", "five"));
}

TEST(ClassCondition, bothKeepsWhatIsShared) {
    const auto range = both(*comparison("f", ">=", "1"), *comparison("f", "<", "3"));
    ASSERT_TRUE(range);
    EXPECT_EQ(range->ranges, (std::vector<NumberRange>{{1.0, 3.0}}));
    const auto values = both(ClassCondition{"f", {"0", "1", "x"}, {}, {}}, *range);
    ASSERT_TRUE(values);
    EXPECT_EQ(values->values, (std::vector<std::string>{"1"}));
    EXPECT_TRUE(values->ranges.empty());
    EXPECT_FALSE(both(*range, *comparison("g", "=", "1")));
}

TEST(ClassCondition, oppositesOfNumbersAndRanges) {
    const auto outside = opposite(*both(*comparison("f", ">=", "1"), *comparison("f", "<", "3")));
    ASSERT_TRUE(outside);
    EXPECT_TRUE(fits(*outside, 0.5));
    EXPECT_FALSE(fits(*outside, 1.0));
    EXPECT_TRUE(fits(*outside, 3.0));
    EXPECT_FALSE(opposite(*comparison("f", "=", "text")));
}

TEST(ClassCondition, hostileProductsEnd) {
    ClassCondition many{"f", {}, {}, {}};
    for (int i = 0; i < 20000; ++i) {
        many.ranges.push_back({static_cast<double>(i), i + 0.5});
    }
    EXPECT_FALSE(both(many, many));
}

} // namespace
} // namespace pipeline::planning::style
