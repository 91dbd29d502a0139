// What a viewer must load of a built city until nothing is missing, by the camera's height.
//   bench_loading CITY
// CITY is the output folder of `city3d build`. Cameras 500 m, 2 km, 10 km and 40 km above the
// city's middle that look straight down, and as high and as far south of it that look 45 degrees
// down at it; 1280 x 720 pixels, 60 degrees high, 16 pixels of error. One cold start per camera:
// the selection is asked, its most urgent wish is loaded, and so on until it is complete. Nothing
// is decoded or drawn; bytes are file sizes, and a request is a file.
// "First paint" is what has been loaded when the first content can be drawn.

#include "tests/support/must.h"
#include "tests/support/tileset_folder.h"
#include "tiles3d/geo/angle.h"
#include "tiles3d/select/select.h"
#include "viewer/camera/camera_pose.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

namespace {

namespace camera = viewer::camera;
namespace select = tiles3d::select;
using tests::must;
using tests::TilesetFolder;

constexpr select::Options kQuality{
    .maxScreenSpaceErrorPixels = 16.0, .preloadAncestors = false, .preloadSiblings = false};

/// What the issue of the city's pyramid asks for.
constexpr double kFarHeightMetres = 40e3;
constexpr std::uint64_t kMostFarBytes = 3'000'000;
constexpr std::size_t kMostFarRequests = 20;
constexpr double kMostSpread = 3.0;

struct Amount {
    std::size_t files = 0;
    std::uint64_t bytes = 0;

    void add(std::uint64_t more) {
        ++files;
        bytes += more;
    }
};

/// One cold start.
struct Start {
    Amount json;
    Amount contents;
    Amount firstJson; ///< When the first content can be drawn.
    Amount firstContents;
    Amount drawn; ///< Contents in the final picture.

    std::size_t requests() const { return json.files + contents.files; }
    std::uint64_t bytes() const { return json.bytes + contents.bytes; }
};

/// The loop of a viewer that loads one file at a time.
class Loader {
public:
    explicit Loader(const std::filesystem::path& folder)
        : city_(must(TilesetFolder::open(folder))) {
        start_.json.add(must(city_.fileBytes("tileset.json")));
        growStates();
    }

    Start run(const select::ViewState& view) {
        while (true) {
            const auto selection = select::select(city_.tree(), {view}, states_, kQuality);
            noteFirstPaint(selection);
            if (selection.load.empty()) {
                noteDrawn(selection);
                return start_;
            }
            load(selection.load.front().node);
        }
    }

private:
    void growStates() {
        states_.resize(city_.tree().nodes().size(), select::ContentState::Unloaded);
    }

    void load(std::size_t index) {
        states_[index] = select::ContentState::Ready;
        for (const std::string& uri : city_.node(index).contentUris) {
            start_.contents.add(must(city_.fileBytes(uri)));
        }
        if (const std::string uri = city_.node(index).externalUri; !uri.empty()) {
            start_.json.add(must(city_.fileBytes(uri)));
            must(city_.attach(index));
            growStates();
        }
    }

    void noteFirstPaint(const select::Selection& selection) {
        if (!hasPainted_ && !selection.render.empty()) {
            hasPainted_ = true;
            start_.firstJson = start_.json;
            start_.firstContents = start_.contents;
        }
    }

    void noteDrawn(const select::Selection& selection) {
        for (const std::size_t index : selection.render) {
            for (const std::string& uri : city_.node(index).contentUris) {
                start_.drawn.add(must(city_.fileBytes(uri)));
            }
        }
    }

    TilesetFolder city_;
    std::vector<select::ContentState> states_;
    Start start_;
    bool hasPainted_ = false;
};

/// Looks at the city's middle from that height above it, `pitch` below the horizon.
select::ViewState
viewFrom(const TilesetFolder& city, double heightMetres, tiles3d::geo::Angle pitch) {
    const auto& frame = city.sceneFrame();
    const auto& box = std::get<tiles3d::tileset::Box>(city.node(0).volumeEcef);
    const glm::dvec3 middle = frame.fromEcef({box.centre}).metres;
    const glm::dvec3 direction{0.0, std::cos(pitch.radians()), -std::sin(pitch.radians())};
    const camera::CameraAxes axes{.eye = middle - direction * (heightMetres / -direction.z),
                                  .direction = direction,
                                  .up = {0.0, -direction.z, direction.y}};
    return camera::viewState(camera::poseOf(axes, frame), {});
}

constexpr const char* kLine =
    "{:>8}{:>8}{:>7}{:>10}{:>10}{:>9}{:>11}{:>11}{:>9}{:>10}{:>8}{:>10}{:>12}\n";

std::string kilobytes(std::uint64_t bytes) {
    return fmt::format("{:.1f}", static_cast<double>(bytes) / 1e3);
}

void printHead() {
    fmt::print(kLine,
               "",
               "",
               "JSON",
               "",
               "content",
               "",
               "to settle",
               "",
               "drawn",
               "",
               "first",
               "paint",
               "");
    fmt::print(kLine,
               "height",
               "pitch",
               "files",
               "kB",
               "files",
               "kB",
               "requests",
               "kB",
               "tiles",
               "kB",
               "JSON",
               "contents",
               "kB");
}

void printRow(double heightMetres, tiles3d::geo::Angle pitch, const Start& start) {
    fmt::print(kLine,
               fmt::format("{:g} km", heightMetres / 1e3),
               fmt::format("-{:.0f}", pitch.degrees()),
               start.json.files,
               kilobytes(start.json.bytes),
               start.contents.files,
               kilobytes(start.contents.bytes),
               start.requests(),
               kilobytes(start.bytes()),
               start.drawn.files,
               kilobytes(start.drawn.bytes),
               start.firstJson.files,
               start.firstContents.files,
               kilobytes(start.firstJson.bytes + start.firstContents.bytes));
    std::fflush(stdout);
}

const char* verdict(bool holds) {
    return holds ? "holds" : "DOES NOT HOLD";
}

/// Straight down: the limits that the issue names.
bool printVerdicts(const std::vector<Start>& starts, const Start& far) {
    const auto [least, most] = std::ranges::minmax_element(starts, {}, &Start::bytes);
    const double spread = static_cast<double>(most->bytes()) / static_cast<double>(least->bytes());
    const bool isFarSmall = far.bytes() < kMostFarBytes && far.requests() < kMostFarRequests;
    fmt::print("\nstraight down, {:g} km: {} kB in {} requests; below {} kB and {} requests {}\n",
               kFarHeightMetres / 1e3,
               kilobytes(far.bytes()),
               far.requests(),
               kilobytes(kMostFarBytes),
               kMostFarRequests,
               verdict(isFarSmall));
    fmt::print("straight down, all heights: most bytes / least bytes {:.2f}; at most {:g} {}\n",
               spread,
               kMostSpread,
               verdict(spread <= kMostSpread));
    return isFarSmall && spread <= kMostSpread;
}

bool measure(const std::filesystem::path& folder) {
    const auto city = must(TilesetFolder::open(folder));
    std::vector<Start> straightDown;
    printHead();
    for (const double pitchDegrees : {90.0, 45.0}) {
        const auto pitch = tiles3d::geo::Angle::degrees(pitchDegrees);
        for (const double heightMetres : {500.0, 2e3, 10e3, kFarHeightMetres}) {
            const Start start = Loader(folder).run(viewFrom(city, heightMetres, pitch));
            printRow(heightMetres, pitch, start);
            if (pitchDegrees == 90.0) {
                straightDown.push_back(start);
            }
        }
    }
    return printVerdicts(straightDown, straightDown.back());
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        fmt::print(stderr, "bench_loading CITY\n");
        return 2;
    }
    return tests::exitCodeOf([&] { return measure(argv[1]); });
}
