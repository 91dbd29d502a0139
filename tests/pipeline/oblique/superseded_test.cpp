#include "pipeline/oblique/superseded.h"

#include "pipeline/oblique/convert_block.h"
#include "pipeline/sample/fixture.h"
#include "tests/pipeline/job/temporary_folder.h"
#include "tests/pipeline/oblique/placed.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace pipeline::oblique {
namespace {

using tiles3d::geo::Angle;

/// Around (0, 0) of the frame everything within 100 m is covered but a strip of some 5 m.
class SupersededTest : public testing::Test {
protected:
    SupersededTest() {
        const glm::ivec2 centre = PlanGrid(frame).cellAt({0.0, 0.0, 0.0});
        constexpr int kHalf = 60;
        const auto rows = [&](int south, int north) {
            const int cells = (2 * kHalf + 1) * (north - south + 1);
            area.add(
                {.range = {centre + glm::ivec2(-kHalf, south), centre + glm::ivec2(kHalf, north)},
                 .runs = {0, static_cast<std::uint32_t>(cells)}});
        };
        rows(-kHalf, 10);
        rows(14, kHalf);
    }

    std::size_t dropped(const std::vector<glm::vec3>& corners) const {
        tiles3d::mesh::TriangleMesh mesh{.positions = corners, .indices = {0, 1, 2}};
        const std::size_t number = dropSupersededInPlace(mesh, {0.0, 0.0, 0.0}, frame, area);
        EXPECT_EQ(mesh.indices.size(), number == 0 ? 3U : 0U);
        return number;
    }

    tiles3d::geo::EnuFrame frame{
        {.longitude = Angle::degrees(118.09), .latitude = Angle::degrees(24.44)}};
    CoveredArea area;
};

TEST_F(SupersededTest, whatLiesInsideGoesHoweverHigh) {
    EXPECT_EQ(dropped({{0.0F, 0.0F, 0.0F}, {5.0F, 0.0F, 0.0F}, {0.0F, 5.0F, 0.0F}}), 1U);
    EXPECT_EQ(dropped({{0.0F, 0.0F, 0.0F}, {5.0F, 0.0F, 90.0F}, {0.0F, 0.0F, 300.0F}}), 1U);
}

TEST_F(SupersededTest, whatCrossesTheEdgeStays) {
    EXPECT_EQ(dropped({{0.0F, 0.0F, 0.0F}, {300.0F, 0.0F, 0.0F}, {0.0F, 5.0F, 0.0F}}), 0U);
    EXPECT_EQ(dropped({{500.0F, 0.0F, 0.0F}, {510.0F, 0.0F, 0.0F}, {500.0F, 5.0F, 0.0F}}), 0U);
}

TEST_F(SupersededTest, whatSpansAHoleBetweenItsCornersStays) {
    EXPECT_EQ(dropped({{0.0F, 0.0F, 0.0F}, {2.0F, 0.0F, 0.0F}, {0.0F, 60.0F, 0.0F}}), 0U);
    EXPECT_EQ(dropped({{0.0F, 40.0F, 0.0F}, {2.0F, 40.0F, 0.0F}, {0.0F, 60.0F, 0.0F}}), 1U);
}

/// The fixture's block: a root, a file of eight nodes, a leaf file below each.
class SupersededBlock : public testing::Test {
protected:
    void SetUp() override {
        const auto files = sample::makeFixtureBlock("T", 1, 1);
        ASSERT_TRUE(files) << files.error().message;
        ASSERT_TRUE(sample::writeFiles(folder / "T", sample::serialise(*files)));
        const auto alone = convert(nullptr);
        ASSERT_TRUE(alone) << alone.error().message;
        cells = alone->cells;
        ASSERT_TRUE(alone->coverage);
        coverage = *alone->coverage;
    }

    tiles3d::base::Result<BlockResult> convert(const CoveredArea* newer) const {
        static const sources::OsgbRuntime runtime;
        return convertBlock({.name = "city/T",
                             .folder = folder / "T",
                             .root = folder / "T/T.osgb",
                             .origin = kSourceOrigin,
                             .output = folder / "out/T",
                             .newer = newer,
                             .wantsCoverage = true},
                            runtime,
                            xiamen(),
                            {});
    }

    /// All cells from some way west of the block to `share` of its width.
    CoveredArea west(double share) const {
        const glm::ivec2 size = cells.maximum - cells.minimum + 1;
        const CellRange range{
            cells.minimum - 5,
            {cells.minimum.x + static_cast<int>(share * size.x), cells.maximum.y + 5}};
        const glm::ivec2 all = range.maximum - range.minimum + 1;
        CoveredArea area;
        area.add({.range = range, .runs = {0, static_cast<std::uint32_t>(all.x * all.y)}});
        return area;
    }

    std::size_t contents() const {
        std::size_t glbs = 0;
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator(folder / "out" / "T")) {
            glbs += entry.path().extension() == ".glb" ? 1U : 0U;
        }
        return glbs;
    }

    job::TemporaryFolder folder;
    CellRange cells;
    Coverage coverage;
};

TEST_F(SupersededBlock, coverageIsTheGroundThatItShows) {
    std::uint32_t covered = 0;
    for (std::size_t i = 1; i < coverage.runs.size(); i += 2) {
        covered += coverage.runs[i];
    }
    // 100 m x 100 m in cells of 1.699 m x (1.699 m x cos 24.45 degrees).
    EXPECT_NEAR(covered, 10000.0 / (1.699 * 1.547), 80.0);
}

TEST_F(SupersededBlock, nothingLeftIsNoLoss) {
    const CoveredArea area = west(1.2);
    const auto result = convert(&area);
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_TRUE(result->isSuperseded());
    EXPECT_TRUE(result->losses.empty());
    EXPECT_EQ(result->convertedFiles, 10U);
    EXPECT_EQ(result->tiles, 0U);
    EXPECT_EQ(result->cells, cells);
    EXPECT_EQ(result->coverage, Coverage{});
    EXPECT_FALSE(std::filesystem::exists(folder / "out/T"));
}

TEST_F(SupersededBlock, halfLeftIsHalfTheTilesAndNothingInPlaceOfTheOthers) {
    const CoveredArea area = west(0.6);
    const auto result = convert(&area);
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_TRUE(result->hasTiles);
    EXPECT_FALSE(result->isSuperseded());
    EXPECT_TRUE(result->losses.empty());
    EXPECT_EQ(result->convertedFiles, 10U);
    EXPECT_EQ(result->tiles, 9U); // of 1 + 8 + 8
    EXPECT_EQ(contents(), 9U);
    EXPECT_EQ(result->cells, cells);
}

TEST_F(SupersededBlock, aLostFileBesideSupersededOnesIsStillALoss) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "T")) {
        files.push_back(entry.path());
    }
    std::ranges::sort(files);
    std::filesystem::remove(files.back());
    const CoveredArea area = west(0.6);
    const auto result = convert(&area);
    ASSERT_TRUE(result) << result.error().message;
    ASSERT_EQ(result->losses.size(), 1U);
    EXPECT_EQ(result->losses.front().kind, LossKind::Missing);
    EXPECT_EQ(result->tiles, 8U); // its parent stays in its place
}

TEST_F(SupersededBlock, resultComesBackFromTheLedger) {
    const CoveredArea area = west(0.6);
    const auto result = convert(&area);
    ASSERT_TRUE(result) << result.error().message;
    const BlockResult back = blockResultFrom(toJson(*result));
    EXPECT_EQ(back.supersededTriangles, result->supersededTriangles);
    EXPECT_EQ(back.cells, result->cells);
    EXPECT_EQ(back.coverage, result->coverage);
}

} // namespace
} // namespace pipeline::oblique
