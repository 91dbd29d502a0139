#include "viewer/stream/tile_cache.h"

#include <gtest/gtest.h>

namespace viewer::stream {
namespace {

using tiles3d::select::Priority;
using Nodes = std::vector<std::size_t>;

/// Eight nodes; a frame takes a second.
struct Cache {
    TileCache cache{50};
    FrameTime now{.number = 10, .seconds = 0.0};

    Cache() { cache.beginFrame(now, 8); }
    void nextFrame(int count = 1) {
        for (int i = 0; i < count; ++i) {
            ++now.number;
            now.seconds += 1.0;
            cache.beginFrame(now, 8);
        }
    }
    void hold(std::size_t node, std::uint64_t bytes = 100) {
        cache.markWished(node, Priority::Normal);
        cache.admit(node, bytes);
        cache.markReady(node);
    }
    Nodes dropDownTo(std::uint64_t bytes) {
        Nodes dropped;
        for (const std::size_t node : cache.droppable()) {
            if (cache.residentBytes() > bytes) {
                cache.drop(node);
                dropped.push_back(node);
            }
        }
        return dropped;
    }
};

TEST(TileCache, dropsTheLongestUnusedFirst) {
    Cache made;
    for (const std::size_t node : {2U, 0U, 1U}) {
        made.hold(node);
        made.nextFrame();
    }
    made.cache.markUseful(2);
    made.nextFrame(3);
    EXPECT_EQ(made.dropDownTo(200), (Nodes{0}));
    EXPECT_EQ(made.dropDownTo(0), (Nodes{1, 2}));
    EXPECT_EQ(made.cache.residentBytes(), 0U);
    EXPECT_EQ(made.cache.droppedCount(), 3U);
}

TEST(TileCache, evictionKeepsVisible) {
    Cache made;
    made.hold(0);
    made.hold(1);
    made.nextFrame();
    EXPECT_TRUE(made.cache.markNeeded(0));
    EXPECT_FALSE(made.cache.markNeeded(0));
    EXPECT_EQ(made.cache.neededBytes(), 100U);
    EXPECT_EQ(made.dropDownTo(0), (Nodes{1}));
    made.nextFrame(2);
    EXPECT_TRUE(made.dropDownTo(0).empty()) << "needed two frames ago";
    made.nextFrame();
    EXPECT_EQ(made.dropDownTo(0), (Nodes{0}));
}

TEST(TileCache, whatTheSceneIsUploadingStays) {
    Cache made;
    made.cache.admit(0, 100);
    made.cache.admit(1, 100);
    made.cache.markTaken(0);
    made.nextFrame(5);
    EXPECT_EQ(made.dropDownTo(0), (Nodes{1})) << "nobody has it yet";
}

TEST(TileCache, mayWaitForIdleTiles) {
    Cache made;
    made.hold(0);
    made.nextFrame(5);
    made.hold(1);
    made.nextFrame(6);
    EXPECT_EQ(made.cache.droppable(10.0), (Nodes{0}));
}

TEST(TileCache, expectsWhatItHasSeen) {
    Cache made;
    EXPECT_EQ(made.cache.likelyBytes(3), 0U);
    EXPECT_EQ(made.cache.reservedBytes(3), 50U);
    made.hold(0, 1000);
    EXPECT_EQ(made.cache.likelyBytes(3), 1000U);
    EXPECT_EQ(made.cache.reservedBytes(3), 1250U) << "a quarter more than the mean";
    made.cache.learnBytes(3, 4000);
    EXPECT_EQ(made.cache.likelyBytes(3), 4000U);
    EXPECT_EQ(made.cache.reservedBytes(3), 4000U);
    made.nextFrame(5);
    made.dropDownTo(0);
    EXPECT_EQ(made.cache.likelyBytes(0), 1000U) << "known from before";
}

TEST(TileCache, countsThrash) {
    Cache made;
    made.hold(0);
    made.hold(1);
    made.nextFrame(5);
    made.dropDownTo(0);
    made.nextFrame(9);
    made.hold(0);
    EXPECT_EQ(made.cache.reloadedCount(), 1U);
    made.nextFrame(2);
    made.hold(1);
    EXPECT_EQ(made.cache.reloadedCount(), 1U) << "eleven seconds later";
    EXPECT_TRUE(made.cache.wasDroppedSince(1, 5.0));
    EXPECT_FALSE(made.cache.wasDroppedSince(1, 5.1));
}

TEST(TileCache, countsWhatWasNeverDrawn) {
    Cache made;
    made.hold(0);
    made.hold(1);
    made.cache.markWished(2, Priority::Preload);
    made.cache.admit(2, 100);
    made.cache.markDrawn(0);
    EXPECT_EQ(made.cache.neverDrawnCounts()[Priority::Normal], 1U);
    EXPECT_EQ(made.cache.neverDrawnCounts()[Priority::Preload], 1U);
    EXPECT_EQ(made.cache.admittedCounts().total(), 3U);
}

} // namespace
} // namespace viewer::stream
