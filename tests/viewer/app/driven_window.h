#pragma once

#include "tests/support/temporary_folder.h"
#include "tests/viewer/app/x_display.h"
#include "tests/viewer/stream/synthetic_city.h"
#include "tiles3d/base/json.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tests {

/// Where a colour is on the screen.
struct ColourPatch {
    std::size_t pixels = 0;
    ScreenPoint middle;
};

/// A test that uses the program as a person does: a screen, a home and a synthetic city of its own,
/// mouse and keys. Skips where there is no Xvfb. With CITY3D_WINDOW_SHOTS=FOLDER in the environment
/// the screens that a test names are kept there.
class DrivenWindow : public ::testing::Test {
protected:
    static constexpr int kWidth = 1280;
    static constexpr int kHeight = 900;

    void SetUp() override;
    void TearDown() override;

    const XDisplay& screen() const { return *screen_; }
    std::filesystem::path home() const { return folder_.path() / "home"; }
    /// Holds tileset.json, and city.json with a plane CRS.
    std::filesystem::path city() const { return folder_.path() / "harbour"; }
    const TemporaryFolder& folder() const { return folder_; }
    /// What the program has written into its settings.
    tiles3d::base::Json settingsJson(const std::string& file) const;
    std::filesystem::path settings() const { return home() / "settings"; }

    /// Starts the program and waits for its window to have that title.
    void start(const std::vector<std::string>& arguments, const std::string& title);
    bool isRunning() const;
    /// Of the processor, over a second; 100 is one core.
    int busyPercent() const;
    /// Ctrl+Q, and the exit code; -1 if it does not end.
    int quit();

    /// False if that has not come true in half a minute.
    static bool waitUntil(const std::function<bool()>& condition);
    /// Two pictures in a row are alike; returns the last one.
    tiles3d::image::Raster restingPicture() const;

    ColourPatch find(const Colour& colour) const;
    bool isShown(const Colour& colour) const { return find(colour).pixels > kShownPixels; }
    bool isWholeCityShown() const;
    bool isNothingShown() const;
    void keep(const std::string& name) const;

private:
    static constexpr std::size_t kShownPixels = 300;

    TemporaryFolder folder_;
    std::unique_ptr<XDisplay> screen_;
    pid_t program_ = 0;
};

/// Of pixels that are nearly of that colour, within the columns and rows given.
struct ScreenPart {
    int left = 0;
    int top = 0;
    int right = 1 << 20;
    int bottom = 1 << 20;
};
ColourPatch findColour(const tiles3d::image::Raster& picture,
                       const Colour& colour,
                       const ScreenPart& part = {});

/// Of pixels that differ; all where the sizes do.
std::size_t differentPixels(const tiles3d::image::Raster& one,
                            const tiles3d::image::Raster& other,
                            const ScreenPart& part = {});

} // namespace tests
