#include "viewer/render/view_file.h"

#include "tiles3d/base/file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace viewer::render {
namespace {

namespace fs = std::filesystem;
using tiles3d::base::parseJson;
using tiles3d::geo::Angle;

ViewFile someView() {
    ViewFile view;
    view.tilesets = {{"/数据/城市", true, 1.0F}, {"https://tiles.example/a?key=1", false, 0.25F}};
    view.layers = {{"/数据/红线.shp", "EPSG:4548", {{"红线", 0.0F}, {"other", 0.5F}}}};
    view.pose = camera::CameraPose{.position = {.longitude = Angle::degrees(118.125),
                                                .latitude = Angle::degrees(24.5),
                                                .heightMetres = 300.25},
                                   .heading = Angle::degrees(45.0),
                                   .pitch = Angle::degrees(-30.0)};
    view.date = "2026-06-21T15:00+08:00";
    view.hasShadows = true;
    view.hasHaze = false;
    return view;
}

class ViewFiles : public ::testing::Test {
protected:
    void SetUp() override {
        folder = fs::temp_directory_path() / ("city3d 视图 " + std::to_string(::getpid()));
        fs::create_directories(folder);
    }
    void TearDown() override { fs::remove_all(folder); }

    fs::path folder;
};

TEST_F(ViewFiles, readsBackWhatWasWritten) {
    const ViewFile view = someView();
    ASSERT_TRUE(writeViewFile(folder / "a.json", view));
    const auto read = readViewFile(folder / "a.json");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(toJson(*read).dump(), toJson(view).dump());
    EXPECT_EQ(read->tilesets, view.tilesets);
    EXPECT_EQ(read->layers, view.layers);
    EXPECT_NEAR(read->pose->position.longitude.degrees(), 118.125, 1e-12);
}

TEST_F(ViewFiles, relativePathsStartAtTheFilesFolder) {
    ASSERT_TRUE(tiles3d::base::writeFile(
        folder / "a.json",
        std::string(R"({"tilesets":[{"path":"city"},{"path":"http://a/b"}],)"
                    R"("layers":[{"path":"../x.shp"}]})")));
    const auto read = readViewFile(folder / "a.json");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->tilesets[0].location, (folder / "city").string());
    EXPECT_EQ(read->tilesets[1].location, "http://a/b");
    EXPECT_EQ(read->layers[0].file, (folder.parent_path() / "x.shp").string());
    EXPECT_FALSE(read->pose);
    EXPECT_TRUE(read->hasHaze);
}

TEST_F(ViewFiles, pathsBelowTheFileMoveWithItsFolder) {
    ViewFile view;
    view.tilesets = {
        {(folder / "城市/tileset.json").string()}, {"/elsewhere/city"}, {"http://a/b"}};
    view.layers = {{(folder / "红线.shp").string()}, {(folder.parent_path() / "x.shp").string()}};
    view.styles = (folder / "styles.json").string();
    ASSERT_TRUE(writeViewFile(folder / "a.json", view));
    const fs::path moved = folder / "moved";
    fs::create_directories(moved);
    fs::rename(folder / "a.json", moved / "a.json");
    const auto read = readViewFile(moved / "a.json");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->tilesets[0].location, (moved / "城市/tileset.json").string());
    EXPECT_EQ(read->tilesets[1].location, "/elsewhere/city");
    EXPECT_EQ(read->tilesets[2].location, "http://a/b");
    EXPECT_EQ(read->layers[0].file, (moved / "红线.shp").string());
    EXPECT_EQ(read->layers[1].file, view.layers[1].file);
    EXPECT_EQ(read->styles, (moved / "styles.json").string());
}

TEST_F(ViewFiles, messagesNameFileMemberAndValue) {
    ASSERT_TRUE(
        tiles3d::base::writeFile(folder / "bad.json", std::string(R"({"tilesets":[{"path":7}]})")));
    const auto read = readViewFile(folder / "bad.json");
    ASSERT_FALSE(read);
    for (const char* part : {"bad.json", "tilesets[0]", "path", "7"}) {
        EXPECT_NE(read.error().message.find(part), std::string::npos) << read.error().message;
    }
}

TEST(ViewFileFrom, refusesWhatIsOutOfRange) {
    for (const char* text : {"[]",
                             R"({"tilesets":{}})",
                             R"({"tilesets":[{"path":"a","opacity":2}]})",
                             R"({"layers":[{"path":"a","opacities":{"b":"c"}}]})",
                             R"({"layers":[{}]})",
                             R"({"camera":{"lon":118,"lat":24,"h":1,"heading":0}})",
                             R"({"camera":{"lon":118,"lat":95,"h":1,"heading":0,"pitch":0}})"}) {
        const auto json = parseJson(text);
        ASSERT_TRUE(json) << text;
        EXPECT_FALSE(viewFileFrom(*json)) << text;
    }
}

} // namespace
} // namespace viewer::render
