#include "viewer/render/video_file.h"

#include "tiles3d/base/file.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace viewer::render {
namespace {

namespace fs = std::filesystem;

constexpr int kWidth = 64;
constexpr int kHeight = 48;

/// A PATH of its own, where `ffmpeg` is what the test makes it.
class VideoFiles : public testing::Test {
protected:
    void SetUp() override {
        folder = fs::temp_directory_path() /
                 fmt::format("city3d video {} {}",
                             ::getpid(),
                             testing::UnitTest::GetInstance()->current_test_info()->name());
        ASSERT_TRUE(tiles3d::base::makeFolder(folder));
        usualPath = std::getenv("PATH");
        ::setenv("PATH", folder.c_str(), 1);
    }
    void TearDown() override {
        ::setenv("PATH", usualPath.c_str(), 1);
        fs::remove_all(folder);
    }

    /// A shell script in ffmpeg's place; its last argument, ${@: -1}, is the file to write.
    void installFfmpeg(const std::string& script) const {
        const fs::path program = folder / "ffmpeg";
        ASSERT_TRUE(tiles3d::base::writeFile(program, "#!/bin/bash\n" + script));
        fs::permissions(program, fs::perms::owner_all);
    }

    std::string messageOf(const std::string& script) const {
        installFfmpeg(script);
        auto video = VideoFile::create(folder / "a.mp4", {kWidth, kHeight});
        if (!video) {
            return video.error().message;
        }
        tiles3d::image::Raster frame{.width = kWidth, .height = kHeight};
        frame.pixels.resize(std::size_t{kWidth} * kHeight * frame.channels);
        tiles3d::base::Status status = tiles3d::base::ok();
        for (int i = 0; status && i < 1000; ++i) {
            status = (*video)->append(frame);
        }
        if (status) {
            status = (*video)->finish();
        }
        return status ? "" : status.error().message;
    }

    fs::path folder;
    std::string usualPath;
};

TEST_F(VideoFiles, missingFfmpegSaysHowToGetIt) {
    const auto video = VideoFile::create(folder / "a.mp4", {kWidth, kHeight});
    ASSERT_FALSE(video);
    EXPECT_NE(video.error().message.find("apt install ffmpeg"), std::string::npos);
    EXPECT_NE(video.error().message.find("--frames"), std::string::npos);
    EXPECT_FALSE(fs::exists(folder / "a.mp4.part"));
}

TEST_F(VideoFiles, wholeOnlyAtTheEnd) {
    EXPECT_EQ(messageOf("file=\"${@: -1:1}\"; exec /bin/cat > \"${file#file:}\""), "");
    EXPECT_EQ(fs::file_size(folder / "a.mp4"), std::uintmax_t{1000} * kWidth * kHeight * 3);
    EXPECT_FALSE(fs::exists(folder / "a.mp4.part"));
}

TEST_F(VideoFiles, failureHasExitCodeAndLastWords) {
    const std::string atOnce = messageOf("echo 'Unknown encoder libx264' >&2; exit 7");
    EXPECT_NE(atOnce.find("exit code 7: Unknown encoder libx264"), std::string::npos) << atOnce;
    const std::string atTheEnd = messageOf("/bin/cat > /dev/null; echo 'disk full' >&2; exit 1");
    EXPECT_NE(atTheEnd.find("exit code 1: disk full"), std::string::npos) << atTheEnd;
    const std::string killed = messageOf("kill -9 $$");
    EXPECT_NE(killed.find("signal 9"), std::string::npos) << killed;
    EXPECT_FALSE(fs::exists(folder / "a.mp4"));
}

TEST_F(VideoFiles, unfinishedVideoIsAbsent) {
    installFfmpeg("file=\"${@: -1:1}\"; exec /bin/cat > \"${file#file:}\"");
    {
        const auto video = VideoFile::create(folder / "a.mp4", {kWidth, kHeight});
        ASSERT_TRUE(video);
    }
    EXPECT_FALSE(fs::exists(folder / "a.mp4"));
    EXPECT_FALSE(fs::exists(folder / "a.mp4.part"));
}

TEST_F(VideoFiles, oddSizesAreRefused) {
    EXPECT_FALSE(VideoFile::create(folder / "a.mp4", {kWidth + 1, kHeight}));
    EXPECT_FALSE(VideoFile::create(folder / "a.mp4", {kWidth, kHeight - 1}));
}

} // namespace
} // namespace viewer::render
