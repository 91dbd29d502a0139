#include "pipeline/engine/local_engine.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <map>
#include <mutex>
#include <thread>

namespace pipeline::engine {
namespace {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;

std::vector<Unit> unitsNamed(std::size_t count) {
    std::vector<Unit> units;
    for (std::size_t i = 0; i < count; ++i) {
        units.push_back({.name = "unit " + std::to_string(i), .bytes = i});
    }
    return units;
}

struct Outcome {
    Status status = ok();
    std::map<std::size_t, std::string> results;
};

Outcome runAll(const LocalOptions& options, std::size_t count, const Work& work) {
    Outcome outcome;
    LocalEngine engine(options);
    outcome.status =
        engine.run(unitsNamed(count), work, [&](std::size_t i, const std::string& text) {
            outcome.results[i] = text;
            return ok();
        });
    return outcome;
}

/// "kept" or what was quarantined, after meeting `files` in turn.
template <typename Meet>
std::string
meetFiles(const UnitContext& context, const std::vector<std::string>& files, const Meet& meet) {
    std::string kept;
    for (const std::string& file : files) {
        const auto bad = std::ranges::find(context.quarantined, file, &Quarantined::file);
        if (bad != context.quarantined.end()) {
            kept += "[" + file + ": " + bad->reason + "]";
            continue;
        }
        const WatchedFile watched(context.watch, file);
        meet(file);
        kept += file;
    }
    return kept;
}

TEST(LocalEngine, handsOverEveryResultOnce) {
    const Outcome outcome =
        runAll({.jobs = 3}, 20, [](std::size_t i, const UnitContext&) -> Result<std::string> {
            return "result " + std::to_string(i);
        });
    ASSERT_TRUE(outcome.status) << outcome.status.error().message;
    ASSERT_EQ(outcome.results.size(), 20U);
    EXPECT_EQ(outcome.results.at(7), "result 7");
}

TEST(LocalEngine, hasNothingToDoWithoutUnits) {
    const Outcome outcome =
        runAll({}, 0, [](std::size_t, const UnitContext&) -> Result<std::string> {
            return Error{"never called"};
        });
    EXPECT_TRUE(outcome.status);
}

TEST(LocalEngine, carriesLargeAndBinaryResults) {
    const std::string large(3'000'000, '\0');
    const Outcome outcome =
        runAll({.jobs = 2}, 2, [&](std::size_t, const UnitContext&) -> Result<std::string> {
            return large;
        });
    ASSERT_TRUE(outcome.status);
    EXPECT_EQ(outcome.results.at(1), large);
}

TEST(LocalEngine, crashCostsOneFile) {
    const Outcome outcome = runAll(
        {.jobs = 2}, 3, [](std::size_t i, const UnitContext& context) -> Result<std::string> {
            return meetFiles(context, {"a", "b", "c"}, [i](const std::string& file) {
                if (i == 1 && file == "b") {
                    std::raise(SIGSEGV);
                }
            });
        });
    ASSERT_TRUE(outcome.status) << outcome.status.error().message;
    EXPECT_EQ(outcome.results.at(0), "abc");
    EXPECT_EQ(outcome.results.at(1), "a[b: the reader crashed on it: signal 11]c");
}

TEST(LocalEngine, severalCrashesInOneUnitCostEachTheirFile) {
    const Outcome outcome =
        runAll({.jobs = 1}, 1, [](std::size_t, const UnitContext& context) -> Result<std::string> {
            return meetFiles(context, {"a", "b", "c"}, [](const std::string& file) {
                if (file != "b") {
                    std::abort();
                }
            });
        });
    ASSERT_TRUE(outcome.status);
    EXPECT_EQ(outcome.results.at(0),
              "[a: the reader crashed on it: signal 6]b[c: the reader crashed on it: signal 6]");
}

TEST(LocalEngine, hangCostsOneFile) {
    const Outcome outcome =
        runAll({.jobs = 1, .fileTimeout = std::chrono::seconds(1)},
               1,
               [](std::size_t, const UnitContext& context) -> Result<std::string> {
                   return meetFiles(context, {"a", "b"}, [](const std::string& file) {
                       while (file == "a") {
                           ::usleep(1000);
                       }
                   });
               });
    ASSERT_TRUE(outcome.status);
    EXPECT_EQ(outcome.results.at(0), "[a: not read within 1 s]b");
}

TEST(LocalEngine, findsTheGuiltyFileAmongThreads) {
    const Outcome outcome =
        runAll({.jobs = 2}, 1, [](std::size_t, const UnitContext& context) -> Result<std::string> {
            if (context.threads > 1) { // two files open at once: nobody knows which one it was
                const WatchedFile first(context.watch, "a");
                const WatchedFile second(context.watch, "b");
                std::abort();
            }
            return meetFiles(context, {"a", "b"}, [](const std::string& file) {
                if (file == "b") {
                    std::abort();
                }
            });
        });
    ASSERT_TRUE(outcome.status) << outcome.status.error().message;
    EXPECT_EQ(outcome.results.at(0), "a[b: the reader crashed on it: signal 6]");
}

TEST(LocalEngine, deathOutsideOfAnyFileEndsTheRun) {
    const Outcome outcome =
        runAll({.jobs = 1}, 1, [](std::size_t, const UnitContext&) -> Result<std::string> {
            std::abort();
        });
    ASSERT_FALSE(outcome.status);
    EXPECT_NE(outcome.status.error().message.find("unit 0"), std::string::npos);
    EXPECT_NE(outcome.status.error().message.find("signal 6"), std::string::npos);
}

TEST(LocalEngine, failedOutputEndsTheRun) {
    const Outcome outcome =
        runAll({.jobs = 2}, 10, [](std::size_t i, const UnitContext&) -> Result<std::string> {
            if (i == 9) {
                return Error{"disk full"};
            }
            return std::string("fine");
        });
    ASSERT_FALSE(outcome.status);
    EXPECT_NE(outcome.status.error().message.find("disk full"), std::string::npos);
}

TEST(LocalEngine, exceptionsAreErrorsNotCrashes) {
    const Outcome outcome =
        runAll({.jobs = 1}, 1, [](std::size_t, const UnitContext&) -> Result<std::string> {
            throw std::bad_alloc();
        });
    ASSERT_FALSE(outcome.status);
}

TEST(LocalEngine, memoryOfAWorkerIsBounded) {
    const Outcome outcome = runAll({.jobs = 1, .workerMemoryBytes = std::uint64_t{512} << 20U},
                                   1,
                                   [](std::size_t, const UnitContext&) -> Result<std::string> {
                                       try {
                                           const std::vector<char> huge(std::size_t{1} << 30U);
                                           return std::string(1, huge.back());
                                       } catch (const std::bad_alloc&) {
                                           return std::string("refused");
                                       }
                                   });
    ASSERT_TRUE(outcome.status);
    EXPECT_EQ(outcome.results.at(0), "refused");
}

TEST(LocalEngine, oneUnitUsesAllCoresThroughTheGate) {
    const Outcome outcome =
        runAll({.jobs = 4}, 1, [](std::size_t, const UnitContext& context) -> Result<std::string> {
            std::set<std::thread::id> seen;
            std::mutex mutex;
            tiles3d::base::TaskCrew crew(context.threads, context.gate);
            for (int i = 0; i < 64; ++i) {
                crew.push([&](tiles3d::base::TaskCrew&) {
                    ::usleep(2000);
                    const std::scoped_lock lock(mutex);
                    seen.insert(std::this_thread::get_id());
                });
            }
            crew.run();
            return std::to_string(seen.size());
        });
    ASSERT_TRUE(outcome.status);
    EXPECT_EQ(outcome.results.at(0), "4");
}

TEST(LocalEngine, workersDieWithTheEngine) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const pid_t parent = ::fork();
    ASSERT_GE(parent, 0);
    if (parent == 0) {
        LocalEngine engine({.jobs = 1});
        (void)engine.run(
            unitsNamed(1),
            [&](std::size_t, const UnitContext&) -> Result<std::string> {
                const pid_t own = ::getpid();
                (void)!::write(ends[1], &own, sizeof own);
                ::pause();
                return std::string();
            },
            [](std::size_t, const std::string&) { return ok(); });
        ::_exit(0);
    }
    pid_t worker = 0;
    ASSERT_EQ(::read(ends[0], &worker, sizeof worker), static_cast<ssize_t>(sizeof worker));
    ASSERT_EQ(::kill(worker, 0), 0);
    ::kill(parent, SIGKILL);
    ::waitpid(parent, nullptr, 0);
    ::close(ends[1]);
    // The pipe ends when its last writer, the worker, is gone.
    EXPECT_EQ(::read(ends[0], &worker, sizeof worker), 0);
    ::close(ends[0]);
}

} // namespace
} // namespace pipeline::engine
