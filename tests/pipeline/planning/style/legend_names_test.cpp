#include "pipeline/planning/style/legend_names.h"

#include <gtest/gtest.h>

namespace pipeline::planning::style {
namespace {

TEST(LegendNames, aSlugIsThePathsSpelling) {
    EXPECT_EQ(slugOf("Nature reserve, core zone"), "nature-reserve-core-zone");
    EXPECT_EQ(slugOf("Urban purple line (heritage)"), "urban-purple-line-heritage");
    EXPECT_EQ(slugOf("zone_urban"), "zone-urban");
    EXPECT_EQ(slugOf("生态保护红线"), "生态保护红线");
}

TEST(LegendNames, partsOfPaths) {
    EXPECT_EQ(categoryParts("control/line"), (std::vector<std::string>{"control", "line"}));
    EXPECT_EQ(categoryParts("/a// b /"), (std::vector<std::string>{"a", "b"}));
    EXPECT_TRUE(categoryParts("").empty());
    std::string deep;
    for (int i = 0; i < 10000; ++i) {
        deep += "a/";
    }
    EXPECT_EQ(categoryParts(deep).size(), 8U);
}

TEST(LegendNames, shortLettersAreWordsOfTheirOwn) {
    EXPECT_TRUE(holdsLetters("gh_hax_ln", "HAX"));
    EXPECT_TRUE(holdsLetters("HAX2024", "HAX"));
    EXPECT_FALSE(holdsLetters("SHAXI", "HAX"));
    EXPECT_TRUE(holdsLetters("SHAXI_hax", "HAX"));
    EXPECT_TRUE(holdsLetters("gh_zykzx_2020_yjjbntbhhx_py_latest_3_0", "YJJBNT"));
    EXPECT_FALSE(holdsLetters("anything", ""));
}

} // namespace
} // namespace pipeline::planning::style
