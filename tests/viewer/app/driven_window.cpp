#include "tests/viewer/app/driven_window.h"

#include "tests/viewer/app/child_process.h"
#include "tiles3d/base/file.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

namespace tests {

namespace base = tiles3d::base;
using tiles3d::image::Raster;

namespace {

constexpr std::chrono::milliseconds kPoll{40};
constexpr std::array kQuarters = {SyntheticCity::kSouthWest,
                                  SyntheticCity::kSouthEast,
                                  SyntheticCity::kNorthWest,
                                  SyntheticCity::kNorthEast};

std::array<int, 3> pixelAt(const Raster& picture, std::size_t x, std::size_t y) {
    const std::size_t first = (y * picture.width + x) * picture.channels;
    return {std::to_integer<int>(picture.pixels[first]),
            std::to_integer<int>(picture.pixels[first + 1]),
            std::to_integer<int>(picture.pixels[first + 2])};
}

/// What the process has used of the processor so far.
long ticksOf(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string text;
    std::getline(file, text);
    constexpr int kFieldsBefore = 11; // behind the name in brackets
    std::istringstream fields(text.substr(text.rfind(')') + 1));
    std::string skipped;
    for (int i = 0; i < kFieldsBefore; ++i) {
        fields >> skipped;
    }
    long user = 0;
    long system = 0;
    fields >> user >> system;
    return user + system;
}

/// Calls with x and y of each pixel of the part.
template <typename Work>
void forEachPixel(const Raster& picture, const ScreenPart& part, Work work) {
    const auto right = std::min<std::size_t>(picture.width, static_cast<std::size_t>(part.right));
    const auto bottom =
        std::min<std::size_t>(picture.height, static_cast<std::size_t>(part.bottom));
    for (auto y = static_cast<std::size_t>(part.top); y < bottom; ++y) {
        for (auto x = static_cast<std::size_t>(part.left); x < right; ++x) {
            work(x, y);
        }
    }
}

} // namespace

ColourPatch findColour(const Raster& picture, const Colour& colour, const ScreenPart& part) {
    constexpr int kTolerance = 24; // haze, light, JPEG
    std::size_t count = 0;
    std::size_t sumX = 0;
    std::size_t sumY = 0;
    forEachPixel(picture, part, [&](std::size_t x, std::size_t y) {
        const auto pixel = pixelAt(picture, x, y);
        bool isAlike = true;
        for (std::size_t i = 0; i < pixel.size(); ++i) {
            isAlike = isAlike && std::abs(pixel.at(i) - int{colour.at(i)}) <= kTolerance;
        }
        if (isAlike) {
            ++count;
            sumX += x;
            sumY += y;
        }
    });
    if (count == 0) {
        return {};
    }
    return {.pixels = count,
            .middle = {static_cast<int>(sumX / count), static_cast<int>(sumY / count)}};
}

std::size_t differentPixels(const Raster& one, const Raster& other, const ScreenPart& part) {
    if (one.width != other.width || one.height != other.height) {
        return std::size_t{one.width} * one.height;
    }
    std::size_t count = 0;
    forEachPixel(one, part, [&](std::size_t x, std::size_t y) {
        count += pixelAt(one, x, y) == pixelAt(other, x, y) ? 0U : 1U;
    });
    return count;
}

void DrivenWindow::SetUp() {
    auto screen = XDisplay::start(kWidth, kHeight);
    if (!screen) {
        GTEST_SKIP() << screen.error().message;
    }
    screen_ = *std::move(screen);
    SyntheticCity::build().writeTo(city());
    std::filesystem::create_directories(home());
    folder_.write("harbour/city.json", R"({"plane_crs": "EPSG:4548"})");
}

void DrivenWindow::TearDown() {
    if (program_ != 0) {
        endProcess(program_);
    }
}

void DrivenWindow::start(const std::vector<std::string>& arguments, const std::string& title) {
    std::vector<std::string> command = {CITY3D_VIEWER, "--settings", settings().string()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    program_ = startProcess(command,
                            {{"DISPLAY", screen_->name()},
                             {"HOME", home().string()},
                             {"XDG_CONFIG_HOME", (home() / "config").string()},
                             {"XDG_RUNTIME_DIR", home().string()},
                             {"LANG", "C.UTF-8"},
                             {"QT_QPA_PLATFORM", "xcb"}});
    ASSERT_TRUE(waitUntil([&] { return screen_->focus(title); })) << "no window " << title;
}

bool DrivenWindow::isRunning() const {
    return program_ != 0 && !waitForProcess(program_, {});
}

int DrivenWindow::busyPercent() const {
    const auto before = ticksOf(program_);
    std::this_thread::sleep_for(std::chrono::seconds(1));
    constexpr long kPercent = 100;
    return static_cast<int>((ticksOf(program_) - before) * kPercent / sysconf(_SC_CLK_TCK));
}

int DrivenWindow::quit() {
    constexpr std::chrono::seconds kPatience{20};
    screen_->key("Control_L+q");
    const auto code = waitForProcess(program_, kPatience);
    if (code) {
        program_ = 0;
    }
    return code.value_or(-1);
}

bool DrivenWindow::waitUntil(const std::function<bool()>& condition) {
    constexpr std::chrono::seconds kPatience{30};
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) {
            return false;
        }
        std::this_thread::sleep_for(kPoll);
    }
    return true;
}

Raster DrivenWindow::restingPicture() const {
    constexpr std::chrono::milliseconds kRest{300};
    Raster last = screen_->picture();
    waitUntil([&] {
        std::this_thread::sleep_for(kRest);
        Raster next = screen_->picture();
        const bool isSame = next.pixels == last.pixels;
        last = std::move(next);
        return isSame;
    });
    return last;
}

ColourPatch DrivenWindow::find(const Colour& colour) const {
    return findColour(screen_->picture(), colour);
}

bool DrivenWindow::isWholeCityShown() const {
    const Raster picture = screen_->picture();
    return std::ranges::all_of(kQuarters, [&](const Colour& colour) {
        return findColour(picture, colour).pixels > kShownPixels;
    });
}

bool DrivenWindow::isNothingShown() const {
    const Raster picture = screen_->picture();
    return std::ranges::none_of(kQuarters, [&](const Colour& colour) {
        return findColour(picture, colour).pixels > kShownPixels;
    });
}

void DrivenWindow::keep(const std::string& name) const {
    if (const char* folder = std::getenv("CITY3D_WINDOW_SHOTS")) {
        const auto png = tiles3d::image::encode(screen_->picture(),
                                                {.format = tiles3d::image::ImageFormat::Png});
        const std::filesystem::path file = std::filesystem::path(folder) / (name + ".png");
        EXPECT_TRUE(png && base::writeFile(file, png->bytes));
    }
}

base::Json DrivenWindow::settingsJson(const std::string& file) const {
    constexpr std::uint64_t kMostBytes = 1U << 20U;
    const auto text = base::readTextFile(settings() / file, kMostBytes);
    const auto json = text ? base::parseJson(*text) : base::Result<base::Json>(text.error());
    return json ? *json : base::Json();
}

} // namespace tests
