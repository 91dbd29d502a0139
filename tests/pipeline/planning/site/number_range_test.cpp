#include "pipeline/planning/site/number_range.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace pipeline::planning::site {
namespace {

struct Case {
    const char* text;
    NumberRange range;
};

TEST(NumberRange, ReadsWhatPlansSay) {
    const NumberRange any;
    for (const Case& c : {Case{"24", {24, 24}},
                          Case{"≤24", {any.low, 24}},
                          Case{"<= 24.5 m", {any.low, 24.5}},
                          Case{"＜２４米", {any.low, 24}},
                          Case{"不大于24", {any.low, 24}},
                          Case{"限高24米以下", {any.low, 24}},
                          Case{"24以下", {any.low, 24}},
                          Case{"≥12", {12, any.high}},
                          Case{"12及以上", {12, any.high}},
                          Case{"24/36", {24, 36}},
                          Case{"36/24", {24, 36}},
                          Case{"80-100", {80, 100}},
                          Case{"80～100米", {80, 100}},
                          Case{"80至100", {80, 100}}}) {
        const auto range = parseRange(c.text);
        ASSERT_TRUE(range) << c.text;
        EXPECT_EQ(*range, c.range) << c.text;
    }
}

TEST(NumberRange, FlagsWhatIsNone) {
    for (const char* text : {"", " ", "见图", "24层", "24-", "-", "≤", "≤24/36", "1e400", "nan"}) {
        EXPECT_FALSE(parseRange(text)) << text;
    }
}

TEST(NumberRange, TakesNumbersAsTheyAre) {
    EXPECT_EQ(rangeOf(Value(24.0)), (NumberRange{24, 24}));
    EXPECT_EQ(rangeOf(Value(std::int64_t{24})), (NumberRange{24, 24}));
    EXPECT_EQ(rangeOf(Value(std::string("≤24"))), (NumberRange{.high = 24}));
    EXPECT_FALSE(rangeOf(Value()));
}

} // namespace
} // namespace pipeline::planning::site
