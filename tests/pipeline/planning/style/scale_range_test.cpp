#include "pipeline/planning/style/scale_range.h"

#include <gtest/gtest.h>

namespace pipeline::planning::style {
namespace {

TEST(ScaleRange, oneRangeForAllRules) {
    ScaleRange range;
    EXPECT_EQ(range.most(), std::numeric_limits<double>::infinity());
    range.add(100.0, 5000.0);
    range.add(100.0, 5000.0);
    Remarks same;
    range.note(same);
    EXPECT_TRUE(same.take().empty());
    range.add(50.0, 0.0);
    EXPECT_EQ(range.least(), 50.0);
    EXPECT_EQ(range.most(), std::numeric_limits<double>::infinity());
    Remarks mixed;
    range.note(mixed);
    EXPECT_EQ(mixed.take().size(), 1U);
}

} // namespace
} // namespace pipeline::planning::style
