#include "pipeline/overview/atlas.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <utility>

namespace pipeline::overview {
namespace {

Charts rectangles(std::size_t count, int most, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::uniform_int_distribution<int> side(5, most);
    Charts charts;
    for (std::size_t i = 0; i < count; ++i) {
        Chart chart;
        chart.width = side(random);
        chart.height = side(random);
        charts.charts.push_back(chart);
    }
    return charts;
}

TEST(PackInPlace, chartsLieApartInAnAtlasThatIsNotMuchLarger) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Charts charts = rectangles(60, 80, seed);
        ASSERT_TRUE(packInPlace(charts, 4096));
        EXPECT_EQ(charts.width % 4, 0);
        EXPECT_EQ(charts.height % 4, 0);
        int area = 0;
        std::set<std::pair<int, int>> owned;
        for (const Chart& chart : charts.charts) {
            area += chart.width * chart.height;
            for (int i = 0; i < chart.width * chart.height; ++i) {
                owned.emplace(chart.x + i % chart.width, chart.y + i / chart.width);
            }
        }
        EXPECT_EQ(static_cast<int>(owned.size()), area); // none has two
        EXPECT_LT(charts.width * charts.height, area * 13 / 10);
    }
}

TEST(PackInPlace, oneChartIsItsAtlas) {
    Charts charts = rectangles(1, 80, 3);
    ASSERT_TRUE(packInPlace(charts, 4096));
    EXPECT_LT(charts.width, charts.charts[0].width + 4);
    EXPECT_LT(charts.height, charts.charts[0].height + 4);
}

TEST(PackInPlace, aLongOneFits) {
    Charts charts = rectangles(20, 10, 3);
    charts.charts[7].width = 3000;
    charts.charts[9].height = 3000;
    ASSERT_TRUE(packInPlace(charts, 4096));
    EXPECT_GE(charts.width, 3000);
    EXPECT_GE(charts.height, 3000);
}

TEST(PackInPlace, theLimitHoldsForEitherSide) {
    Charts wide = rectangles(1, 10, 1);
    wide.charts[0].width = 101;
    EXPECT_FALSE(packInPlace(wide, 100));
    EXPECT_TRUE(packInPlace(wide, 104));
    Charts tall = rectangles(1, 10, 1);
    tall.charts[0].height = 101;
    EXPECT_FALSE(packInPlace(tall, 100));
    Charts many = rectangles(300, 80, 1);
    EXPECT_FALSE(packInPlace(many, 400));
}

} // namespace
} // namespace pipeline::overview
