#pragma once

#include <gtest/gtest.h>

#include <filesystem>

namespace tests {

/// A city of 3x3 lean blocks, 300 m wide, over its terrain, made once by our own program for all
/// tests of a case. Skips where EGL gives no context.
class LeanCity : public ::testing::Test {
public:
    static void SetUpTestSuite();
    static void TearDownTestSuite();

protected:
    void SetUp() override;

    /// Holds tileset.json; tests may write beside it.
    static const std::filesystem::path& folder() { return folder_; }

private:
    static std::filesystem::path folder_;
};

} // namespace tests
