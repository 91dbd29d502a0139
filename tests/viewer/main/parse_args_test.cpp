#include "viewer/main/parse_args.h"

#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

namespace {

using viewer::main::parseArgs;
using viewer::main::PrintCommand;
using viewer::main::ViewCommand;
using viewer::render::ShownLayers;

ViewCommand parsed(const std::vector<std::string>& args) {
    const auto command = parseArgs(args);
    if (!command) {
        ADD_FAILURE() << command.error().message;
        return {};
    }
    return std::get<ViewCommand>(*command);
}

TEST(ViewerArgs, windowByDefault) {
    const ViewCommand command = parsed({"out"});
    ASSERT_EQ(command.view.tilesets.size(), 1U);
    EXPECT_EQ(command.view.tilesets.front().location, "out");
    EXPECT_FALSE(command.picture);
    EXPECT_FALSE(command.view.pose);
    EXPECT_FALSE(command.widthPixels);
    EXPECT_DOUBLE_EQ(command.pitch.degrees(), -35.0);
}

TEST(ViewerArgs, pictureWithCameraAndLayers) {
    const ViewCommand command = parsed({"out",
                                        "--render",
                                        "a.png",
                                        "--size",
                                        "640x480",
                                        "--camera",
                                        "118.08,24.45,-3.5,400,-90",
                                        "--sse",
                                        "4",
                                        "--layers",
                                        "红线.shp",
                                        "b.gpkg",
                                        "--layers-crs",
                                        "EPSG:4548",
                                        "--json"});
    EXPECT_EQ(command.picture, "a.png");
    EXPECT_EQ(command.widthPixels, 640);
    EXPECT_EQ(command.heightPixels, 480);
    ASSERT_TRUE(command.view.pose);
    EXPECT_DOUBLE_EQ(command.view.pose->position.longitude.degrees(), 118.08);
    EXPECT_DOUBLE_EQ(command.view.pose->position.heightMetres, -3.5);
    EXPECT_DOUBLE_EQ(command.view.pose->heading.degrees(), 400.0);
    EXPECT_EQ(
        command.view.layers,
        (std::vector<ShownLayers>{{"红线.shp", "EPSG:4548", {}}, {"b.gpkg", "EPSG:4548", {}}}));
    EXPECT_DOUBLE_EQ(command.maxScreenSpaceErrorPixels, 4.0);
    EXPECT_TRUE(command.asJson);
}

TEST(ViewerArgs, severalTilesetsInTheLightOfADate) {
    const ViewCommand command = parsed({"out",
                                        "https://host/a b/tileset.json",
                                        "c.3tz",
                                        "--date",
                                        "2026-06-21T15:00+08:00",
                                        "--shadows",
                                        "--no-haze"});
    EXPECT_EQ(command.view.tilesets.size(), 3U);
    EXPECT_EQ(command.view.date, "2026-06-21T15:00+08:00");
    EXPECT_TRUE(command.view.hasShadows);
    EXPECT_FALSE(command.view.hasHaze);
    EXPECT_TRUE(parsed({"out", "--haze"}).view.hasHaze);
    EXPECT_TRUE(parsed({"out"}).view.hasHaze);
}

TEST(ViewerArgs, flightAsFrames) {
    const ViewCommand command = parsed({"out",
                                        "--path",
                                        "flight.json",
                                        "--frames",
                                        "folder",
                                        "--fps",
                                        "25",
                                        "--from",
                                        "1.5",
                                        "--resume"});
    ASSERT_TRUE(command.flight);
    EXPECT_EQ(command.flight->path, "flight.json");
    EXPECT_EQ(command.flight->frames, "folder");
    EXPECT_FALSE(command.flight->video);
    EXPECT_DOUBLE_EQ(command.flight->framesPerSecond, 25.0);
    EXPECT_EQ(command.flight->fromSeconds, 1.5);
    EXPECT_FALSE(command.flight->toSeconds);
    EXPECT_TRUE(command.flight->resumes);
    EXPECT_FALSE(command.widthPixels);
}

TEST(ViewerArgs, windowMayBeginWithoutACity) {
    const ViewCommand command = parsed({"--settings", "folder", "--lang", "zh_CN"});
    EXPECT_TRUE(command.view.tilesets.empty());
    EXPECT_EQ(command.settingsFolder, "folder");
    EXPECT_EQ(command.language, "zh_CN");
}

TEST(ViewerArgs, commandLineComesOnTopOfAViewFile) {
    const tests::TemporaryFolder folder;
    viewer::render::ViewFile saved{.tilesets = {{"/city"}}, .date = "2026-06-21T15:00+08:00"};
    saved.pose.emplace().position.heightMetres = 5.0;
    const std::string file = (folder.path() / "视图.json").string();
    ASSERT_TRUE(viewer::render::writeViewFile(file, saved));
    const auto view = viewer::main::completeView(
        parsed({"/plan", "--view", file, "--render", "a.png", "--no-haze"}));
    ASSERT_TRUE(view) << view.error().message;
    EXPECT_EQ(view->tilesets.size(), 2U);
    EXPECT_EQ(view->date, saved.date);
    EXPECT_FALSE(view->hasHaze);
    ASSERT_TRUE(view->pose);
    EXPECT_DOUBLE_EQ(view->pose->position.heightMetres, 5.0);
    EXPECT_FALSE(viewer::main::completeView(parsed({"--view", "/none.json"})));
}

TEST(ViewerArgs, refusesNonsense) {
    const std::vector<std::vector<std::string>> wrong = {
        {"--render", "a.png"},
        {"--path", "a.json", "--frames", "b"},
        {"--lang", "fr"},
        {"out", "--size", "1920"},
        {"out", "--size", "0x10"},
        {"out", "--size", "1920x1080x3"},
        {"out", "--size", "99999x99999"},
        {"out", "--camera", "1,2,3,4"},
        {"out", "--camera", "1,2,3,4,5,6"},
        {"out", "--camera", "1,2,3,4,x"},
        {"out", "--camera", "1,2,nan,4,5"},
        {"out", "--camera", "1,95,3,4,5"},
        {"out", "--camera", "1,2,3,4,5", "--fit"},
        {"out", "--sse", "0"},
        {"out", "--fovy", "180"},
        {"out", "--bogus"},
        {"out", "--path", "a.json"},
        {"out", "--frames", "b"},
        {"out", "--path", "a.json", "--frames", "b", "--video", "c.mp4"},
        {"out", "--path", "a.json", "--video", "c.mp4", "--resume"},
        {"out", "--path", "a.json", "--frames", "b", "--render", "d.png"},
        {"out", "--path", "a.json", "--frames", "b", "--fps", "0"},
        {"out", "--date", "2026-06-21"},
    };
    for (const auto& args : wrong) {
        EXPECT_FALSE(parseArgs(args)) << (args.empty() ? "nothing" : args.back());
    }
}

TEST(ViewerArgs, helpAndVersionArePrinted) {
    for (const char* flag : {"--help", "--version"}) {
        const auto command = parseArgs({flag});
        ASSERT_TRUE(command);
        EXPECT_TRUE(std::holds_alternative<PrintCommand>(*command));
    }
}

} // namespace
