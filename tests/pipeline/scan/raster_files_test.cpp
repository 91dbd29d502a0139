#include "pipeline/scan/raster_files.h"

#include "tests/pipeline/job/temporary_folder.h"
#include "tiles3d/base/file.h"

#include <gtest/gtest.h>

namespace pipeline::scan {
namespace {

class RasterFiles : public testing::Test {
protected:
    void SetUp() override {
        std::filesystem::create_directories(folder / "a/x");
        std::filesystem::create_directories(folder / "b");
        for (const char* name : {"a/1.tif",
                                 "a/2.tif",
                                 "a/2.tfw",
                                 "a/.3.tif",
                                 "a/x/4.tif",
                                 "b/厦门 #5.tif",
                                 "b/6*.tif",
                                 "b/61.tif"}) {
            EXPECT_TRUE(tiles3d::base::writeFile(folder / name, std::string_view("x")));
        }
    }

    std::vector<std::string> found(const std::string& pattern) const {
        const auto files = rasterFiles(folder / pattern);
        std::vector<std::string> names;
        if (files) {
            for (const auto& file : *files) {
                names.push_back(file.lexically_relative(folder.path()).string());
            }
        }
        return names;
    }

    using Names = std::vector<std::string>;
    job::TemporaryFolder folder;
};

TEST_F(RasterFiles, matchNamesAndFolders) {
    EXPECT_EQ(found("a/*.tif"), (Names{"a/1.tif", "a/2.tif"}));
    EXPECT_EQ(found("a/*"), (Names{"a/1.tif", "a/2.tif"})) << "no folders, no companions";
    EXPECT_EQ(found("a/?.tif"), (Names{"a/1.tif", "a/2.tif"}));
    EXPECT_EQ(found("*/?.tif"), (Names{"a/1.tif", "a/2.tif"}));
    EXPECT_EQ(found("a/*/*.t*f"), (Names{"a/x/4.tif"}));
    EXPECT_EQ(found("*/厦*#*.tif"), (Names{"b/厦门 #5.tif"}));
}

TEST_F(RasterFiles, aNameThatIsThereIsNoPattern) {
    EXPECT_EQ(found("b/6*.tif"), (Names{"b/6*.tif"}));
    EXPECT_EQ(found("a/2.tfw"), (Names{"a/2.tfw"}));
}

TEST_F(RasterFiles, nothingIsAnError) {
    for (const char* pattern : {"a/*.img", "c/*.tif", "a/3.tif", "*", "a"}) {
        const auto files = rasterFiles(folder / pattern);
        ASSERT_FALSE(files) << pattern;
        EXPECT_NE(files.error().message.find((folder / pattern).string()), std::string::npos);
    }
}

} // namespace
} // namespace pipeline::scan
