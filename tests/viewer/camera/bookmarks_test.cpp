#include "viewer/camera/bookmarks.h"

#include "tests/pipeline/job/temporary_folder.h"
#include "tiles3d/base/file.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace {

namespace fs = std::filesystem;
using pipeline::job::TemporaryFolder;
using tiles3d::geo::Angle;
using viewer::camera::Bookmark;

Bookmark islandView() {
    return {.name = "鼓浪屿 \"日光岩\"",
            .view = {.pose = {.position = {.longitude = Angle::degrees(118.0637),
                                           .latitude = Angle::degrees(24.4453),
                                           .heightMetres = 212.5},
                              .heading = Angle::degrees(-35.25),
                              .pitch = Angle::degrees(-22.0)},
                     .verticalFov = Angle::degrees(50.0)},
            .note = "第一行\n第二行",
            .thumbnail = "日光岩.png",
            .hidden = {"生态红线", "terrain"}};
}

TEST(Bookmarks, comeBackAsTheyWere) {
    const TemporaryFolder folder;
    const fs::path file = folder / "书签.json";
    ASSERT_TRUE(viewer::camera::writeBookmarks(file, {islandView(), {.name = "空"}}));
    const auto back = viewer::camera::readBookmarks(file);
    ASSERT_TRUE(back) << back.error().message;
    ASSERT_EQ(back->size(), 2U);
    const Bookmark& first = back->front();
    EXPECT_EQ(first.name, islandView().name);
    EXPECT_EQ(first.note, islandView().note);
    EXPECT_EQ(first.thumbnail, "日光岩.png");
    EXPECT_EQ(first.hidden, islandView().hidden);
    EXPECT_NEAR(first.view.pose.position.longitude.degrees(), 118.0637, 1e-12);
    EXPECT_EQ(first.view.pose.position.heightMetres, 212.5);
    EXPECT_NEAR(first.view.verticalFov->degrees(), 50.0, 1e-12);
    EXPECT_FALSE((*back)[1].view.verticalFov);
    EXPECT_FALSE(fs::exists(folder / "书签.json.part"));
}

TEST(Bookmarks, ofABrokenFileSayWhichOne) {
    const TemporaryFolder folder;
    const fs::path file = folder / "b.json";
    const auto errorOf = [&](const std::string& json) {
        EXPECT_TRUE(tiles3d::base::writeFile(file, json));
        const auto read = viewer::camera::readBookmarks(file);
        EXPECT_FALSE(read);
        return read ? std::string() : read.error().message;
    };
    const std::string good = R"({"lon":1,"lat":2,"h":3,"heading":4,"pitch":5})";
    EXPECT_NE(errorOf("{}").find("b.json: \"bookmarks\" is not a list"), std::string::npos);
    EXPECT_NE(errorOf(R"({"bookmarks":[)" + good + ",{}]}").find("bookmark 2: lon"),
              std::string::npos);
    EXPECT_NE(errorOf(R"({"bookmarks":[{"thumbnail":"../x.png",)" + good.substr(1) + "]}")
                  .find("../x.png"),
              std::string::npos);
    EXPECT_FALSE(viewer::camera::readBookmarks(folder / "none.json"));
}

TEST(Bookmarks, areNotWrittenWhereTheyCouldNotBeRead) {
    const TemporaryFolder folder;
    Bookmark broken = islandView();
    broken.thumbnail = "/etc/x.png";
    EXPECT_FALSE(viewer::camera::writeBookmarks(folder / "b.json", {broken}));
    EXPECT_FALSE(fs::exists(folder / "b.json"));
}

} // namespace
