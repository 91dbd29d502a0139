// Damage that nobody thought of: whatever the bytes, a build ends, says its losses, and is sound.

#include "building.h"
#include "pipeline/sample/delivery.h"
#include "pipeline/sample/fixture.h"
#include "pipeline/verify/verify.h"
#include "temporary_folder.h"

#include <gtest/gtest.h>

#include <random>

namespace pipeline::job {
namespace {

/// Turns over bits and bytes, half of them where the structure is: near the start and the end.
void damage(tiles3d::base::Bytes& bytes, std::mt19937_64& random) {
    for (std::size_t count = random() % 3; count > 0; --count) {
        const std::size_t near = random() % std::min<std::size_t>(bytes.size(), 1500);
        const std::array<std::size_t, 3> places{
            random() % bytes.size(), near, bytes.size() - 1 - near};
        std::byte& byte = bytes[places[random() % 3]];
        byte = random() % 2 == 0 ? byte ^ static_cast<std::byte>(1U << random() % 8)
                                 : static_cast<std::byte>(random() % 256);
    }
}

class HostileBytes : public testing::TestWithParam<std::uint64_t> {};

INSTANTIATE_TEST_SUITE_P(Seeds, HostileBytes, testing::Range(std::uint64_t{1}, std::uint64_t{5}));

TEST_P(HostileBytes, costFilesAndNeverTheBuild) {
    const TemporaryFolder folder;
    std::mt19937_64 random(GetParam());
    ASSERT_TRUE(tiles3d::base::makeFolder(folder / "d"));
    ASSERT_TRUE(tiles3d::base::writeFile(folder / "d/metadata.xml", sample::metadataXml()));
    for (std::int64_t i = 0; i < 4; ++i) {
        const std::string name = "T" + std::to_string(i);
        const auto files = sample::makeFixtureBlock(name, i, 1, GetParam());
        ASSERT_TRUE(files);
        sample::FileSet bytes = sample::serialise(*files);
        for (auto& [file, content] : bytes) {
            if (i > 0) { // the first block is whole
                damage(content, random);
            }
        }
        ASSERT_TRUE(sample::writeFiles(folder / "d/Data" / name, bytes));
    }
    const auto geometry = static_cast<scan::Geometry>(GetParam() % 4);
    const Build one = build(folder / "d", folder / "out", {.geometry = geometry});
    ASSERT_TRUE(one.report) << one.report.error().message;
    EXPECT_EQ(one.report->units, 4U);
    EXPECT_EQ(one.report->inputFiles, 40U);
    const auto verified = verify::verifyOutput(folder / "out");
    ASSERT_TRUE(verified);
    for (const verify::Finding& finding : verified->findings) { // pixels are not looked at
        const bool isPixels = finding.message.find("JPEG") != std::string::npos;
        EXPECT_TRUE(isPixels || finding.severity != verify::Severity::Error) << finding.message;
    }
}

} // namespace
} // namespace pipeline::job
