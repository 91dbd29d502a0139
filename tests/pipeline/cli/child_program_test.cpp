#include "pipeline/cli/child_program.h"

#include <gtest/gtest.h>

namespace pipeline::cli {
namespace {

TEST(ChildProgram, GivesExitCodesAndLastWords) {
    EXPECT_EQ(*runProgram({"/bin/sh", "-c", "exit 0"}, 10.0), 0);
    EXPECT_EQ(*runProgram({"/bin/sh", "-c", "exit 3"}, 10.0), 3);
    const auto failed = runProgram({"/bin/sh", "-c", "echo why >&2; exit 1"}, 10.0);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().message, "sh ended with exit code 1: why");
    EXPECT_FALSE(runProgram({"/nowhere/program"}, 10.0));
    EXPECT_FALSE(runProgram({"/bin/sh", "-c", "kill -9 $$"}, 10.0));
}

TEST(ChildProgram, IsKilledWhenTimeIsOver) {
    const auto late = runProgram({"/bin/sleep", "60"}, 0.2);
    ASSERT_FALSE(late);
    EXPECT_NE(late.error().message.find("not done"), std::string::npos);
}

} // namespace
} // namespace pipeline::cli
