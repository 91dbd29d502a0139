#include "viewer/scene/upload_pace.h"

#include <gtest/gtest.h>

namespace {

using viewer::scene::UploadKind;
using viewer::scene::UploadPace;

constexpr std::size_t kMiB = std::size_t{1} << 20U;

TEST(UploadPace, knowsNothingAtFirst) {
    const UploadPace pace;
    EXPECT_EQ(pace.expectedMilliseconds(UploadKind::Texels, kMiB), 0.0);
    EXPECT_EQ(pace.bytesWithin(0.1, UploadKind::Texels, kMiB), kMiB);
}

TEST(UploadPace, cutsToTheTimeLeft) {
    UploadPace pace;
    pace.learn(UploadKind::Texels, kMiB, 2.0);
    EXPECT_DOUBLE_EQ(pace.expectedMilliseconds(UploadKind::Texels, kMiB / 2), 1.0);
    EXPECT_EQ(pace.bytesWithin(1.0, UploadKind::Texels, kMiB), kMiB / 2);
    EXPECT_EQ(pace.bytesWithin(5.0, UploadKind::Texels, kMiB), kMiB);
    EXPECT_EQ(pace.bytesWithin(-1.0, UploadKind::Texels, kMiB), 0U);
    EXPECT_EQ(pace.bytesWithin(1.0, UploadKind::Vertices, kMiB), kMiB) << "another kind";
}

TEST(UploadPace, oneOddSliceCountsLittleAndATinyOneNothing) {
    UploadPace pace;
    pace.learn(UploadKind::Texels, kMiB, 1.0);
    pace.learn(UploadKind::Texels, kMiB, 9.0);
    EXPECT_DOUBLE_EQ(pace.expectedMilliseconds(UploadKind::Texels, kMiB), 3.0);
    for (int i = 0; i < 20; ++i) {
        pace.learn(UploadKind::Texels, kMiB, 1.0);
    }
    EXPECT_NEAR(pace.expectedMilliseconds(UploadKind::Texels, kMiB), 1.0, 0.01);
    pace.learn(UploadKind::Texels, 16, 1.0);
    EXPECT_NEAR(pace.expectedMilliseconds(UploadKind::Texels, kMiB), 1.0, 0.01);
}

} // namespace
