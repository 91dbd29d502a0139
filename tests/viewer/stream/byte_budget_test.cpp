#include "viewer/stream/byte_budget.h"

#include <gtest/gtest.h>

#include <random>
#include <thread>
#include <vector>

namespace viewer::stream {
namespace {

constexpr std::uint64_t kNoOwnLimit = 1'000'000;

TEST(ByteBudget, refusesWhatDoesNotFit) {
    ByteBudget budget(100);
    EXPECT_TRUE(budget.reserve(60, kNoOwnLimit));
    EXPECT_FALSE(budget.reserve(41, kNoOwnLimit));
    EXPECT_TRUE(budget.reserve(40, kNoOwnLimit));
    EXPECT_TRUE(budget.reserve(0, kNoOwnLimit)) << "nothing always fits";
    budget.release(50);
    EXPECT_FALSE(budget.reserve(40, 85)) << "the caller's own limit";
    EXPECT_TRUE(budget.reserve(35, 85));
    EXPECT_EQ(budget.heldBytes(), 85U);
    EXPECT_EQ(budget.peakBytes(), 100U);
}

TEST(ByteBudget, settlesReservations) {
    ByteBudget budget(100);
    ASSERT_TRUE(budget.reserve(60, kNoOwnLimit));
    EXPECT_TRUE(budget.settle(60, 20));
    EXPECT_EQ(budget.heldBytes(), 20U);
    ASSERT_TRUE(budget.reserve(10, kNoOwnLimit));
    EXPECT_TRUE(budget.settle(10, 80));
    ASSERT_FALSE(budget.reserve(1, kNoOwnLimit));
    budget.release(50);
    ASSERT_TRUE(budget.reserve(10, kNoOwnLimit));
    EXPECT_FALSE(budget.settle(10, 51)) << "larger than promised, and no room for it";
    EXPECT_EQ(budget.heldBytes(), 50U) << "the reservation is gone, too";
    EXPECT_LE(budget.peakBytes(), budget.capBytes());
}

TEST(ByteBudget, loweredCapRefusesUntilThereIsRoom) {
    ByteBudget budget(100);
    ASSERT_TRUE(budget.reserve(80, kNoOwnLimit));
    budget.setCap(50);
    EXPECT_FALSE(budget.reserve(1, kNoOwnLimit));
    budget.release(60);
    EXPECT_TRUE(budget.reserve(30, kNoOwnLimit));
}

TEST(ByteBudget, holdsUnderThreads) {
    constexpr std::uint64_t kCap = 1000;
    ByteBudget budget(kCap);
    std::vector<std::jthread> threads;
    for (unsigned seed = 0; seed < 4; ++seed) {
        threads.emplace_back([&budget, seed] {
            std::mt19937 random(seed);
            for (int i = 0; i < 5000; ++i) {
                const std::uint64_t promised = random() % 300;
                const std::uint64_t actual = random() % 300;
                if (budget.reserve(promised, kNoOwnLimit) && budget.settle(promised, actual)) {
                    budget.release(actual);
                }
            }
        });
    }
    threads.clear();
    EXPECT_EQ(budget.heldBytes(), 0U);
    EXPECT_LE(budget.peakBytes(), kCap);
}

} // namespace
} // namespace viewer::stream
