#include "tiles3d/base/task_crew.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

namespace tiles3d::base {
namespace {

/// A binary tree of tasks, as deep as `levels`.
void grow(TaskCrew& crew, int levels, std::atomic<int>& runs) {
    ++runs;
    for (int i = 0; i < 2 && levels > 0; ++i) {
        crew.push([levels, &runs](TaskCrew& same) { grow(same, levels - 1, runs); });
    }
}

class ClosedGate : public IThreadGate {
public:
    bool tryEnter() override { return false; }
    void leave() override { ADD_FAILURE() << "nobody was inside"; }
    bool isCrowded() const override { return true; }
};

TEST(TaskCrew, runsATreeThatGrows) {
    for (const std::size_t threads : {1U, 4U}) {
        std::atomic<int> runs = 0;
        TaskCrew crew(threads);
        crew.push([&runs](TaskCrew& same) { grow(same, 9, runs); });
        crew.run();
        EXPECT_EQ(runs, 1023);
    }
}

TEST(TaskCrew, callerAloneFinishesBehindAClosedGate) {
    ClosedGate gate;
    std::atomic<int> runs = 0;
    TaskCrew crew(3, &gate);
    crew.push([&runs](TaskCrew& same) { grow(same, 5, runs); });
    crew.run();
    EXPECT_EQ(runs, 63);
}

TEST(TaskCrew, firstExceptionDropsTheRest) {
    TaskCrew crew(2);
    std::atomic<int> runs = 0;
    for (int i = 0; i < 1000; ++i) {
        crew.push([&runs](TaskCrew&) { ++runs; });
    }
    crew.push([](TaskCrew&) { throw std::runtime_error("bad tile"); });
    EXPECT_THROW(crew.run(), std::runtime_error);
    EXPECT_LE(runs, 1000);
}

TEST(TaskCrew, nothingToDoIsDone) {
    TaskCrew crew(4);
    crew.run();
}

} // namespace
} // namespace tiles3d::base
