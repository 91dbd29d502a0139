#include "pipeline/sources/model_files.h"

#include "tests/pipeline/job/temporary_folder.h"
#include "tiles3d/base/file.h"

#include <gtest/gtest.h>

namespace pipeline::sources {
namespace {

namespace fs = std::filesystem;

std::string broughtNear(std::string_view text) {
    const auto bytes = tiles3d::base::asBytes(text);
    return std::string(tiles3d::base::asText(bringNear({bytes.begin(), bytes.end()}).bytes));
}

TEST(BringNear, leavesNearFilesAlone) {
    for (const char* text : {"",
                             "v",
                             "v 1 2",
                             "v a b c\nv 1 2 3",
                             "v 999 -999 0\r\nv 5e6 0 0\r\n",
                             "# only\nvn 9999 0 0\nvt 5000 1\n"}) {
        EXPECT_EQ(broughtNear(text), text);
    }
}

TEST(BringNear, movesVerticesAndNothingElse) {
    EXPECT_EQ(broughtNear("# v 1 2 3\nv 610000.25 2705000.5 4.75\nvn 0 0 1\nvt 5000 1\n"
                          "v\t610001.25  2704999.5 -4.75 0.5 1 0\r\nv 1 2\nf 1 2 3\n"),
              "# v 1 2 3\nv 0.25 -0.5 -0.25\nvn 0 0 1\nvt 5000 1\n"
              "v 1.25 -1.5 -9.75 0.5 1 0\r\nv 1 2\nf 1 2 3\n");
}

TEST(ModelFiles, staysInItsFolder) {
    const job::TemporaryFolder folder;
    const auto write = [&](const char* name) {
        EXPECT_TRUE(tiles3d::base::makeFolder((folder / name).parent_path()));
        EXPECT_TRUE(tiles3d::base::writeFile(folder / name, std::string_view("12345")));
    };
    write("secret");
    write("m/a");
    write("m/b/c d");
    write("m/secret2");
    fs::create_directory_symlink(folder.path(), folder / "m/up");
    ModelFiles files(folder / "m", 12);
    EXPECT_EQ(files.find("a"), folder / "m/a");
    EXPECT_EQ(files.find("./b/../a"), folder / "m/a");
    EXPECT_EQ(files.find("b\\c d"), folder / "m/b/c d");
    EXPECT_EQ(files.find("b/c%20d"), folder / "m/b/c d");
    EXPECT_EQ(files.find("D:/x/secret2"), folder / "m/secret2") << "beside the model";
    for (const std::string& name : {std::string("../secret"),
                                    std::string("%2e%2e/secret"),
                                    (folder / "secret").string(),
                                    std::string("up/secret"),
                                    std::string("gone"),
                                    std::string(),
                                    std::string("."),
                                    std::string(".."),
                                    std::string("/"),
                                    std::string("b"),
                                    std::string("a\0b", 3)}) {
        EXPECT_FALSE(files.find(name)) << name;
    }
    EXPECT_TRUE(files.asked().contains("gone"));
    EXPECT_TRUE(files.read("a"));
    EXPECT_TRUE(files.read("a")) << "counted once";
    EXPECT_TRUE(files.read("b/c d"));
    EXPECT_EQ(files.bytesRead(), 10U);
    EXPECT_FALSE(files.read("secret2")) << "above the limit";
}

} // namespace
} // namespace pipeline::sources
