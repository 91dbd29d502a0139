#include "viewer/render/flight_frames.h"

#include "tests/support/must.h"
#include "tests/viewer/render/lean_city.h"
#include "tiles3d/base/file.h"
#include "tiles3d/image/image.h"
#include "viewer/render/offscreen_city.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <memory>

namespace viewer::render {
namespace {

namespace fs = std::filesystem;
using tests::must;
using tiles3d::geo::Angle;
using tiles3d::image::Raster;

constexpr int kWidth = 96;
constexpr int kHeight = 64;

/// Two looks at one place in a third of a second: frames 0 to 3 at 10 frames a second.
camera::FlightPath turn(const camera::CameraPose& start) {
    camera::CameraPose end = start;
    end.heading = Angle::radians(start.heading.radians() + 0.5);
    end.position.heightMetres += 50.0;
    return must(camera::FlightPath::create(
        {{.seconds = 2.0, .view = {.pose = start}}, {.seconds = 2.3, .view = {.pose = end}}}));
}

FlightFrames flightOf(const camera::FlightPath& path) {
    return {.path = path,
            .framesPerSecond = 10.0,
            .view = {.widthPixels = kWidth, .heightPixels = kHeight}};
}

TEST(FrameNumbers, everyFrameWithinThePart) {
    FlightFrames flight = flightOf(turn({}));
    const auto numbersOf = [&flight] {
        const FrameNumbers numbers = must(frameNumbers(flight));
        return std::pair(numbers.first, numbers.last);
    };
    EXPECT_EQ(numbersOf(), std::pair(std::size_t{0}, std::size_t{3}));
    flight.fromSeconds = 2.05;
    EXPECT_EQ(numbersOf(), std::pair(std::size_t{1}, std::size_t{3}));
    flight.fromSeconds = 2.1;
    flight.toSeconds = 2.2;
    EXPECT_EQ(numbersOf(), std::pair(std::size_t{1}, std::size_t{2}));
    flight.fromSeconds = -5.0;
    flight.toSeconds = 99.0;
    EXPECT_EQ(numbersOf(), std::pair(std::size_t{0}, std::size_t{3}));
}

TEST(FrameNumbers, partsWithoutFramesAreRefused) {
    FlightFrames flight = flightOf(turn({}));
    flight.fromSeconds = 2.31;
    EXPECT_FALSE(frameNumbers(flight));
    flight.fromSeconds = 2.11;
    flight.toSeconds = 2.19;
    EXPECT_FALSE(frameNumbers(flight));
    flight = flightOf(turn({}));
    for (const double rate : {0.0, -1.0, 1e9, std::nan("")}) {
        flight.framesPerSecond = rate;
        EXPECT_FALSE(frameNumbers(flight)) << rate;
    }
}

class Film : public tests::LeanCity {
protected:
    void SetUp() override {
        LeanCity::SetUp();
        if (IsSkipped()) {
            return;
        }
        offscreen = must(OffscreenCity::open({.tilesets = {folder().string()}}));
        const PictureView view{.widthPixels = kWidth, .heightPixels = kHeight};
        flight = flightOf(turn(offscreen->fittedPose(view, {})));
        out = fs::temp_directory_path() /
              fmt::format("city3d film {} {}",
                          ::getpid(),
                          testing::UnitTest::GetInstance()->current_test_info()->name());
    }
    void TearDown() override { fs::remove_all(out); }

    tiles3d::base::Result<FramesReport> frames(bool resumes = false) {
        return writeFrames(offscreen->city(), offscreen->canvas(), *flight, {out, resumes});
    }
    tiles3d::base::Result<FramesReport> video(const fs::path& file) {
        return writeVideo(offscreen->city(), offscreen->canvas(), *flight, file);
    }
    Raster frame(int number) const {
        return must(tiles3d::image::decode(
            must(tiles3d::base::readFile(out / fmt::format("frame_{:06}.png", number)))));
    }

    std::unique_ptr<OffscreenCity> offscreen;
    std::optional<FlightFrames> flight;
    fs::path out;
};

TEST_F(Film, framesAreThePicturesOfTheirTimes) {
    const auto report = frames();
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->made, 4U);
    PictureView view = flight->view;
    view.pose = flight->path.poseAt(2.0 + 0.2);
    const fs::path file = out / "alone.png";
    ASSERT_TRUE(savePicture(offscreen->city(), offscreen->canvas(), view, file));
    EXPECT_EQ(must(tiles3d::base::readFile(file)),
              must(tiles3d::base::readFile(out / "frame_000002.png")));
    EXPECT_NE(frame(0).pixels, frame(3).pixels);
}

TEST_F(Film, resumedFilmIsTheSameAndKeepsWhatIsThere) {
    ASSERT_TRUE(frames());
    const auto first = must(tiles3d::base::readFile(out / "frame_000001.png"));
    fs::remove(out / "frame_000001.png");
    ASSERT_TRUE(tiles3d::base::writeFile(out / "frame_000003.png", "half a fra"));
    ASSERT_TRUE(tiles3d::base::writeFile(out / "notes.txt", "mine"));
    const auto report = frames(true);
    ASSERT_TRUE(report);
    EXPECT_EQ(report->made, 2U);
    EXPECT_EQ(report->kept, 2U);
    EXPECT_EQ(must(tiles3d::base::readFile(out / "frame_000001.png")), first);
    EXPECT_EQ(must(frames()).made, 4U);
    EXPECT_TRUE(fs::exists(out / "notes.txt"));
}

TEST_F(Film, framesOfALongerFlightAreRefusedNotRemoved) {
    ASSERT_TRUE(tiles3d::base::makeFolder(out));
    ASSERT_TRUE(tiles3d::base::writeFile(out / "frame_000004.png", "of another flight"));
    const auto report = frames();
    ASSERT_FALSE(report);
    EXPECT_NE(report.error().message.find("frame_000004.png"), std::string::npos);
    EXPECT_TRUE(fs::exists(out / "frame_000004.png"));
}

TEST_F(Film, stoppedFilmLeavesWholeFramesOnly) {
    flight->drawing.keepGoing = [](const PictureProgress& progress) {
        EXPECT_EQ(progress.frames, 4U);
        return progress.framesDone < 2;
    };
    EXPECT_FALSE(frames());
    EXPECT_EQ(std::distance(fs::directory_iterator(out), {}), 2);
    frame(1);
    EXPECT_FALSE(video(out / "film.mp4"));
    EXPECT_EQ(std::distance(fs::directory_iterator(out), {}), 2);
}

double psnr(const Raster& a, const Raster& b) {
    double sum = 0.0;
    for (std::size_t i = 0; i < a.pixels.size(); ++i) {
        sum +=
            std::pow(std::to_integer<int>(a.pixels[i]) - std::to_integer<int>(b.pixels.at(i)), 2);
    }
    return 10.0 * std::log10(255.0 * 255.0 * static_cast<double>(a.pixels.size()) / sum);
}

TEST_F(Film, videoHoldsTheFrames) {
    if (std::system("ffmpeg -version > /dev/null 2>&1") != 0) { // NOLINT(cert-env33-c)
        GTEST_SKIP() << "ffmpeg is not installed";
    }
    ASSERT_TRUE(frames());
    const fs::path file = out / "电影 1.mp4";
    const auto report = video(file);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->made, 4U);
    const std::string back = fmt::format(
        "ffmpeg -loglevel error -i '{0}' '{1}/back_%d.png' && ffprobe -loglevel error -of csv=p=0 "
        "-show_entries stream=codec_name,width,height,pix_fmt,r_frame_rate,nb_frames '{0}' > "
        "'{1}/probe'",
        file.string(),
        out.string());
    ASSERT_EQ(std::system(back.c_str()), 0); // NOLINT(cert-env33-c): fixed words
    EXPECT_EQ(must(tiles3d::base::readTextFile(out / "probe")),
              fmt::format("h264,{},{},yuv420p,10/1,4\n", kWidth, kHeight));
    for (int i = 0; i < 4; ++i) {
        const auto bytes = must(tiles3d::base::readFile(out / fmt::format("back_{}.png", i + 1)));
        EXPECT_GT(psnr(frame(i), must(tiles3d::image::decode(bytes))), 30.0) << i;
    }
}

} // namespace
} // namespace viewer::render
