// Every known irregularity of a delivery, written on purpose by pipeline/sample/defects.h: what
// must become of it, that nothing is lost without a word, and that the result is sound.

#include "pipeline/sample/defects.h"

#include "building.h"
#include "pipeline/job/ledger.h"
#include "pipeline/verify/verify.h"
#include "temporary_folder.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

namespace pipeline::job {
namespace {

namespace fs = std::filesystem;

/// What the ledger says of each block of one build, by the block's own name.
std::map<std::string, oblique::BlockResult> resultsOf(const fs::path& out) {
    std::map<std::string, oblique::BlockResult> results;
    const auto ledger = Ledger::open(out / ".city3d" / "ledger.sqlite");
    EXPECT_TRUE(ledger);
    const auto read = ledger->forEach([&](const LedgerRow& row) {
        results[fs::path(row.unit).filename().string()] = oblique::blockResultFrom(row.result);
        return tiles3d::base::ok();
    });
    EXPECT_TRUE(read);
    return results;
}

std::set<std::string> kindsOf(const oblique::BlockResult& result) {
    std::set<std::string> kinds;
    for (const oblique::Loss& loss : result.losses) {
        kinds.insert(oblique::toWord(loss.kind));
    }
    return kinds;
}

/// One build of all defective blocks, shared by the tests of this file.
class BlockDefects : public testing::Test {
protected:
    static void SetUpTestSuite() {
        folder = std::make_unique<TemporaryFolder>();
        if (!sample::writeDefects(*folder / "defects")) {
            problem = "the defects cannot be written";
            return;
        }
        const Build one =
            build(*folder / "defects" / "blocks", *folder / "out", {.heightDatum = "egm96"});
        problem = one.report ? "" : one.report.error().message;
        results = resultsOf(*folder / "out");
    }
    /// A failed SetUpTestSuite() would only skip the tests.
    void SetUp() override { ASSERT_EQ(problem, ""); }
    static void TearDownTestSuite() { folder.reset(); }

    static std::unique_ptr<TemporaryFolder> folder;             // NOLINT: gtest's way to share
    static std::string problem;                                 // NOLINT
    static std::map<std::string, oblique::BlockResult> results; // NOLINT
};

std::unique_ptr<TemporaryFolder> BlockDefects::folder;             // NOLINT
std::string BlockDefects::problem;                                 // NOLINT
std::map<std::string, oblique::BlockResult> BlockDefects::results; // NOLINT

TEST_F(BlockDefects, everyOneEndsAsExpected) {
    // Better than the fixture's minimum: without a usable root the rest of the block is kept.
    const std::set<std::string> salvaged{"missing_root", "truncated_root", "empty_root"};
    for (const sample::BlockDefect& defect : sample::blockDefects()) {
        ASSERT_TRUE(results.contains("Tile_" + defect.name)) << defect.name;
        const oblique::BlockResult& result = results.at("Tile_" + defect.name);
        EXPECT_TRUE(result.hasTiles) << defect.name;
        if (salvaged.contains(defect.name)) {
            EXPECT_EQ(result.losses.size(), 1U) << defect.name;
            continue;
        }
        const std::set<std::string> kinds = kindsOf(result);
        const std::set<std::string> expected(defect.losses.begin(), defect.losses.end());
        const bool isSame = kinds == expected || (defect.name == "nan_vertex" &&
                                                  kinds == std::set<std::string>{"empty"});
        EXPECT_TRUE(isSame) << defect.name << ": " << testing::PrintToString(kinds);
        EXPECT_EQ(expected.empty(), result.losses.empty()) << defect.name;
    }
}

TEST_F(BlockDefects, nothingIsLostWithoutAWord) {
    for (const auto& [name, result] : results) {
        std::set<std::string> lost;
        for (const oblique::Loss& loss : result.losses) {
            const bool isInput = loss.kind == oblique::LossKind::Unreadable ||
                                 loss.kind == oblique::LossKind::Empty ||
                                 loss.kind == oblique::LossKind::Orphan;
            if (isInput && loss.file.ends_with(".osgb") &&
                loss.file.find("..") == std::string::npos) {
                lost.insert(loss.file);
            }
            EXPECT_FALSE(loss.reason.empty()) << name;
        }
        EXPECT_EQ(result.convertedFiles + lost.size(), result.inputFiles) << name;
    }
}

TEST_F(BlockDefects, theCityIsSound) {
    const auto verified = verify::verifyOutput(*folder / "out");
    ASSERT_TRUE(verified);
    EXPECT_EQ(verified->errors, 0U) << verify::toText(*verified);
}

TEST_F(BlockDefects, aLostChildOfEightLeavesNoHole) {
    const oblique::BlockResult& intact = results.at("Tile_intact");
    const oblique::BlockResult& one = results.at("Tile_missing_one_of_eight");
    EXPECT_EQ(one.losses.size(), 1U);
    EXPECT_GE(one.tiles, intact.tiles - 2); // the lost child's tiles, no more
    const auto area = [](const oblique::BlockResult& result) {
        return glm::length(result.boxEcef.halfAxes[0]) * glm::length(result.boxEcef.halfAxes[1]);
    };
    EXPECT_NEAR(area(one), area(intact), 0.01 * area(intact));
}

TEST_F(BlockDefects, oneAndFourJobsGiveTheSameBytes) {
    ASSERT_TRUE(build(*folder / "defects" / "blocks",
                      *folder / "again",
                      {.jobs = 4, .heightDatum = "egm96"})
                    .report);
    EXPECT_TRUE(contentsOf(*folder / "out") == contentsOf(*folder / "again"));
}

TEST_F(BlockDefects, noLibraryIsLoadedByANameInAFile) {
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        EXPECT_EQ(line.find("no-library"), std::string::npos);
    }
    EXPECT_TRUE(kindsOf(results.at("Tile_unknown_class")).contains("unreadable"));
}

TEST(DeliveryDefects, eachIsConvertedOrRefusedWithARemedy) {
    const TemporaryFolder folder;
    for (const sample::DeliveryDefect& defect : sample::deliveryDefects()) {
        const fs::path delivery = folder / defect.name;
        ASSERT_TRUE(sample::writeDefectDelivery(delivery, defect)) << defect.name;
        // The compound with the 1985 height is the one whose refusal is about heights.
        const bool isAboutHeights = defect.name == "compound_1985";
        const Build one = build(delivery,
                                folder / ("out_" + defect.name),
                                {.heightDatum = isAboutHeights ? "" : "egm96"});
        const bool isRefused = defect.outcome == sample::Outcome::Refused;
        EXPECT_EQ(static_cast<bool>(one.report), !isRefused) << defect.name;
        if (!one.report) {
            const std::string& message = one.report.error().message;
            const bool namesRemedy = message.find("--") != std::string::npos ||
                                     message.find("expected") != std::string::npos;
            EXPECT_TRUE(namesRemedy) << defect.name << ": " << message;
            EXPECT_FALSE(fs::exists(folder / ("out_" + defect.name) / "tileset.json"));
            continue;
        }
        EXPECT_TRUE(one.report->losses.empty()) << defect.name;
        EXPECT_NEAR(one.report->minimumDegrees.x, 118.09, 0.1) << defect.name;
        EXPECT_NEAR(one.report->minimumDegrees.y, 24.45, 0.1) << defect.name;
    }
}

TEST(DeliveryDefects, nobodySaysWhatHeightsReferTo) {
    const TemporaryFolder folder;
    for (const sample::DeliveryDefect& defect : sample::deliveryDefects()) {
        if (defect.name != "byte_order_mark") {
            continue;
        }
        ASSERT_TRUE(sample::writeDefectDelivery(folder / "delivery", defect));
        const Build one = build(folder / "delivery", folder / "out", {.heightDatum = ""});
        ASSERT_FALSE(one.report);
        EXPECT_NE(one.report.error().message.find("--height-datum"), std::string::npos);
    }
}

} // namespace
} // namespace pipeline::job
