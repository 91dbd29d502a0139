#include "building.h"
#include "temporary_folder.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pipeline::job {
namespace {

namespace fs = std::filesystem;

const fs::path kZhongshan = fs::path(CITY3D_DATA) / "oblique_zhongshan";

class Zhongshan : public testing::Test {
protected:
    void SetUp() override {
        if (!fs::exists(kZhongshan)) {
            GTEST_SKIP() << "no real data at " << kZhongshan;
        }
    }
    TemporaryFolder folder;
};

TEST_F(Zhongshan, everyFileIsConvertedAndEveryLossIsAMissingChild) {
    const Build one = build(kZhongshan, folder / "out");
    ASSERT_TRUE(one.report) << one.report.error().message;
    const BuildReport& report = *one.report;
    EXPECT_EQ(report.units, 3U);
    EXPECT_EQ(report.inputFiles, 35U);
    EXPECT_EQ(report.convertedFiles, 35U);
    EXPECT_EQ(report.losses.size(), 1U);
    EXPECT_GT(report.losses.at("missing"), 0U);
    EXPECT_LT(report.fitResidualMetres, 0.0001);
    EXPECT_EQ(report.contents, report.tiles); // each PagedLOD has geometry
}

TEST_F(Zhongshan, geometricErrorsFollowTheRanges) {
    const Build one = build(kZhongshan, folder / "out", {.chains = scan::Chains::Keep});
    ASSERT_TRUE(one.report);
    // FORMATS: error(L) = 2^(20 - L) metres; L19's children are missing, so its tiles are leaves.
    for (const auto& [level, totals] : one.report->levels) {
        EXPECT_NEAR(totals.geometricErrorMetres, level == 19 ? 0.0 : std::exp2(20 - level), 1e-4)
            << "L" << level;
        EXPECT_NEAR(totals.metresPerPixel, std::exp2(16 - level), 1e-4) << "L" << level;
    }
    EXPECT_EQ(one.report->levels.size(), 6U);
}

TEST_F(Zhongshan, thePyramidStandsInForCoarseLevelsOfTheSameArea) {
    const Build one = build(kZhongshan, folder / "out");
    ASSERT_TRUE(one.report);
    // L14 to L17 show the same 100 m four times; L17 stays, and two levels lie above three blocks.
    EXPECT_EQ(one.report->chainTiles, 9U);
    EXPECT_EQ(one.report->levels.at(16).tiles, 0U);
    EXPECT_EQ(one.report->levels.at(17).tiles, 3U);
    ASSERT_EQ(one.report->overview.size(), 2U);
    EXPECT_LE(one.report->overview.at(1).errorMetres, 0.25); // a quarter of 1 m per pixel
    EXPECT_LE(one.report->overview.at(2).errorMetres, 0.5);
}

TEST_F(Zhongshan, oneAndTwoJobsGiveTheSameBytes) {
    ASSERT_TRUE(build(kZhongshan, folder / "one", {.jobs = 1}).report);
    ASSERT_TRUE(build(kZhongshan, folder / "two").report);
    const auto one = contentsOf(folder / "one");
    const auto two = contentsOf(folder / "two");
    ASSERT_EQ(one.size(), two.size());
    for (const auto& [name, bytes] : one) {
        EXPECT_TRUE(two.contains(name) && two.at(name) == bytes) << name;
    }
}

TEST_F(Zhongshan, secondBuildHasNothingToDo) {
    ASSERT_TRUE(build(kZhongshan, folder / "out").report);
    const auto before = contentsOf(folder / "out");
    const Build again = build(kZhongshan, folder / "out");
    ASSERT_TRUE(again.report);
    EXPECT_EQ(again.report->unitsDoneNow, 0U);
    EXPECT_EQ(again.report->nodesDoneNow, 0U);
    EXPECT_TRUE(contentsOf(folder / "out") == before);
}

TEST_F(Zhongshan, theLyingCodeIsSaid) {
    const Build one = build(kZhongshan, folder / "out", {.jobs = 1});
    ASSERT_TRUE(one.report);
    ASSERT_FALSE(one.warnings.empty());
    EXPECT_NE(one.warnings.front().find("EPSG:4547"), std::string::npos);
    // Near Zhongshan: 113.38 E, 22.5 N; trusting the code would give 114.0 E.
    EXPECT_NEAR(one.report->minimumDegrees.x, 113.3805, 0.001);
    EXPECT_NEAR(one.report->minimumDegrees.y, 22.5064, 0.001);
}

} // namespace
} // namespace pipeline::job
