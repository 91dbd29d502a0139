#include "pipeline/planning/box_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <random>

namespace pipeline::planning {
namespace {

std::vector<BoxEntry> randomEntries(std::int64_t count, std::mt19937& random) {
    std::uniform_real_distribution<double> spread(-1000.0, 1000.0);
    std::uniform_real_distribution<double> length(0.0, 80.0);
    std::vector<BoxEntry> entries;
    for (std::int64_t id = 0; id < count; ++id) {
        const glm::dvec2 low(spread(random), spread(random));
        const PlaneBox box{low, low + glm::dvec2(length(random), length(random))};
        entries.push_back({roundedOutwards(box), id * 1'000'000'007});
    }
    return entries;
}

std::vector<std::int64_t> meeting(const BoxTree& tree, const PlaneBox& query) {
    std::vector<BoxEntry> found;
    tree.findMeeting(query, found);
    std::vector<std::int64_t> ids;
    std::ranges::transform(found, std::back_inserter(ids), &BoxEntry::id);
    std::ranges::sort(ids);
    return ids;
}

TEST(BoxTree, agreesWithBruteForce) {
    constexpr unsigned kSeed = 7;
    SCOPED_TRACE(kSeed);
    std::mt19937 random(kSeed);
    for (const std::int64_t count : {0, 1, 15, 16, 17, 257, 5000}) {
        const std::vector<BoxEntry> entries = randomEntries(count, random);
        const BoxTree tree(entries);
        EXPECT_EQ(tree.size(), entries.size());
        for (const BoxEntry& other : randomEntries(50, random)) {
            const PlaneBox query{{other.box.west, other.box.south},
                                 {other.box.east, other.box.north}};
            std::vector<std::int64_t> expected;
            for (const BoxEntry& entry : entries) {
                if (entry.box.meets(query)) {
                    expected.push_back(entry.id);
                }
            }
            ASSERT_EQ(meeting(tree, query), expected) << count;
        }
    }
}

TEST(BoxTree, bordersMeetAndNaNsDoNot) {
    const float nan = std::nanf("");
    const BoxTree tree({{{0, 0, 1, 1}, 1}, {{nan, nan, nan, nan}, 2}, {{1, 1, 2, 2}, 3}});
    EXPECT_EQ(meeting(tree, {{1, 1}, {1, 1}}), (std::vector<std::int64_t>{1, 3}));
    const double anywhere = std::numeric_limits<double>::quiet_NaN();
    EXPECT_TRUE(meeting(tree, {{anywhere, anywhere}, {anywhere, anywhere}}).empty());
    EXPECT_EQ(tree.extent(), (PlaneBox{{0, 0}, {2, 2}}));
    EXPECT_TRUE(BoxTree().extent().isEmpty());
    EXPECT_TRUE(meeting(BoxTree(), {{0, 0}, {1, 1}}).empty());
}

TEST(BoxTree, smallBoxesHoldWhatTheyRound) {
    std::mt19937 random(1);
    std::uniform_real_distribution<double> spread(-4e6, 4e6);
    for (int i = 0; i < 1000; ++i) {
        const glm::dvec2 at(spread(random), spread(random));
        const SmallBox box = roundedOutwards({at, at});
        ASSERT_TRUE(box.west <= at.x && at.x <= box.east && box.south <= at.y && at.y <= box.north);
        ASSERT_LE(box.east - box.west, 0.5F);
    }
    const SmallBox exact = roundedOutwards({{610000.0, 2705000.0}, {610000.5, 2705000.0}});
    EXPECT_EQ(exact.south, exact.north);
    EXPECT_EQ(exact.east, 610000.5F);
}

TEST(BoxTree, takesFewBytesABox) {
    std::mt19937 random(2);
    EXPECT_LT(BoxTree(randomEntries(100000, random)).bytes(), 100000U * 26);
}

} // namespace
} // namespace pipeline::planning
