#include "viewer/stream/lockstep_loader.h"

#include "tests/viewer/stream/session_fixture.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace viewer::stream {
namespace {

using tests::MemorySource;
using tests::SyntheticCity;

TEST(LockstepLoader, completesSoManyAFrame) {
    const auto source = std::make_shared<MemorySource>(SyntheticCity::build());
    const auto loads = lockstep(2)(source, std::make_shared<ByteBudget>(100'000));
    std::vector<LoadRequest> requests;
    for (std::size_t node = 0; node < 5; ++node) {
        requests.push_back({.node = node, .contentUris = {"se.glb"}});
    }
    loads->replaceWaiting(requests);
    EXPECT_EQ(source->readCount(), 0);
    for (const std::size_t expected : {2U, 2U, 1U, 0U}) {
        EXPECT_EQ(loads->takeResults().size(), expected);
    }
    EXPECT_EQ(loads->pendingCount(), 0U);
}

/// Everything a session decides in a flight.
std::vector<std::size_t> recordFlight() {
    double seconds = 0.0;
    const auto source = std::make_shared<MemorySource>(SyntheticCity::buildPyramid(5));
    const auto session = tests::openSession(source,
                                            {.cacheBytes = 20'000,
                                             .secondsNow = [&seconds] { return seconds; },
                                             .makeLoader = lockstep(3)});
    tests::FakeScene scene(*session);
    std::vector<std::size_t> record;
    for (int frame = 0; frame < 300; ++frame) {
        seconds += 1.0 / 30.0;
        const tests::Camera camera{.place = {-1000.0 + 6.0 * frame, 100.0, 300.0},
                                   .headingRadians = 0.01 * frame,
                                   .pitchRadians = -0.7};
        const auto& selection = scene.frame(camera.view());
        record.insert(record.end(), selection.render.begin(), selection.render.end());
        for (const auto& wish : selection.load) {
            record.push_back(wish.node);
        }
    }
    EXPECT_GT(session->statistics().evictedContents, 0U);
    return record;
}

TEST(LockstepLoader, sessionsAreTheSameInEveryRun) {
    EXPECT_EQ(recordFlight(), recordFlight());
}

} // namespace
} // namespace viewer::stream
