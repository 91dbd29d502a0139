#include "tiles3d/image/png_file.h"

#include "tiles3d/base/file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <random>

namespace tiles3d::image {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kWidth = 301;
constexpr std::uint32_t kHeight = 97;

Raster noise() {
    Raster raster{.width = kWidth, .height = kHeight};
    std::mt19937 random(7);
    for (std::size_t i = 0; i < std::size_t{kWidth} * kHeight * raster.channels; ++i) {
        raster.pixels.push_back(static_cast<std::byte>(random()));
    }
    return raster;
}

Raster rowsOf(const Raster& raster, std::uint32_t first, std::uint32_t count) {
    const auto at = [&](std::uint32_t row) {
        return raster.pixels.begin() + std::ptrdiff_t{row} * raster.width * raster.channels;
    };
    return {.width = raster.width, .height = count, .pixels = {at(first), at(first + count)}};
}

class PngFiles : public testing::Test {
protected:
    void SetUp() override {
        const auto* test = testing::UnitTest::GetInstance()->current_test_info();
        folder =
            fs::temp_directory_path() / ("city3d png " + std::to_string(::getpid()) + test->name());
        ASSERT_TRUE(base::makeFolder(folder));
    }
    void TearDown() override { fs::remove_all(folder); }

    base::Bytes written(std::uint32_t rowsPerBand) const {
        const Raster raster = noise();
        const fs::path file = folder / "图.png";
        auto png = PngFile::create(file, kWidth, kHeight);
        EXPECT_TRUE(png) << png.error().message;
        for (std::uint32_t row = 0; row < kHeight; row += rowsPerBand) {
            EXPECT_TRUE((*png)->append(rowsOf(raster, row, std::min(rowsPerBand, kHeight - row))));
        }
        EXPECT_TRUE((*png)->finish());
        const auto bytes = base::readFile(file);
        EXPECT_TRUE(bytes);
        return *bytes;
    }

    bool isEmpty() const { return fs::directory_iterator(folder) == fs::directory_iterator(); }

    fs::path folder;
};

TEST_F(PngFiles, bandsComeBackAsOnePicture) {
    const base::Bytes whole = written(kHeight);
    const auto decoded = decode(whole);
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_EQ(decoded->pixels, noise().pixels);
    EXPECT_EQ(written(1), whole);
    EXPECT_EQ(written(10), whole);
}

TEST_F(PngFiles, unfinishedFileIsAbsent) {
    {
        auto png = PngFile::create(folder / "a.png", kWidth, kHeight);
        ASSERT_TRUE(png);
        EXPECT_TRUE((*png)->append(rowsOf(noise(), 0, 10)));
        EXPECT_FALSE(isEmpty());
        EXPECT_FALSE(fs::exists(folder / "a.png"));
    }
    EXPECT_TRUE(isEmpty());
}

TEST_F(PngFiles, fullDiskIsAnError) {
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    auto* const handler = std::signal(SIGXFSZ, SIG_IGN); // EFBIG instead, as a full device ENOSPC
    const rlimit few{1000, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &few), 0);
    auto png = PngFile::create(folder / "a.png", kWidth, kHeight);
    ASSERT_TRUE(png);
    base::Status status = (*png)->append(noise());
    if (status) {
        status = (*png)->finish();
    }
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    std::signal(SIGXFSZ, handler);
    ASSERT_FALSE(status);
    EXPECT_NE(status.error().message.find("a.png"), std::string::npos);
    png->reset();
    EXPECT_TRUE(isEmpty());
}

TEST_F(PngFiles, refusesWhatCannotBe) {
    EXPECT_FALSE(PngFile::create(folder / "none" / "a.png", 1, 1));
    EXPECT_FALSE(PngFile::create(folder / "a.png", 0, 1));
    EXPECT_FALSE(PngFile::create(folder / "a.png", 1, 1'000'001));
    EXPECT_TRUE(isEmpty());
}

} // namespace
} // namespace tiles3d::image
