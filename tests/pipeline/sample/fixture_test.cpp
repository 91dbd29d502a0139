#include "pipeline/sample/fixture.h"

#include "tests/pipeline/job/temporary_folder.h"
#include "tiles3d/base/file.h"

#include <gtest/gtest.h>

namespace pipeline::sample {
namespace {

TEST(Fixture, isABlockOfThreeLevels) {
    const auto files = makeFixtureBlock("T", 2, 3);
    ASSERT_TRUE(files) << files.error().message;
    ASSERT_EQ(files->size(), 10U);
    EXPECT_EQ(files->front().name, "T.osgb");
    EXPECT_EQ((*files)[1].name, "T_L15_0u.osgb");
    EXPECT_EQ(files->back().name, "T_L16_0u7.osgb");
    // FORMATS: radius / range = 2^(15 - L) metres per half pixel: 2 r / P = 4 m at L14.
    const OsgNode& root = files->front().root;
    EXPECT_DOUBLE_EQ(root.radius / root.ranges.back().from, 2.0);
}

TEST(Fixture, sameSeedSameBytes) {
    const auto bytes = [](std::uint64_t seed) {
        return serialise(*makeFixtureBlock("T", 0, 1, seed));
    };
    EXPECT_EQ(bytes(1), bytes(1));
    EXPECT_NE(bytes(1), bytes(2));
}

TEST(Fixture, neighboursMeet) {
    auto west = makeFixtureBlock("W", 1, 1);
    auto east = makeFixtureBlock("E", 2, 1);
    ASSERT_TRUE(west && east);
    float last = -1e9F;
    float first = 1e9F;
    for (const glm::vec3& p : geometryOf((*west)[0]).positions) {
        last = std::max(last, p.x);
    }
    for (const glm::vec3& p : geometryOf((*east)[0]).positions) {
        first = std::min(first, p.x);
    }
    EXPECT_NEAR(last - first, 0.2, 0.01); // FORMATS: meshes overlap the tile edge by 0.1 m
}

TEST(Fixture, filesAreWrittenIntoAFolderThatIsMade) {
    const job::TemporaryFolder folder;
    const FileSet files{{"a.osgb", tiles3d::base::Bytes(3)}, {"b.osgb", {}}};
    ASSERT_TRUE(writeFiles(folder / "x/y", files));
    EXPECT_EQ(tiles3d::base::readFile(folder / "x/y/a.osgb")->size(), 3U);
    ASSERT_TRUE(tiles3d::base::writeFile(folder / "file", std::string_view("in the way")));
    EXPECT_FALSE(writeFiles(folder / "file/x", files));
}

} // namespace
} // namespace pipeline::sample
