#include "tests/support/tile_painter.h"

#include "tests/support/silhouette.h"
#include "tests/viewer/stream/synthetic_city.h"
#include "viewer/render/egl_context.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

namespace tests {
namespace {

namespace fs = std::filesystem;

/// The synthetic city on disk; gone after the test. Skips only where EGL gives no context at all.
class Painter : public ::testing::Test {
protected:
    void SetUp() override {
        if (const auto context = viewer::render::EglContext::create(); !context) {
            GTEST_SKIP() << context.error().message;
        }
        folder = fs::temp_directory_path() / ("city3d_painter" + std::to_string(::getpid()));
        SyntheticCity::build().writeTo(folder);
    }
    void TearDown() override {
        if (!folder.empty()) {
            fs::remove_all(folder);
        }
    }

    /// Straight down on the city's middle: a quarter of 100 m is 57.7 pixels wide.
    static Shot lookingDown() {
        viewer::camera::CameraPose pose{.position = SyntheticCity::frame().origin(),
                                        .pitch = tiles3d::geo::Angle::degrees(-90.0)};
        pose.position.heightMetres += 320.0;
        return {pose, {.widthPixels = 200.0, .heightPixels = 200.0}};
    }

    fs::path folder;
};

TEST_F(Painter, drawsExactlyTheTilesItIsTold) {
    auto city = TilesetFolder::open(folder);
    ASSERT_TRUE(city) << city.error().message;
    ASSERT_TRUE(city->attachAll());
    const auto quarters = city->takingOver(0);
    EXPECT_EQ(quarters.size(), 4U); // one of them below an external tileset
    EXPECT_EQ(city->leavesBelow(0).size(), 4U);

    const auto painter = TilePainter::create(*city);
    ASSERT_TRUE(painter) << painter.error().message;
    std::size_t sum = 0;
    for (const std::size_t quarter : quarters) {
        const auto picture = (*painter)->draw({quarter}, lookingDown());
        ASSERT_TRUE(picture) << picture.error().message;
        const Silhouette silhouette(*picture);
        EXPECT_NEAR(static_cast<double>(silhouette.coveredPixels()), 57.7 * 57.7, 60.0);
        sum += silhouette.coveredPixels();
    }
    const auto all = (*painter)->draw(quarters, lookingDown());
    ASSERT_TRUE(all);
    EXPECT_EQ(Silhouette(*all).coveredPixels(), sum); // no pixel twice, none between
    EXPECT_EQ(Silhouette(*all).enclosedBackgroundPixels(), 0U);
}

TEST_F(Painter, newSizeAndForgottenTilesGiveTheSamePicture) {
    auto city = TilesetFolder::open(folder);
    ASSERT_TRUE(city && city->attachAll());
    const auto painter = TilePainter::create(*city);
    ASSERT_TRUE(painter);
    const auto first = (*painter)->draw({0}, lookingDown());
    const auto wide =
        (*painter)->draw({0}, {lookingDown().pose, {.widthPixels = 300.0, .heightPixels = 200.0}});
    (*painter)->forget();
    const auto again = (*painter)->draw({0}, lookingDown());
    ASSERT_TRUE(first && wide && again);
    EXPECT_EQ(wide->width, 300U);
    EXPECT_EQ(Silhouette(*wide).coveredPixels(), Silhouette(*first).coveredPixels());
    EXPECT_EQ(first->pixels, again->pixels);
}

TEST_F(Painter, tileThatCannotBeReadIsAnError) {
    auto city = TilesetFolder::open(folder);
    ASSERT_TRUE(city && city->attachAll());
    fs::remove(folder / SyntheticCity::kSouthWestFile);
    const auto painter = TilePainter::create(*city);
    ASSERT_TRUE(painter);
    EXPECT_FALSE((*painter)->draw(city->takingOver(0), lookingDown()));
    EXPECT_TRUE((*painter)->draw({0}, lookingDown()));
}

} // namespace
} // namespace tests
