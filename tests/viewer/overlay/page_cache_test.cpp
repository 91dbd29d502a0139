#include "viewer/overlay/page_cache.h"

#include "viewer/overlay/page_source.h"

#include <gtest/gtest.h>

namespace viewer::overlay {
namespace {

using pipeline::planning::FeatureRef;

/// A page of one feature and so many texels besides.
Page pageOf(const PageKey& key, std::uint32_t texels) {
    Page page{.key = key, .features = {{2, 7}}};
    page.texels.resize(Page::kSlotTexels + 1 + texels, Texel{key.level == 0 ? 1U : 2U, 0, 0, 0});
    return page;
}

PageCache::TableEntry entryOf(const PageCache& cache, const PageKey& key) {
    const auto row = static_cast<std::size_t>(key.level * PageCache::kTableAcross + key.north);
    return cache.table()[row * PageCache::kTableAcross + static_cast<std::size_t>(key.east)];
}

const auto kMade = std::make_shared<const DrapedLayers>();

TEST(PageCache, aPageIsFoundWhereTheTableSays) {
    PageCache cache(std::size_t{8} << 20U);
    const PageKey key{1, 3, 5};
    EXPECT_EQ(cache.touch(key), nullptr);
    ASSERT_TRUE(cache.put(pageOf(key, 10), kMade));
    EXPECT_EQ(cache.touch(key), kMade);
    const auto entry = entryOf(cache, key);
    EXPECT_EQ(entry[1], 3U | 5U << 16U);
    ASSERT_GT(entry[0], 0U);
    EXPECT_EQ(cache.texels()[entry[0]][0], 2U);
    EXPECT_FALSE(cache.takeChangedRows().empty());
    EXPECT_TRUE(cache.takeTableChanged());
    EXPECT_FALSE(cache.hasChanges());
}

TEST(PageCache, anEmptyPageIsThereWithoutTexels) {
    PageCache cache(std::size_t{8} << 20U);
    ASSERT_TRUE(cache.put({.key = {0, 1, 1}}, kMade));
    EXPECT_EQ(entryOf(cache, {0, 1, 1})[0], PageCache::kEmptyPage);
    EXPECT_EQ(cache.usedBytes(), 0U);
}

TEST(PageCache, theOldestGoesWhenRoomIsShortButNoneOfThisFrame) {
    PageCache cache(std::size_t{4} << 20U); // 262,144 texels
    ASSERT_TRUE(cache.put(pageOf({0, 1, 1}, 100'000), kMade));
    ASSERT_TRUE(cache.put(pageOf({0, 2, 1}, 100'000), kMade));
    EXPECT_FALSE(cache.put(pageOf({0, 3, 1}, 100'000), kMade));
    cache.nextFrame();
    cache.touch({0, 1, 1});
    ASSERT_TRUE(cache.put(pageOf({0, 3, 1}, 100'000), kMade));
    EXPECT_EQ(cache.touch({0, 2, 1}), nullptr);
    EXPECT_EQ(entryOf(cache, {0, 2, 1})[0], 0U);
    EXPECT_EQ(cache.touch({0, 1, 1}), kMade);
    EXPECT_LE(cache.usedBytes(), std::size_t{4} << 20U);
}

TEST(PageCache, statesReachEveryPageOfAFeature) {
    PageCache cache(std::size_t{8} << 20U);
    ASSERT_TRUE(cache.put(pageOf({0, 1, 1}, 0), kMade));
    ASSERT_TRUE(cache.put(pageOf({1, 1, 1}, 0), kMade));
    const std::vector<FeatureRef> only{{1, 7}, {2, 7}};
    cache.setStates([](const FeatureRef&) { return kSelectedBit; }, &only);
    for (const int level : {0, 1}) {
        const auto first = entryOf(cache, {level, 1, 1})[0];
        EXPECT_NE(cache.texels()[first + Page::kSlotTexels][0] & kSelectedBit, 0U) << level;
    }
}

} // namespace
} // namespace viewer::overlay
