#include "pipeline/sample/terrain_load.h"

#include "pipeline/scan/terrain.h"
#include "tests/pipeline/job/temporary_folder.h"
#include "tiles3d/base/file.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace pipeline::sample {
namespace {

TEST(TerrainLoad, isAProjectWithLandAndSea) {
    const job::TemporaryFolder folder;
    std::size_t parts = 0;
    const auto report = writeTerrainLoad(folder.path(),
                                         {.kilometres = 1.0, .threads = 2},
                                         [&parts](std::size_t done, std::size_t all, const char*) {
                                             EXPECT_EQ(done, ++parts);
                                             EXPECT_EQ(all, 4U + 16U);
                                         });
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->posts, 1000000U);
    EXPECT_EQ(report->texels, 4000000U);
    const auto project = scan::readProject(report->project);
    ASSERT_TRUE(project) << project.error().message;
    const auto catalogue = scan::scanTerrain(*project);
    ASSERT_TRUE(catalogue) << catalogue.error().message;
    ASSERT_EQ(catalogue->dems.size(), 1U);
    ASSERT_EQ(catalogue->orthos.size(), 1U);
    EXPECT_EQ(catalogue->orthos[0].raster.collar, nullptr);
    EXPECT_NEAR(catalogue->dems[0].postMetres, 1.0, 1e-3);
    const auto reader = sources::RasterReader::open(catalogue->dems[0].raster);
    ASSERT_TRUE(reader);
    const auto heights = reader->readHeights({0, 0, 1000, 1000});
    ASSERT_TRUE(heights);
    EXPECT_EQ(std::ranges::min(*heights), 0.0F);
    EXPECT_GT(std::ranges::max(*heights), 30.0F);
}

TEST(TerrainLoad, isTheSameWhateverTheThreads) {
    const job::TemporaryFolder folder;
    for (const std::size_t threads : {1U, 3U}) {
        const auto report = writeTerrainLoad(folder / std::to_string(threads),
                                             {.kilometres = 0.6, .threads = threads});
        ASSERT_TRUE(report) << report.error().message;
    }
    for (const char* name : {"dem/dem_1m.tif", "dom/dom_50cm.tif", "city.json"}) {
        const auto one = tiles3d::base::readFile(folder / "1" / name);
        ASSERT_TRUE(one);
        EXPECT_EQ(*one, *tiles3d::base::readFile(folder / "3" / name)) << name;
    }
}

TEST(TerrainLoad, hasLimits) {
    const job::TemporaryFolder folder;
    EXPECT_FALSE(writeTerrainLoad(folder.path(), {.kilometres = 0.0}));
    EXPECT_FALSE(writeTerrainLoad(folder.path(), {.kilometres = 31.0}));
}

} // namespace
} // namespace pipeline::sample
