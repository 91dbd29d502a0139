#include "viewer/stream/retry_list.h"

#include <gtest/gtest.h>

namespace viewer::stream {
namespace {

TEST(RetryList, waitsLongerEachTime) {
    RetryList retries({1.0, 4.0, 16.0});
    double now = 100.0;
    EXPECT_TRUE(retries.mayTry(7, now));
    for (const double pause : {1.0, 4.0, 16.0}) {
        ASSERT_TRUE(retries.noteFailure(7, now));
        EXPECT_FALSE(retries.mayTry(7, now + 0.99 * pause));
        EXPECT_TRUE(retries.mayTry(8, now)) << "each node for itself";
        now += pause;
        EXPECT_TRUE(retries.mayTry(7, now));
    }
    EXPECT_FALSE(retries.noteFailure(7, now)) << "the fourth attempt was the last";
    EXPECT_TRUE(retries.isEmpty());
}

TEST(RetryList, successForgets) {
    RetryList retries({1.0});
    ASSERT_TRUE(retries.noteFailure(7, 0.0));
    retries.forget(7);
    EXPECT_TRUE(retries.isEmpty());
    EXPECT_TRUE(retries.noteFailure(7, 5.0));
    EXPECT_FALSE(RetryList({}).noteFailure(7, 0.0));
}

} // namespace
} // namespace viewer::stream
