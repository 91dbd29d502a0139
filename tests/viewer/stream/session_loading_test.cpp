// When a session reads what, with a made clock and sources that fail.

#include "tests/viewer/stream/session_fixture.h"
#include "viewer/stream/lockstep_loader.h"
#include "viewer/stream/tileset_session.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

namespace {

using tests::FakeScene;
using tests::MemorySource;
using tests::SyntheticCity;
using tests::viewFrom;
using tiles3d::select::Priority;
using viewer::stream::SessionOptions;

/// Fails a file's first reads.
class FlakySource final : public viewer::stream::ISource {
public:
    FlakySource(const std::string& uri, int failures) : uri_(uri), failuresLeft_(failures) {}

    tiles3d::base::Result<tiles3d::base::Bytes> read(const std::string& uri) const override {
        if (uri == uri_) {
            ++attempts;
            if (failuresLeft_ > 0) {
                --failuresLeft_;
                return tiles3d::base::Error{uri + ": connection reset"};
            }
        }
        return inner_.read(uri);
    }
    mutable int attempts = 0;

private:
    MemorySource inner_{SyntheticCity::build()};
    std::string uri_;
    mutable int failuresLeft_ = 0;
};

struct Clock {
    double seconds = 0.0;

    SessionOptions options() {
        return {.secondsNow = [this] { return seconds; },
                .makeLoader = viewer::stream::lockstep(100)};
    }
};

TEST(Session, readFailuresAreRetried) {
    const auto source = std::make_shared<FlakySource>("se.glb", 3);
    Clock clock;
    const auto session = tests::openSession(source, clock.options());
    FakeScene scene(*session);
    std::map<int, double> attemptSeconds;
    for (; clock.seconds < 40.0; clock.seconds += 0.25) {
        scene.frame(viewFrom(300.0));
        attemptSeconds.emplace(source->attempts, clock.seconds);
        if (source->attempts > 0 && source->attempts < 4) {
            EXPECT_FALSE(session->isSettled());
        }
    }
    ASSERT_EQ(source->attempts, 4);
    // A frame asks, the next one has it.
    EXPECT_NEAR(attemptSeconds[2] - attemptSeconds[1], 1.0, 0.3);
    EXPECT_NEAR(attemptSeconds[3] - attemptSeconds[2], 4.0, 0.3);
    EXPECT_NEAR(attemptSeconds[4] - attemptSeconds[3], 16.0, 0.3);
    EXPECT_TRUE(session->isSettled());
    EXPECT_TRUE(session->failures().empty());
    EXPECT_EQ(session->statistics().retriedLoads, 3U);
    EXPECT_EQ(scene.frame(viewFrom(300.0)).render.size(), 4U);
}

TEST(Session, coarserTileStandsInBetweenAttempts) {
    const auto source = std::make_shared<FlakySource>("se.glb", 1000);
    Clock clock;
    const auto session = tests::openSession(source, clock.options());
    FakeScene scene(*session);
    for (; clock.seconds < 15.0; clock.seconds += 0.25) {
        const auto& render = scene.frame(viewFrom(300.0)).render;
        EXPECT_TRUE(render.empty() || render == std::vector<std::size_t>{0});
    }
    for (; clock.seconds < 30.0; clock.seconds += 0.25) {
        scene.frame(viewFrom(300.0));
    }
    EXPECT_EQ(source->attempts, 4);
    ASSERT_EQ(session->failures().size(), 1U) << "said once";
    EXPECT_EQ(session->statistics().failedLoads, 1U);
    EXPECT_EQ(scene.frame(viewFrom(300.0)).render.size(), 3U) << "it blocks nobody any more";
    EXPECT_TRUE(session->isSettled());
}

TEST(Session, badDataIsNeverRetried) {
    SyntheticCity city = SyntheticCity::build();
    city.files["se.glb"].resize(40);
    const auto source = std::make_shared<MemorySource>(city);
    Clock clock;
    const auto session = tests::openSession(source, clock.options());
    FakeScene scene(*session);
    EXPECT_GT(scene.settle(viewFrom(300.0), 100), 0) << "no time has passed";
    const int reads = source->readCount();
    for (; clock.seconds < 40.0; clock.seconds += 1.0) {
        scene.frame(viewFrom(300.0));
    }
    EXPECT_EQ(source->readCount(), reads);
    EXPECT_EQ(session->statistics().retriedLoads, 0U);
    EXPECT_EQ(session->failures().size(), 1U);
}

TEST(Session, preloadsDoNotDelaySettling) {
    const auto source = std::make_shared<MemorySource>(SyntheticCity::buildPyramid(6));
    Clock clock;
    SessionOptions options = clock.options();
    options.makeLoader = viewer::stream::lockstep(1);
    const auto session = tests::openSession(source, options);
    FakeScene scene(*session);
    const auto view = tests::Camera{.place = {230.0, 230.0, 200.0}}.view();
    ASSERT_GT(scene.settle(view), 0);
    EXPECT_FALSE(session->isIdle());
    const std::size_t loaded = session->statistics().loadedContents;
    const std::size_t drawn = scene.frame(view).render.size();
    EXPECT_LE(loaded, drawn + 4) << "the tiles of the picture and some steps";
    for (int frame = 0; frame < 500; ++frame) {
        scene.frame(view);
        EXPECT_TRUE(session->isSettled());
    }
    EXPECT_TRUE(session->isIdle());
    EXPECT_GT(session->statistics().loadedContents, loaded);
    EXPECT_EQ(session->statistics().wanted.total(), 0U);
    EXPECT_EQ(session->statistics().neverDrawn[Priority::Normal], 0U);
    EXPECT_GT(session->statistics().neverDrawn[Priority::Preload], 0U);
}

TEST(Session, prefetchedTilesAreThereInTime) {
    const auto source = std::make_shared<MemorySource>(SyntheticCity::buildPyramid(6));
    Clock clock;
    const auto session = tests::openSession(source, clock.options());
    FakeScene scene(*session);
    const tests::Camera here{.place = {-900.0, 230.0, 150.0}};
    const tests::Camera there{.place = {900.0, -230.0, 150.0}};
    ASSERT_GT(scene.settle(here.view()), 0);
    for (int frame = 0; frame < 20; ++frame) {
        scene.frame(here.view(), {.prefetchViews = {there.view()}});
    }
    EXPECT_TRUE(scene.frame(there.view()).isComplete) << "in its first frame";
}

TEST(Session, neededArrivalsAreHandedOutFirst) {
    const auto source = std::make_shared<MemorySource>(SyntheticCity::buildPyramid(6));
    Clock clock;
    const auto session = tests::openSession(source, clock.options());
    const auto here = tests::Camera{.place = {-900.0, 230.0, 150.0}}.view();
    const auto there = tests::Camera{.place = {900.0, -230.0, 150.0}}.view();
    session->update({here});
    session->update({here}); // the root arrives, and all the rest
    const auto& selection = session->update({there});
    bool hasLeftNeeds = false;
    for (const auto& arrival : session->takeArrivals(std::uint64_t{1} << 30U)) {
        const auto wish =
            std::ranges::find(selection.load, arrival.node, &tiles3d::select::Wish::node);
        const bool isNeed = wish != selection.load.end() && wish->priority != Priority::Preload;
        EXPECT_FALSE(isNeed && hasLeftNeeds);
        hasLeftNeeds = hasLeftNeeds || !isNeed;
    }
    EXPECT_TRUE(hasLeftNeeds);
}

} // namespace
