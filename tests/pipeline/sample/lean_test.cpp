#include "pipeline/engine/local_engine.h"
#include "pipeline/job/run_job.h"
#include "pipeline/planning/gdal_runtime.h"
#include "pipeline/sample/block.h"
#include "pipeline/sample/block_textures.h"
#include "pipeline/sample/sample.h"
#include "pipeline/verify/verify.h"
#include "tiles3d/base/file.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <system_error>
#include <vector>

namespace pipeline::sample {
namespace {

namespace fs = std::filesystem;

class Lean : public testing::Test {
protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "city3d_lean.XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
    }
    void TearDown() override {
        std::error_code error;
        fs::remove_all(folder, error);
    }

    const planning::GdalRuntime gdal; // NOLINT: for the tests
    fs::path folder;                  // NOLINT
};

SampleOptions leanCity(int side, std::size_t threads) {
    SampleOptions options = leanSample();
    options.tilesEast = side;
    options.tilesNorth = side;
    options.threads = threads;
    return options;
}

BlockOptions leanBlock() {
    return {.finestLevel = 16, .jpegQuality = 50, .detail = Detail::Lean};
}

std::map<std::string, std::string> contentsOf(const fs::path& folder) {
    std::map<std::string, std::string> contents;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) {
            contents[entry.path().lexically_relative(folder).string()] =
                *tiles3d::base::readTextFile(entry.path());
        }
    }
    return contents;
}

class SilentListener : public job::IJobListener {
public:
    void onMessage(const std::string& /*text*/) override {}
    void onWarning(const std::string& text) override { ADD_FAILURE() << text; }
    void onProgress(const job::Progress& /*progress*/) override {}
};

/// The one geometry of a file of a block of levels that do not split.
const OsgGeometry& onlyGeometry(const BlockFile& file) {
    return file.root.children.front().geometries.front();
}

/// Height of the ground's post at a place; NaN if the mesh has none there.
double postAt(const BlockFile& file, double east, double north) {
    constexpr double kTolerance = 1e-3; // float32 at 1 km
    double lowest = std::nan("");
    for (const glm::vec3& position : onlyGeometry(file).positions) {
        if (std::abs(static_cast<double>(position.x) - east) < kTolerance &&
            std::abs(static_cast<double>(position.y) - north) < kTolerance) {
            lowest = std::fmin(lowest, static_cast<double>(position.z));
        }
    }
    return lowest;
}

TEST_F(Lean, sameBytesForAnyNumberOfThreads) {
    ASSERT_TRUE(writeSample(folder / "one", leanCity(3, 1)));
    ASSERT_TRUE(writeSample(folder / "many", leanCity(3, 4)));
    EXPECT_TRUE(contentsOf(folder / "one") == contentsOf(folder / "many"));
}

TEST_F(Lean, blocksAreSmall) {
    constexpr std::uint64_t kBytesPerBlock = 28'000; // 70,225 of them are below 2 GB
    const auto report = writeSample(folder, leanCity(8, 2));
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->blocks, 64U);
    EXPECT_EQ(report->files, 3 * report->blocks);
    EXPECT_LT(report->bytes, kBytesPerBlock * report->blocks);
}

TEST_F(Lean, companionsAreSmall) {
    constexpr std::uint64_t kMostBytes = 400'000;
    ASSERT_TRUE(writeSample(folder, leanCity(8, 2)));
    std::uint64_t bytes = 0;
    for (const char* companion : {"dem/dem_10m.tif", "dom/dom_10m.tif", "layers/planning.gpkg"}) {
        ASSERT_TRUE(fs::exists(folder / companion)) << companion;
        bytes += fs::file_size(folder / companion);
    }
    EXPECT_LT(bytes, kMostBytes);
}

TEST_F(Lean, blocksKeepTheLawsOfDeliveries) {
    const auto files = makeBlock(StreetPlan(1), 3, 4, leanBlock());
    ASSERT_TRUE(files) << files.error().message;
    const std::vector<std::string> names{
        "Tile_+003_+004.osgb", "Tile_+003_+004_L15_0u.osgb", "Tile_+003_+004_L16_0uu.osgb"};
    ASSERT_EQ(files->size(), names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
        const OsgNode& node = (*files)[i].root;
        EXPECT_EQ((*files)[i].name, names[i]);
        ASSERT_EQ(node.kind, OsgNode::Kind::PagedLod);
        ASSERT_EQ(node.ranges.size(), i + 1 < names.size() ? 2U : 1U);
        EXPECT_TRUE(onlyGeometry((*files)[i]).texture.has_value());
        if (i + 1 < names.size()) {
            EXPECT_EQ(node.ranges[1].file, names[i + 1]);
            // FORMATS.md, section 4: r / P = 2^(15 - L)
            EXPECT_DOUBLE_EQ(node.radius / node.ranges[1].from, i == 0 ? 2.0 : 1.0);
        }
    }
}

TEST_F(Lean, groundOfNeighboursMeets) {
    constexpr std::array<int, 3> kDivisions{4, 4, 6}; // of L14, L15, L16
    constexpr double kSlope = 1.0;                    // steeper than any hill of the sample
    const StreetPlan plan(1);
    const auto west = makeBlock(plan, 2, 3, leanBlock());
    const auto east = makeBlock(plan, 3, 3, leanBlock());
    ASSERT_TRUE(west && east);
    for (std::size_t level = 0; level < kDivisions.size(); ++level) {
        const double step = (kBlockMetres + 2.0 * kOverlapMetres) / kDivisions[level];
        for (int post = 0; post <= kDivisions[level]; ++post) {
            const double north = 3 * kBlockMetres - kOverlapMetres + post * step;
            const double a = postAt((*west)[level], 3 * kBlockMetres + kOverlapMetres, north);
            const double b = postAt((*east)[level], 3 * kBlockMetres - kOverlapMetres, north);
            EXPECT_NEAR(a, b, kSlope * 2.0 * kOverlapMetres) << "level " << 14 + level;
        }
    }
}

TEST_F(Lean, levelsEndBeforeBlocksSplit) {
    SampleOptions options = leanCity(1, 1);
    options.finestLevel = 18;
    const auto report = writeSample(folder / "none", options);
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().message, "finest level 18: it must be from 14 to 17");
    EXPECT_FALSE(fs::exists(folder / "none"));
}

TEST_F(Lean, cityBuildsAndVerifies) {
    const auto sample = writeSample(folder / "delivery", leanCity(3, 2));
    ASSERT_TRUE(sample) << sample.error().message;
    auto project = scan::readProject(sample->project);
    ASSERT_TRUE(project) << project.error().message;
    project->output.chains = scan::Chains::Keep;
    engine::LocalEngine engine({.jobs = 2});
    SilentListener listener;
    const auto report = job::runJob(*project, {.out = folder / "city"}, engine, listener);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_FALSE(report->hasLosses());
    std::uint64_t triangles = 0;
    for (const auto& [level, totals] : report->levels) {
        triangles += totals.triangles;
    }
    EXPECT_EQ(triangles, sample->triangles);
    const auto verified = verify::verifyOutput(folder / "city", {.threads = 2});
    ASSERT_TRUE(verified) << verified.error().message;
    EXPECT_FALSE(verified->hasErrors()) << verify::toText(*verified);
}

} // namespace
} // namespace pipeline::sample
