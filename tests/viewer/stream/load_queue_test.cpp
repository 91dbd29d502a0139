#include "viewer/stream/load_queue.h"

#include "tests/viewer/stream/synthetic_city.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <string>

namespace viewer::stream {
namespace {

using tests::MemorySource;
using tests::SyntheticCity;
using tiles3d::select::Priority;

constexpr std::uint64_t kPackBytes = 347; // of one of the city's tiles

/// Holds every read back until it is let go.
class GatedSource final : public ISource {
public:
    tiles3d::base::Result<tiles3d::base::Bytes> read(const std::string& uri) const override {
        std::unique_lock lock(mutex_);
        started_.push_back(uri);
        changed_.notify_all();
        changed_.wait(lock, [this] { return isOpen_; });
        return inner_.read(uri);
    }
    void open() {
        const std::scoped_lock lock(mutex_);
        isOpen_ = true;
        changed_.notify_all();
    }
    std::vector<std::string> waitForStarted(std::size_t count) const {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return started_.size() >= count; });
        return started_;
    }

private:
    MemorySource inner_{SyntheticCity::build()};
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    mutable std::vector<std::string> started_;
    bool isOpen_ = false;
};

LoadRequest requestOf(std::size_t node,
                      const std::string& uri,
                      Priority priority = Priority::Normal,
                      std::uint64_t expectedBytes = kPackBytes) {
    return {
        .node = node, .contentUris = {uri}, .priority = priority, .expectedBytes = expectedBytes};
}

std::vector<LoadResult> waitForAll(LoadQueue& loads) {
    std::vector<LoadResult> all;
    while (loads.pendingCount() > 0) {
        loads.waitForResult();
        std::ranges::move(loads.takeResults(), std::back_inserter(all));
    }
    return all;
}

TEST(LoadQueue, cancelOnlyBeforeDecode) {
    const auto source = std::make_shared<GatedSource>();
    LoadQueue loads(source, 1);
    loads.replaceWaiting({requestOf(1, "root.glb"), requestOf(2, "se.glb")});
    EXPECT_EQ(source->waitForStarted(1).front(), "root.glb");
    loads.replaceWaiting({requestOf(3, "nw.glb")});
    EXPECT_EQ(loads.startedCount(), 1U);
    EXPECT_EQ(loads.pendingCount(), 2U);
    source->open();
    const auto results = waitForAll(loads);
    ASSERT_EQ(results.size(), 2U);
    EXPECT_EQ(results[0].node, 1U) << "not wanted any more, but it had started";
    EXPECT_TRUE(results[0].pack);
    EXPECT_EQ(results[1].node, 3U);
}

TEST(LoadQueue, whatHasStartedIsNotAskedForAgain) {
    const auto source = std::make_shared<GatedSource>();
    LoadQueue loads(source, 1);
    loads.replaceWaiting({requestOf(1, "root.glb")});
    source->waitForStarted(1);
    loads.replaceWaiting({requestOf(1, "root.glb")});
    EXPECT_EQ(loads.pendingCount(), 1U);
    source->open();
    EXPECT_EQ(waitForAll(loads).size(), 1U);
    EXPECT_EQ(source->waitForStarted(1).size(), 1U);
}

TEST(LoadQueue, endsWithWorkLeft) {
    const auto source = std::make_shared<MemorySource>(SyntheticCity::build());
    const auto budget = std::make_shared<ByteBudget>(kPackBytes);
    for (int i = 0; i < 20; ++i) {
        LoadQueue loads(source, 3, budget);
        loads.replaceWaiting({requestOf(1, "root.glb"), requestOf(2, "se.glb")});
    }
    EXPECT_LE(budget->peakBytes(), kPackBytes);
}

TEST(LoadQueue, capHoldsWhileLoading) {
    const auto source = std::make_shared<MemorySource>(SyntheticCity::build());
    const auto budget = std::make_shared<ByteBudget>(2 * kPackBytes + 10);
    LoadQueue loads(source, 3, budget);
    std::vector<LoadRequest> requests;
    for (std::size_t node = 0; node < 6; ++node) {
        requests.push_back(requestOf(node, "se.glb"));
    }
    loads.replaceWaiting(requests);
    std::size_t loaded = 0;
    while (loaded < requests.size()) {
        loads.waitForResult();
        for (const LoadResult& result : loads.takeResults()) {
            EXPECT_EQ(result.pack->byteCount(), kPackBytes);
            ++loaded;
            budget->release(kPackBytes);
            loads.replaceWaiting({requests.begin() + static_cast<std::ptrdiff_t>(loaded) +
                                      static_cast<std::ptrdiff_t>(loads.startedCount()),
                                  requests.end()});
        }
    }
    EXPECT_LE(budget->peakBytes(), budget->capBytes());
    EXPECT_EQ(budget->heldBytes(), 0U);
}

TEST(Loader, startsWhatFits) {
    ByteBudget budget(1000);
    std::deque<LoadRequest> waiting{requestOf(1, "a", Priority::Urgent, 1100),
                                    requestOf(2, "b", Priority::Normal, 600),
                                    requestOf(3, "c", Priority::Normal, 300),
                                    requestOf(4, "d", Priority::Preload, 60)};
    EXPECT_EQ(takeStartable(waiting, budget)->node, 2U) << "the first does not fit";
    EXPECT_EQ(takeStartable(waiting, budget)->node, 3U);
    EXPECT_FALSE(takeStartable(waiting, budget)) << "a need waits for room: no preload";
    waiting.pop_front();
    EXPECT_FALSE(takeStartable(waiting, budget)) << "preloads leave 5 % to needs";
    budget.release(600);
    EXPECT_EQ(takeStartable(waiting, budget)->node, 4U);
    EXPECT_FALSE(takeStartable(waiting, budget));
}

TEST(Loader, discardsWhatTurnsOutTooLarge) {
    const MemorySource source(SyntheticCity::build());
    ByteBudget budget(kPackBytes - 1);
    ASSERT_TRUE(budget.reserve(10, 1000));
    const LoadResult result = load(source, requestOf(1, "se.glb", Priority::Normal, 10), budget);
    EXPECT_FALSE(result.pack);
    EXPECT_EQ(result.lackedRoomBytes, kPackBytes);
    EXPECT_TRUE(result.problems.empty());
    EXPECT_EQ(budget.heldBytes(), 0U);
}

/// A server that is busy.
class BusySource final : public viewer::stream::ISource {
public:
    tiles3d::base::Result<tiles3d::base::Bytes> read(const std::string& uri) const override {
        return tiles3d::base::Error{uri + ": 503", true};
    }
};

TEST(Loader, tellsWhatMayPassFromBadDataAndMissingFiles) {
    SyntheticCity city = SyntheticCity::build();
    city.files["se.glb"].resize(40);
    const MemorySource source(city);
    ByteBudget budget(10'000);
    const auto resultOf = [&](const viewer::stream::ISource& from, const std::string& uri) {
        return load(from, requestOf(1, uri, Priority::Normal, 0), budget);
    };
    EXPECT_FALSE(resultOf(source, "se.glb").mayPass);
    EXPECT_EQ(resultOf(source, "se.glb").problems.size(), 1U);
    EXPECT_FALSE(resultOf(source, "none.glb").mayPass);
    EXPECT_FALSE(resultOf(source, "nw.glb").mayPass);
    EXPECT_TRUE(resultOf(BusySource(), "nw.glb").mayPass);
}

} // namespace
} // namespace viewer::stream
