#include "tiles3d/base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace tiles3d::base {
namespace {

Result<int> half(int value) {
    if (value % 2 != 0) {
        return Error{"3 is odd"};
    }
    return value / 2;
}

TEST(Result, holdsAValueOrAnError) {
    const Result<int> good = half(4);
    ASSERT_TRUE(good);
    EXPECT_EQ(*good, 2);
    const Result<int> bad = half(3);
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().message, "3 is odd");
}

TEST(Result, movesItsValueOut) {
    Result<std::unique_ptr<int>> made = std::make_unique<int>(7);
    const std::unique_ptr<int> taken = *std::move(made);
    EXPECT_EQ(*taken, 7);
}

TEST(Result, withinAddsContextInFront) {
    EXPECT_EQ(within("block 4", within("tile.osgb", Error{"too short"})).message,
              "block 4: tile.osgb: too short");
    EXPECT_TRUE(ok());
}

} // namespace
} // namespace tiles3d::base
