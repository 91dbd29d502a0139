// The cap: never passed, whatever the camera does, and with the best picture that fits.

#include "tests/tiles3d/select/coverage.h"
#include "tests/viewer/stream/session_fixture.h"
#include "viewer/stream/lockstep_loader.h"
#include "viewer/stream/tileset_session.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

namespace {

using tests::Camera;
using tests::FakeScene;
using tests::MemorySource;
using tests::SyntheticCity;
using viewer::stream::SessionStatistics;
using viewer::stream::TilesetSession;

constexpr std::uint64_t kPackBytes = 347; // of every tile of the pyramid
constexpr std::uint64_t kNoCap = std::uint64_t{1} << 30U;
constexpr double kFrameSeconds = 1.0 / 30.0;

const SyntheticCity& pyramid() {
    static const SyntheticCity city = SyntheticCity::buildPyramid(7);
    return city;
}

/// A pilot who turns, climbs and dives at random; the same for the same seed.
class Flight {
public:
    explicit Flight(unsigned seed) : random_(seed) {}

    const Camera& next() {
        std::normal_distribution<double> push(0.0, 1.0);
        turn_ = 0.97 * turn_ + 0.002 * push(random_);
        climb_ = 0.97 * climb_ + 0.15 * push(random_);
        camera_.headingRadians += turn_;
        const double stride =
            0.1 * camera_.place.z * kFrameSeconds; // a tenth of the height a second
        camera_.place +=
            stride *
            glm::dvec3(std::sin(camera_.headingRadians), std::cos(camera_.headingRadians), climb_);
        camera_.place.z = std::clamp(camera_.place.z, 60.0, 400.0);
        if (glm::length(glm::dvec2(camera_.place)) > 900.0) { // round, back to the middle
            const double home = std::atan2(-camera_.place.x, -camera_.place.y);
            turn_ = 0.02 * std::sin(home - camera_.headingRadians);
        }
        return camera_;
    }

private:
    std::mt19937 random_;
    Camera camera_{.place = {0.0, 0.0, 200.0}, .pitchRadians = -0.6};
    double turn_ = 0.0;
    double climb_ = 0.0;
};

struct FlightLog {
    SessionStatistics statistics;
    std::size_t holes = 0;
    std::uint64_t mostNeededBytes = 0;
    double worstErrorPixels = 0.0;
};

std::uint64_t neededBytes(const TilesetSession& session,
                          const tiles3d::select::Selection& selection) {
    std::set<std::size_t> needed;
    for (const std::size_t node : selection.render) {
        for (auto at = static_cast<std::int64_t>(node); at >= 0;
             at = session.tree().nodes()[static_cast<std::size_t>(at)].parent) {
            needed.insert(static_cast<std::size_t>(at));
        }
    }
    return needed.size() * kPackBytes;
}

std::size_t misdrawn(const TilesetSession& session,
                     const tiles3d::select::ViewState& view,
                     const tiles3d::select::Selection& selection) {
    const std::vector<tiles3d::select::ContentState> noneFailed(session.tree().nodes().size());
    return tiles3d::select::misdrawnLeaves(session.tree(), {view}, noneFailed, selection).size();
}

FlightLog fly(unsigned seed, std::uint64_t capBytes, std::size_t loadsPerFrame = 4) {
    double seconds = 0.0;
    const auto session =
        tests::openSession(std::make_shared<MemorySource>(pyramid()),
                           {.cacheBytes = capBytes,
                            .secondsNow = [&seconds] { return seconds; },
                            .makeLoader = viewer::stream::lockstep(loadsPerFrame)});
    FakeScene scene(*session);
    Flight flight(seed);
    FlightLog log;
    bool hasCover = false;
    for (int frame = 0; frame < 1800; ++frame) {
        seconds += kFrameSeconds;
        const auto view = flight.next().view();
        const auto& selection = scene.frame(view);
        if (hasCover) {
            log.holes += misdrawn(*session, view, selection);
        }
        hasCover = hasCover || scene.held().contains(0);
        log.mostNeededBytes = std::max(log.mostNeededBytes, neededBytes(*session, selection));
        const SessionStatistics now = session->statistics();
        log.worstErrorPixels = std::max(log.worstErrorPixels, now.maxScreenSpaceErrorPixels);
        EXPECT_LE(now.cachedBytes, capBytes);
    }
    log.statistics = session->statistics();
    return log;
}

TEST(SessionMemory, flightHasNoHolesAndKeepsTheCap) {
    for (const unsigned seed : {1U, 2U}) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        const FlightLog free = fly(seed, kNoCap);
        EXPECT_EQ(free.holes, 0U);
        EXPECT_EQ(free.statistics.evictedContents, 0U);
        for (const double part : {3.0, 1.5, 0.7, 0.3}) {
            SCOPED_TRACE("cap of " + std::to_string(part) + " view sets");
            const auto cap =
                static_cast<std::uint64_t>(part * static_cast<double>(free.mostNeededBytes));
            const FlightLog log = fly(seed, cap);
            EXPECT_EQ(log.holes, 0U);
            EXPECT_LE(log.statistics.peakBytes, cap);
            if (part >= 1.5) { // a pilot who turns back at random finds little of it gone
                EXPECT_LE(10 * log.statistics.reloadedContents, log.statistics.loadedContents);
                EXPECT_EQ(log.worstErrorPixels, 16.0);
            }
        }
    }
}

TEST(SessionMemory, steadyFlightLoadsNothingTwice) {
    const auto flyAcross = [](std::uint64_t capBytes) {
        double seconds = 0.0;
        const auto session =
            tests::openSession(std::make_shared<MemorySource>(pyramid()),
                               {.cacheBytes = capBytes,
                                .secondsNow = [&seconds] { return seconds += kFrameSeconds; },
                                .makeLoader = viewer::stream::lockstep(4)});
        FakeScene scene(*session);
        std::uint64_t mostNeeded = 0;
        for (int frame = 0; frame < 1800; ++frame) {
            const Camera camera{.place = {-1200.0 + 1.3 * frame, 0.3 * frame, 100.0},
                                .headingRadians = 1.2 + 0.1 * std::sin(0.02 * frame),
                                .pitchRadians = -0.6};
            mostNeeded = std::max(mostNeeded, neededBytes(*session, scene.frame(camera.view())));
        }
        EXPECT_EQ(session->statistics().reloadedContents, 0U);
        return mostNeeded;
    };
    const std::uint64_t viewSet = flyAcross(kNoCap);
    flyAcross(viewSet + viewSet / 2);
}

TEST(SessionMemory, capConvergesForARestingView) {
    double seconds = 0.0;
    const auto open = [&](std::uint64_t capBytes) {
        return tests::openSession(std::make_shared<MemorySource>(pyramid()),
                                  {.cacheBytes = capBytes,
                                   .secondsNow = [&seconds] { return seconds += kFrameSeconds; },
                                   .makeLoader = viewer::stream::lockstep(4)});
    };
    const auto view = Camera{.place = {0.0, 0.0, 100.0}, .pitchRadians = -0.5}.view();
    const auto free = open(kNoCap);
    FakeScene freeScene(*free);
    ASSERT_GT(freeScene.settle(view), 0);
    const std::uint64_t needed = neededBytes(*free, freeScene.frame(view));
    const std::uint64_t cap = needed / 2;

    const auto session = open(cap);
    FakeScene scene(*session);
    ASSERT_GT(scene.settle(view), 0);
    const auto settled = scene.frame(view).render;
    const std::size_t loaded = session->statistics().loadedContents;
    EXPECT_TRUE(scene.frame(view).isComplete);
    EXPECT_GT(session->statistics().maxScreenSpaceErrorPixels, 16.0);
    EXPECT_LE(session->statistics().peakBytes, cap);
    for (int frame = 0; frame < 1000; ++frame) {
        EXPECT_EQ(scene.frame(view).render, settled);
    }
    EXPECT_LE(session->statistics().loadedContents, loaded + 20) << "some preloads at most";
    EXPECT_EQ(session->statistics().reloadedContents, 0U);

    session->setCacheBytes(kNoCap);
    ASSERT_GT(scene.settle(view), 0);
    scene.frame(view);
    EXPECT_EQ(session->statistics().maxScreenSpaceErrorPixels, 16.0) << "detail comes back";
}

TEST(SessionMemory, loweredCapIsKept) {
    double seconds = 0.0;
    const auto session =
        tests::openSession(std::make_shared<MemorySource>(pyramid()),
                           {.secondsNow = [&seconds] { return seconds += kFrameSeconds; },
                            .makeLoader = viewer::stream::lockstep(10)});
    FakeScene scene(*session);
    const auto view = Camera{.place = {0.0, 0.0, 100.0}, .pitchRadians = -0.5}.view();
    ASSERT_GT(scene.settle(view), 0);
    const std::uint64_t cap = session->statistics().cachedBytes / 3;
    session->setCacheBytes(cap);
    ASSERT_GT(scene.settle(view), 0);
    for (int frame = 0; frame < 4; ++frame) { // what was needed is kept for two frames
        scene.frame(view);
    }
    EXPECT_LE(session->statistics().cachedBytes, cap);
    EXPECT_TRUE(scene.frame(view).isComplete);
}

TEST(SessionMemory, tooSmallACapEndsSettledAndSaysSo) {
    for (const std::uint64_t cap : {std::uint64_t{1}, std::uint64_t{2 * kPackBytes}}) {
        const auto session = tests::openSession(std::make_shared<MemorySource>(pyramid()),
                                                {.threads = 2, .cacheBytes = cap});
        FakeScene scene(*session);
        EXPECT_GT(scene.settle(tests::viewFrom(100.0)), 0) << "it does not wait for ever";
        EXPECT_GT(session->statistics().pending, 0U);
        EXPECT_LE(session->statistics().peakBytes, cap);
        EXPECT_EQ(scene.held().contains(0), cap > kPackBytes) << "a coarse picture, if any";
    }
}

TEST(SessionMemory, whatWasDroppedComesBack) {
    double seconds = 0.0;
    const auto session =
        tests::openSession(std::make_shared<MemorySource>(pyramid()),
                           {.cacheBytes = 150 * kPackBytes,
                            .secondsNow = [&seconds] { return seconds += kFrameSeconds; },
                            .makeLoader = viewer::stream::lockstep(4)});
    FakeScene scene(*session);
    const auto viewAt = [](double east) { return Camera{.place = {east, 60.0, 60.0}}.view(); };
    ASSERT_GT(scene.settle(viewAt(-1200.0)), 0);
    const auto before = scene.frame(viewAt(-1200.0)).render;
    for (const double east : {-600.0, 0.0, 600.0, 1200.0, 700.0, 100.0, -1200.0}) {
        ASSERT_GT(scene.settle(viewAt(east)), 0);
        for (int frame = 0; frame < 200; ++frame) {
            scene.frame(viewAt(east));
        }
    }
    EXPECT_GT(session->statistics().evictedContents, 0U);
    EXPECT_EQ(scene.frame(viewAt(-1200.0)).render, before);
}

/// A scene that uploads slower than tiles are decoded, as software renderers on busy machines do.
TEST(SessionMemory, whatIsNotWantedAnyMoreDoesNotStarveTheView) {
    double seconds = 0.0;
    const auto session =
        tests::openSession(std::make_shared<MemorySource>(pyramid()),
                           {.cacheBytes = 150 * kPackBytes,
                            .secondsNow = [&seconds] { return seconds += kFrameSeconds; },
                            .makeLoader = viewer::stream::lockstep(10)});
    const auto viewAt = [](double east) { return Camera{.place = {east, 60.0, 60.0}}.view(); };
    for (int frame = 0; frame < 600; ++frame) { // far more comes than is taken
        session->update({viewAt(-1200.0 + 4.0 * frame)});
        session->takeEvicted();
        if (frame % 10 == 0) {
            for (const auto& arrival : session->takeArrivals(1)) {
                session->markReady(arrival.node);
            }
        }
    }
    const auto last = viewAt(1200.0);
    for (int frame = 0; frame < 300 && !session->isSettled(); ++frame) {
        session->update({last});
        for (const auto& arrival : session->takeArrivals(1)) {
            session->markReady(arrival.node);
        }
    }
    EXPECT_TRUE(session->isSettled());
    EXPECT_EQ(session->statistics().pending, 0U);
}

TEST(SessionMemory, capHoldsUnderThreads) {
    constexpr std::uint64_t kCap = 60 * kPackBytes;
    const auto session = tests::openSession(std::make_shared<MemorySource>(pyramid()),
                                            {.threads = 4, .cacheBytes = kCap});
    FakeScene scene(*session);
    Flight flight(5);
    for (int frame = 0; frame < 600; ++frame) {
        scene.frame(flight.next().view());
    }
    EXPECT_LE(session->statistics().peakBytes, kCap);
    EXPECT_EQ(session->statistics().failedLoads, 0U);
}

} // namespace
