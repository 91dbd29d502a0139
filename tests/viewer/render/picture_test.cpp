#include "viewer/render/picture.h"

#include "tests/viewer/render/lean_city.h"
#include "tiles3d/base/file.h"
#include "tiles3d/image/image.h"
#include "viewer/render/offscreen_city.h"
#include "viewer/scene/frame_graph.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <memory>

namespace viewer::render {
namespace {

namespace fs = std::filesystem;
using tiles3d::image::Raster;

constexpr int kWidth = 400;
constexpr int kHeight = 300;

class Picture : public tests::LeanCity {
protected:
    void SetUp() override {
        LeanCity::SetUp();
        if (IsSkipped()) {
            return;
        }
        auto opened = OffscreenCity::open({.tilesets = {folder().string()}});
        ASSERT_TRUE(opened) << opened.error().message;
        offscreen = *std::move(opened);
        view = {.widthPixels = kWidth, .heightPixels = kHeight, .maxScreenSpaceErrorPixels = 4.0};
        view.pose = offscreen->fittedPose(view, {.margin = -0.2});
    }

    Raster drawn(const PictureOptions& options) {
        Raster whole{.width = kWidth};
        const auto take = [&whole](const Raster& rows) {
            EXPECT_EQ(rows.width, whole.width);
            whole.height += rows.height;
            whole.pixels.insert(whole.pixels.end(), rows.pixels.begin(), rows.pixels.end());
            return tiles3d::base::ok();
        };
        const auto report =
            drawPicture(offscreen->city(), offscreen->canvas(), view, take, options);
        EXPECT_TRUE(report) << report.error().message;
        EXPECT_EQ(whole.height, std::uint32_t{kHeight});
        return whole;
    }

    std::unique_ptr<OffscreenCity> offscreen;
    PictureView view;
};

/// Pixels with a channel that differs by more than that many levels.
std::size_t differingPixels(const Raster& a, const Raster& b, int levels) {
    std::size_t differing = 0;
    for (std::size_t pixel = 0; pixel < a.pixels.size(); pixel += a.channels) {
        int most = 0;
        for (std::size_t i = pixel; i < pixel + a.channels; ++i) {
            most = std::max(
                most,
                std::abs(std::to_integer<int>(a.pixels[i]) - std::to_integer<int>(b.pixels[i])));
        }
        differing += most > levels ? 1U : 0U;
    }
    return differing;
}

TEST_F(Picture, partsAgreeWithOnePiece) {
    const Raster whole = drawn({});
    const Raster parts = drawn({.mostPartPixels = 128}); // 4 x 3
    ASSERT_EQ(whole.pixels.size(), parts.pixels.size());
    const std::size_t any = differingPixels(whole, parts, 0);
    const std::size_t more = differingPixels(whole, parts, 1);
    fmt::print("of {} pixels {} differ, {} by more than one level\n", kWidth * kHeight, any, more);
    EXPECT_LE(more, std::size_t{kWidth * kHeight / 1000});
}

TEST_F(Picture, shadowsAndHazeCrossTheSeams) {
    scene::FrameLook look;
    look.light.toSun = {-0.77F, 0.0F, 0.64F};
    look.shadows.emplace();
    look.haze.emplace();
    const Raster plain = drawn({});
    offscreen->city().frame().setLook(look);
    const Raster whole = drawn({});
    const Raster parts = drawn({.mostPartPixels = 128});
    EXPECT_GT(differingPixels(plain, whole, 20), std::size_t{kWidth * kHeight / 200});
    EXPECT_LE(differingPixels(whole, parts, 1), std::size_t{kWidth * kHeight / 1000});
}

TEST_F(Picture, sameTilesInPartsAndInOnePiece) {
    const auto report = [&](int mostPartPixels) {
        const auto drawn = drawPicture(offscreen->city(),
                                       offscreen->canvas(),
                                       view,
                                       [](const Raster&) { return tiles3d::base::ok(); },
                                       {.mostPartPixels = mostPartPixels});
        EXPECT_TRUE(drawn);
        return *drawn;
    };
    const std::size_t whole = report(2048).drawnTiles;
    const std::size_t parts = report(128).drawnTiles;
    EXPECT_GT(whole, 5U);
    // A view's bounds are taken generously: those of parts sum up to a little more or less.
    EXPECT_NEAR(static_cast<double>(parts), static_cast<double>(whole), 2.0);
}

TEST_F(Picture, stoppedPictureIsAbsent) {
    std::size_t asked = 0;
    const fs::path file = folder() / "stopped.png";
    const auto report =
        savePicture(offscreen->city(),
                    offscreen->canvas(),
                    view,
                    file,
                    {.mostPartPixels = 128, .keepGoing = [&asked](const PictureProgress& progress) {
                         ++asked;
                         EXPECT_EQ(progress.parts, 12U);
                         return progress.partsDone < 5;
                     }});
    EXPECT_FALSE(report);
    EXPECT_GE(asked, 6U);
    EXPECT_FALSE(fs::exists(file));
    EXPECT_FALSE(fs::exists(fs::path(file) += ".part"));
}

TEST_F(Picture, fileHoldsTheRows) {
    const fs::path file = folder() / "whole.png";
    ASSERT_TRUE(savePicture(offscreen->city(), offscreen->canvas(), view, file));
    const auto bytes = tiles3d::base::readFile(file);
    ASSERT_TRUE(bytes);
    const auto decoded = tiles3d::image::decode(*bytes);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->pixels, drawn({}).pixels);
}

TEST_F(Picture, frameHasItsOldSizeAfterwards) {
    offscreen->city().frame().resize({64, 48, 1});
    drawn({.mostPartPixels = 128});
    EXPECT_EQ(offscreen->city().frame().size().widthPixels, 64);
    EXPECT_EQ(offscreen->city().frame().size().supersampling, 1);
}

} // namespace
} // namespace viewer::render
