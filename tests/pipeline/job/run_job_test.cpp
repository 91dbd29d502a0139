#include "pipeline/job/run_job.h"

#include "pipeline/engine/local_engine.h"
#include "tiles3d/base/file.h"
#include "tiles3d/gltf/glb.h"
#include "tiles3d/tileset/tileset_io.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

namespace pipeline::job {
namespace {

namespace fs = std::filesystem;

const fs::path kZhongshan = fs::path(CITY3D_DATA) / "oblique_zhongshan";

class Quiet : public IJobListener {
public:
    void onMessage(const std::string& text) override { messages.push_back(text); }
    void onWarning(const std::string& text) override { warnings.push_back(text); }
    void onProgress(const Progress& /*progress*/) override {}

    std::vector<std::string> messages;
    std::vector<std::string> warnings;
};

/// A folder that is gone after the test.
class TemporaryFolder {
public:
    TemporaryFolder() {
        std::string pattern = (fs::temp_directory_path() / "city3d_job.XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code error;
        fs::remove_all(path_, error);
    }
    fs::path operator/(const std::string& name) const { return path_ / name; }

private:
    fs::path path_;
};

struct Build {
    tiles3d::base::Result<BuildReport> report;
    std::vector<std::string> messages;
    std::vector<std::string> warnings;
};

Build build(const fs::path& delivery,
            const fs::path& out,
            std::size_t jobs,
            scan::Geometry geometry = scan::Geometry::Draco) {
    Quiet listener;
    scan::CityProject project = scan::projectForDelivery(delivery);
    project.output.geometry = geometry;
    engine::LocalEngine engine({.jobs = jobs});
    auto report =
        runJob(project, {.out = out, .scan = {.heightDatum = "ellipsoidal"}}, engine, listener);
    return {std::move(report), listener.messages, listener.warnings};
}

/// Every file below `folder` but the reports, which hold times.
std::map<std::string, std::string> contentsOf(const fs::path& folder) {
    std::map<std::string, std::string> contents;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const std::string name = entry.path().lexically_relative(folder).string();
        if (entry.is_regular_file() && !name.starts_with("report.")) {
            contents[name] = *tiles3d::base::readTextFile(entry.path());
        }
    }
    return contents;
}

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
    const Build one = build(kZhongshan, folder / "out", 2);
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
    const Build one = build(kZhongshan, folder / "out", 2);
    ASSERT_TRUE(one.report);
    // FORMATS: error(L) = 2^(20 - L) metres; L19's children are missing, so its tiles are leaves.
    for (const auto& [level, totals] : one.report->levels) {
        EXPECT_NEAR(totals.geometricErrorMetres, level == 19 ? 0.0 : std::exp2(20 - level), 1e-4)
            << "L" << level;
        EXPECT_NEAR(totals.metresPerPixel, std::exp2(16 - level), 1e-4) << "L" << level;
    }
    EXPECT_EQ(one.report->levels.size(), 6U);
}

TEST_F(Zhongshan, oneAndTwoJobsGiveTheSameBytes) {
    ASSERT_TRUE(build(kZhongshan, folder / "one", 1).report);
    ASSERT_TRUE(build(kZhongshan, folder / "two", 2).report);
    const auto one = contentsOf(folder / "one");
    const auto two = contentsOf(folder / "two");
    ASSERT_EQ(one.size(), two.size());
    for (const auto& [name, bytes] : one) {
        EXPECT_TRUE(two.contains(name) && two.at(name) == bytes) << name;
    }
}

TEST_F(Zhongshan, secondBuildHasNothingToDo) {
    ASSERT_TRUE(build(kZhongshan, folder / "out", 2).report);
    const auto before = contentsOf(folder / "out");
    const Build again = build(kZhongshan, folder / "out", 2);
    ASSERT_TRUE(again.report);
    EXPECT_EQ(again.report->unitsDoneNow, 0U);
    EXPECT_TRUE(contentsOf(folder / "out") == before);
}

TEST_F(Zhongshan, theLyingCodeIsSaid) {
    const Build one = build(kZhongshan, folder / "out", 1);
    ASSERT_TRUE(one.report);
    ASSERT_FALSE(one.warnings.empty());
    EXPECT_NE(one.warnings.front().find("EPSG:4547"), std::string::npos);
    // Near Zhongshan: 113.38 E, 22.5 N; trusting the code would give 114.0 E.
    EXPECT_NEAR(one.report->minimumDegrees.x, 113.3805, 0.001);
    EXPECT_NEAR(one.report->minimumDegrees.y, 22.5064, 0.001);
}

} // namespace
} // namespace pipeline::job
