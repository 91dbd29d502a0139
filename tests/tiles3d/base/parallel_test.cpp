#include "tiles3d/base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace tiles3d::base {
namespace {

TEST(ParallelFor, runsEveryIndexOnce) {
    for (const std::size_t threads : {1U, 2U, 7U}) {
        for (const std::size_t count : {0U, 1U, 3U, 1000U}) {
            std::vector<std::atomic<int>> runs(count);
            parallelFor(count, threads, [&](std::size_t i) { ++runs[i]; });
            for (const std::atomic<int>& run : runs) {
                EXPECT_EQ(run, 1);
            }
        }
    }
}

TEST(ParallelFor, throwsTheExceptionOfTheWorkAgain) {
    for (const std::size_t threads : {1U, 4U}) {
        std::atomic<int> runs = 0;
        const auto work = [&](std::size_t i) {
            ++runs;
            if (i == 3) {
                throw std::runtime_error("block 3");
            }
        };
        try {
            parallelFor(100'000, threads, work);
            FAIL() << "nothing was thrown";
        } catch (const std::runtime_error& error) {
            EXPECT_STREQ(error.what(), "block 3");
        }
        EXPECT_LT(runs, 100'000) << "the rest was not stopped";
    }
}

TEST(Pipelined, writesInTheOrderOfTheReads) {
    for (const std::size_t threads : {1U, 2U, 7U}) {
        for (const std::size_t slots : {1U, 3U, 20U}) {
            constexpr int kPieces = 500;
            std::vector<int> pieces(slots);
            std::vector<int> written;
            int next = 0;
            pipelined(slots,
                      threads,
                      {.read =
                           [&](std::size_t slot) {
                               pieces[slot] = next;
                               return next++ < kPieces;
                           },
                       .work = [&](std::size_t slot) { pieces[slot] *= 2; },
                       .write = [&](std::size_t slot) { written.push_back(pieces[slot]); }});
            ASSERT_EQ(written.size(), std::size_t{kPieces});
            for (int i = 0; i < kPieces; ++i) {
                EXPECT_EQ(written[static_cast<std::size_t>(i)], 2 * i);
            }
        }
    }
}

TEST(Pipelined, throwsTheExceptionOfAStepAgain) {
    for (const std::size_t threads : {1U, 4U}) {
        EXPECT_THROW(pipelined(4,
                               threads,
                               {.read = [](std::size_t) { return true; },
                                .work = [](std::size_t) { throw std::runtime_error("piece"); },
                                .write = [](std::size_t) {}}),
                     std::runtime_error);
    }
}

} // namespace
} // namespace tiles3d::base
