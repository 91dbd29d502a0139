// Cracks between tiles of different levels: the city over a saturated background, seen by many
// cameras, with every kind of mixture of levels that the selection can come to.

#include "tests/support/silhouette.h"
#include "tests/support/tile_painter.h"
#include "tests/support/tileset_folder.h"
#include "tiles3d/base/file.h"
#include "tiles3d/image/image.h"
#include "tiles3d/tileset/bounding_volume.h"
#include "viewer/camera/camera_pose.h"
#include "viewer/render/egl_context.h"
#include "viewer/render/still.h"

#include <fmt/format.h>
#include <glm/geometric.hpp>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <utility>

namespace tests {
namespace {

namespace camera = viewer::camera;
namespace fs = std::filesystem;
namespace select = tiles3d::select;
namespace tileset = tiles3d::tileset;

constexpr unsigned kSeed = 20240612;
/// Cameras per kind of mixture: few, for the time; CITY3D_CRACK_CAMERAS=1000 looks longer.
int cameraCount() {
    constexpr int kUsual = 40;
    const char* wanted = std::getenv("CITY3D_CRACK_CAMERAS");
    return wanted != nullptr ? std::atoi(wanted) : kUsual;
}

constexpr camera::Lens kPicture{.widthPixels = 640.0, .heightPixels = 360.0};
constexpr double kWantedErrorPixels = 16.0;
/// By how much the outline of a coarser tile may stand off.
constexpr std::size_t kGapMarginPixels = 3;

/// The city's limits in the scene frame.
tileset::Limits limitsOf(const TilesetFolder& city) {
    const auto& box = std::get<tileset::Box>(city.node(0).volumeEcef);
    return tileset::limitsOf(box, city.sceneFrame().fromEcefMatrix());
}

select::ViewState viewOf(const Shot& shot) {
    return camera::viewState(shot.pose, shot.lens);
}

/// Seeded cameras over a city, all above its highest point: from inside a house one looks out
/// through walls that have no back.
class Cameras {
public:
    Cameras(const TilesetFolder& city, unsigned seed)
        : frame_(city.sceneFrame()), limits_(limitsOf(city)), random_(seed) {}

    double between(double low, double high) {
        return std::uniform_real_distribution<double>(low, high)(random_);
    }

    /// Looks at some place of the city, straight down to 20 degrees below the horizon, from 30 m to
    /// 3 km above all of it, through a lens of 2 to 60 degrees.
    Shot next() {
        const double heading = between(-3.14159, 3.14159);
        const double pitch = between(-1.57, -0.35);
        const glm::dvec3 direction{std::sin(heading) * std::cos(pitch),
                                   std::cos(heading) * std::cos(pitch),
                                   std::sin(pitch)};
        const glm::dvec3 target{between(limits_.minimum.x, limits_.maximum.x),
                                between(limits_.minimum.y, limits_.maximum.y),
                                limits_.minimum.z};
        const double heightMetres =
            limits_.maximum.z - limits_.minimum.z + 30.0 * std::pow(100.0, between(0.0, 1.0));
        const glm::dvec3 eye = target + direction * (heightMetres / direction.z);
        Shot shot{.pose = camera::poseOf({.eye = eye, .direction = direction}, frame_),
                  .lens = kPicture};
        shot.lens.verticalFovRadians /= std::pow(30.0, between(0.0, 1.0));
        return shot;
    }

    /// True if the picture's corners, and so all of it, show ground well inside the city.
    bool seesOnlyCity(const Shot& shot) const {
        const auto axes = camera::axesInScene(shot.pose, frame_);
        const glm::dvec3 right = glm::cross(axes.direction, axes.up);
        const double tangent = std::tan(shot.lens.verticalFovRadians / 2.0);
        const double aspect = shot.lens.aspect();
        for (const auto& [x, y] : {std::pair{-aspect, -1.0},
                                   std::pair{aspect, -1.0},
                                   std::pair{-aspect, 1.0},
                                   std::pair{aspect, 1.0}}) {
            const glm::dvec3 ray = axes.direction + tangent * (x * right + y * axes.up);
            if (!isInside(axes.eye, ray)) {
                return false;
            }
        }
        return true;
    }

private:
    /// The ray passes through the top and the bottom of the city's limits, so that it cannot come
    /// in below the ground at the edge; 10 m or more inside them, as the blocks' grid is turned
    /// against the scene's north by half a degree.
    bool isInside(const glm::dvec3& eye, const glm::dvec3& ray) const {
        constexpr double kMarginMetres = 10.0;
        return ray.z < 0.0 &&
               std::ranges::all_of(std::array{limits_.minimum.z, limits_.maximum.z}, [&](double z) {
                   const glm::dvec3 at = eye + ray * ((z - eye.z) / ray.z);
                   return at.x > limits_.minimum.x + kMarginMetres &&
                          at.x < limits_.maximum.x - kMarginMetres &&
                          at.y > limits_.minimum.y + kMarginMetres &&
                          at.y < limits_.maximum.y - kMarginMetres;
               });
    }

    const tiles3d::geo::EnuFrame& frame_;
    tileset::Limits limits_;
    std::mt19937 random_;
};

using Tiles = std::vector<std::size_t>;

/// What the selection settles on for these views, of which the first is the picture's.
Tiles settledCut(const TilesetFolder& city,
                 const std::vector<select::ViewState>& views,
                 double maxErrorPixels) {
    const std::vector<select::ContentState> ready(city.tree().nodes().size(),
                                                  select::ContentState::Ready);
    return select::select(city.tree(), views, ready, {.maxScreenSpaceErrorPixels = maxErrorPixels})
        .render;
}

/// A cut about as fine as the view wants, in which each node by itself takes its error for up to
/// twice as large or small: neighbours differ in level where the selection's would not.
Tiles raggedCut(const TilesetFolder& city, const select::ViewState& view, Cameras& random) {
    const double pixelsPerRadian =
        view.viewportHeightPixels / (2.0 * std::tan(view.verticalFovRadians / 2.0));
    const auto refines = [&](const select::Node& node) {
        const double distance =
            std::max(1.0, tileset::distanceTo(node.volumeEcef, view.positionEcef));
        const double error = node.geometricErrorMetres * pixelsPerRadian / distance;
        return error * std::exp2(random.between(-1.0, 1.0)) >= kWantedErrorPixels;
    };
    Tiles cut;
    const std::function<void(std::size_t)> descend = [&](std::size_t tile) {
        const Tiles finer = city.takingOver(tile);
        if (finer.empty() || (!city.node(tile).alwaysRefines && !refines(city.node(tile)))) {
            cut.push_back(tile);
            return;
        }
        std::ranges::for_each(finer, descend);
    };
    descend(0);
    return cut;
}

/// A sample city, built by our own program; gone after the test.
class Cracks : public ::testing::Test {
protected:
    void SetUp() override {
        if (const auto context = viewer::render::EglContext::create(); !context) {
            GTEST_SKIP() << context.error().message;
        }
        folder = fs::temp_directory_path() / ("city3d_cracks" + std::to_string(::getpid()));
        const std::string program = std::string("'") + CITY3D_PROGRAM + "' ";
        const std::string delivery = "'" + (folder / "delivery").string() + "'";
        const std::string command = program + "sample " + delivery +
                                    " --tiles 4x4 --finest 17 > /dev/null 2>&1 && " + program +
                                    "build " + delivery + "/oblique --height-datum egm96 --out '" +
                                    (folder / "city").string() + "' > /dev/null 2>&1";
        ASSERT_EQ(std::system(command.c_str()), 0); // NOLINT(cert-env33-c): our own program
        open();
    }
    void TearDown() override {
        if (!folder.empty()) {
            fs::remove_all(folder);
        }
    }

    void open() {
        auto opened = TilesetFolder::open(folder / "city");
        ASSERT_TRUE(opened) << opened.error().message;
        city.emplace(*std::move(opened));
        ASSERT_TRUE(city->attachAll());
        auto created = TilePainter::create(*city);
        ASSERT_TRUE(created) << created.error().message;
        painter = *std::move(created);
    }

    /// Background where there should be none: all of it if the picture can only show city, else
    /// what the city encloses, unless the finest tiles let it through as well: the sky between two
    /// trees at the city's edge.
    std::size_t crackPixels(const Tiles& tiles, const Shot& shot, bool isOnlyCity) {
        const Silhouette silhouette = silhouetteOf(tiles, shot);
        if (isOnlyCity || silhouette.enclosedBackgroundPixels() == 0) {
            return isOnlyCity ? silhouette.backgroundPixels() : 0;
        }
        return silhouette.enclosedBackgroundPixels(silhouetteOf(city->leavesBelow(0), shot),
                                                   kGapMarginPixels);
    }

    Silhouette silhouetteOf(const Tiles& tiles, const Shot& shot) {
        return Silhouette(pictureOf(tiles, shot));
    }

    tiles3d::image::Raster pictureOf(const Tiles& tiles, const Shot& shot) {
        auto picture = painter->draw(tiles, shot);
        EXPECT_TRUE(picture) << picture.error().message;
        return *std::move(picture);
    }

    /// For whoever looks into a failure: the picture in the current folder, and its camera.
    std::string keepPicture(const std::string& kind, const Tiles& tiles, const Shot& shot) {
        const auto png = tiles3d::image::encode(pictureOf(tiles, shot),
                                                {.format = tiles3d::image::ImageFormat::Png});
        const std::string file = "crack_" + kind + ".png"; // the last one of each kind
        EXPECT_TRUE(png && tiles3d::base::writeFile(file, png->bytes));
        const auto fov = tiles3d::geo::Angle::radians(shot.lens.verticalFovRadians);
        return fmt::format("camera {}, {:.3f} degrees high: {}",
                           viewer::render::cameraText(shot.pose),
                           fov.degrees(),
                           fs::absolute(file).string());
    }

    using Cut = std::function<Tiles(const Shot&, Cameras&)>;

    void expectNone(const std::string& kind, const Cut& cut) {
        Cameras cameras(*city, kSeed);
        int onlyCity = 0;
        for (int i = 0; i < cameraCount(); ++i) {
            const Shot shot = cameras.next();
            const bool isOnlyCity = cameras.seesOnlyCity(shot);
            onlyCity += isOnlyCity ? 1 : 0;
            const Tiles tiles = cut(shot, cameras);
            const std::size_t pixels = crackPixels(tiles, shot, isOnlyCity);
            EXPECT_EQ(pixels, 0U) << kind << ", " << i << " of seed " << kSeed << ", "
                                  << keepPicture(kind, tiles, shot);
        }
        fmt::print("{}: {} cameras, {} of them see only city\n", kind, cameraCount(), onlyCity);
        EXPECT_GT(onlyCity, 0) << "no camera sees nothing but city";
    }

    fs::path folder;
    std::optional<TilesetFolder> city;
    std::unique_ptr<TilePainter> painter;
};

// One test for all: each builds the city first.
TEST_F(Cracks, noneInAnyMixtureOfLevels) {
    expectNone("finest", [&](const Shot&, Cameras&) { return city->leavesBelow(0); });
    expectNone("limits", [&](const Shot& shot, Cameras& cameras) {
        const double limit = kWantedErrorPixels * std::exp2(cameras.between(-3.0, 0.0));
        return settledCut(*city, {viewOf(shot)}, limit);
    });
    expectNone("views", [&](const Shot& shot, Cameras& cameras) {
        return settledCut(*city,
                          {viewOf(shot), viewOf(cameras.next()), viewOf(cameras.next())},
                          kWantedErrorPixels);
    });
    expectNone("ragged", [&](const Shot& shot, Cameras& cameras) {
        return raggedCut(*city, viewOf(shot), cameras);
    });
}

TEST_F(Cracks, aMissingTileIsSeen) {
    Tiles leaves = city->leavesBelow(0);
    leaves.erase(leaves.begin() + static_cast<std::ptrdiff_t>(leaves.size() / 2));
    Cameras cameras(*city, kSeed);
    std::size_t pixels = 0;
    for (int i = 0; i < cameraCount(); ++i) {
        const Shot shot = cameras.next();
        pixels += crackPixels(leaves, shot, cameras.seesOnlyCity(shot));
    }
    EXPECT_GT(pixels, 1000U);
}

} // namespace
} // namespace tests
