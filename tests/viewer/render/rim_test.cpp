// The rim where photogrammetry and terrain meet: no terrain over streets, and no gap between.

#include "tests/support/height_map.h"
#include "tests/support/level_mixture.h"
#include "tests/support/made_city.h"
#include "tests/support/random_cameras.h"
#include "tests/support/silhouette.h"
#include "viewer/render/egl_context.h"

#include <fmt/format.h>
#include <glm/geometric.hpp>
#include <glm/trigonometric.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <memory>
#include <numbers>
#include <optional>
#include <string>
#include <vector>

namespace tests {
namespace {

namespace camera = viewer::camera;
using tiles3d::image::Raster;
using tiles3d::tileset::Limits;

constexpr camera::Lens kPicture{.widthPixels = 640.0, .heightPixels = 360.0};
constexpr double kRimMetres = 1.0;     ///< By which the outlines of levels differ.
constexpr double kCoastMetres = 40.0;  ///< Likewise where terrain ends.
constexpr double kHeightMetres = 0.05; ///< Of positions in files, and of a HeightMap.
constexpr double kSwitchPixels = 16.0; ///< Geometric error / this: what the surface may err by.

unsigned seed() {
    constexpr unsigned kUsual = 20260704;
    const char* wanted = std::getenv("CITY3D_RIM_SEED");
    return wanted != nullptr ? static_cast<unsigned>(std::atoi(wanted)) : kUsual;
}

/// Largest errors on the screen, pixels.
struct Mixture {
    const char* name;
    double photogrammetry;
    double terrain;
};
constexpr std::array kMixtures{Mixture{"usual", 16.0, 16.0},
                               Mixture{"fine", 4.0, 4.0},
                               Mixture{"coarse_terrain", 4.0, 16.0},
                               Mixture{"coarsest_terrain", 1.0, 16.0},
                               Mixture{"fine_terrain", 16.0, 4.0},
                               Mixture{"finest_terrain", 16.0, 1.0}};

/// Rays through a picture's pixels, in the scene's frame.
class PixelRays {
public:
    PixelRays(const Shot& shot, const tiles3d::geo::EnuFrame& scene)
        : axes_(camera::axesInScene(shot.pose, scene)), lens_(shot.lens),
          perPixel_(2.0 * std::tan(lens_.verticalFovRadians / 2.0) / lens_.heightPixels) {}

    const glm::dvec3& eye() const { return axes_.eye; }
    /// As long as a distance of 1 along the viewing direction.
    glm::dvec3 ray(std::size_t pixel) const {
        const auto width = static_cast<std::size_t>(lens_.widthPixels);
        const double x = static_cast<double>(pixel % width) + 0.5 - lens_.widthPixels / 2.0;
        const double y = lens_.heightPixels / 2.0 - static_cast<double>(pixel / width) - 0.5;
        return axes_.direction +
               perPixel_ * (x * glm::cross(axes_.direction, axes_.up) + y * axes_.up);
    }
    double metresPerPixel(double distanceMetres) const { return distanceMetres * perPixel_; }

private:
    camera::CameraAxes axes_;
    camera::Lens lens_;
    double perPixel_;
};

/// A sample city on its land.
class Rim : public ::testing::Test {
protected:
    void SetUp() override {
        if (const auto context = viewer::render::EglContext::create(); !context) {
            GTEST_SKIP() << context.error().message;
        }
        auto result = MadeCity::make({.program = CITY3D_PROGRAM,
                                      .sampleOptions = "--tiles 3x3 --finest 18",
                                      .buildOptions = "--terrain-tiling implicit"});
        ASSERT_TRUE(result) << result.error().message;
        made = *std::move(result);
        const Tiles leaves = city().leavesBelow(0);
        finest = blocksAndLand(leaves, leaves);
        blocks = limitsOf(blocksOf(leaves));
        land = limitsOf(landOf(leaves));
        streets =
            mapOf(blocksOf(leaves), mapExtent(blocks), Seen::FromBelow).withoutRim(kRimMetres);
        shown = mapOf(finest, mapExtent(land), Seen::FromAbove).withoutRim(kCoastMetres);
    }

    const TilesetFolder& city() const { return made->city(); }

    Tiles tilesIn(const Tiles& tiles, const std::vector<std::string>& folders) const {
        Tiles found;
        std::ranges::copy_if(tiles, std::back_inserter(found), [&](std::size_t tile) {
            const std::string& uri = city().node(tile).contentUris.front();
            return std::ranges::any_of(
                folders, [&](const std::string& folder) { return uri.starts_with(folder); });
        });
        return found;
    }
    Tiles landOf(const Tiles& tiles) const { return tilesIn(tiles, {"terrain/"}); }
    Tiles blocksOf(const Tiles& tiles) const { return tilesIn(tiles, {"oblique/", "overview/"}); }
    Tiles blocksAndLand(const Tiles& forBlocks, const Tiles& forLand) const {
        Tiles both = blocksOf(forBlocks);
        std::ranges::copy(landOf(forLand), std::back_inserter(both));
        return both;
    }

    Limits limitsOf(const Tiles& tiles) {
        const auto limits = made->painter().limitsOf(tiles);
        EXPECT_TRUE(limits) << limits.error().message;
        return *limits;
    }
    HeightMap mapOf(const Tiles& tiles, const MapExtent& extent, Seen seen) {
        auto map = HeightMap::of(made->painter(), city().sceneFrame(), tiles, extent, seen);
        EXPECT_TRUE(map) << map.error().message;
        return *std::move(map);
    }
    std::vector<float> distancesOf(const Tiles& tiles, const Shot& shot) {
        auto distances = made->painter().distances(tiles, shot);
        EXPECT_TRUE(distances) << distances.error().message;
        return *std::move(distances);
    }

    /// A camera at the rim: from outside looking in, along it or from inside looking out, from 20 m
    /// to 1.5 km, 5 to 60 degrees below the horizon, through a lens of 7.5 to 60 degrees.
    Shot nextShot(RandomCameras& random) {
        const int side = static_cast<int>(random.between(0.0, 4.0)); // north, east, south, west
        const int turn = static_cast<int>(random.between(0.0, 4.0));
        const double heading = (side + turn) * std::numbers::pi / 2.0 + random.between(-0.8, 0.8);
        const double along = random.between(-1.0, 1.0);
        const glm::dvec3 half = (blocks.maximum - blocks.minimum) / 2.0;
        glm::dvec3 target = (blocks.maximum + blocks.minimum) / 2.0;
        target.x += half.x * (side % 2 == 0 ? along : 2.0 - side);
        target.y += half.y * (side % 2 == 0 ? 1.0 - side : along);
        target.z = blocks.minimum.z;
        const double distanceMetres = 20.0 * std::pow(75.0, random.between(0.0, 1.0));
        const double pitch = -glm::radians(random.between(5.0, 60.0));
        const glm::dvec3 eye = raised(target - directionOf(heading, pitch) * distanceMetres);
        Shot shot{.pose = camera::poseOf({.eye = eye, .direction = glm::normalize(target - eye)},
                                         city().sceneFrame()),
                  .lens = kPicture};
        shot.lens.verticalFovRadians /= std::pow(8.0, random.between(0.0, 1.0));
        return shot;
    }

    /// Above all houses if it is among them, else above the land: inside of either one looks out
    /// through backs.
    glm::dvec3 raised(const glm::dvec3& eye) const {
        constexpr double kEyeMetres = 2.0;
        const auto ground = static_cast<double>(shown->at(eye)); // NaN: none
        const bool isAmongHouses = !std::isnan(streets->at(eye));
        const double least = isAmongHouses ? blocks.maximum.z : ground;
        return {eye.x, eye.y, std::fmax(eye.z, least + kEyeMetres)};
    }

    /// Whatever the level, the ray meets the city: it goes down from above all land to below all of
    /// it where there is city everywhere.
    bool mustMeetCity(const glm::dvec3& eye, const glm::dvec3& ray) const {
        if (ray.z >= 0.0) {
            return false;
        }
        constexpr double kStepMetres = 5.0;
        const double first = std::max((land.maximum.z - eye.z) / ray.z, 0.0);
        const double last = (land.minimum.z - eye.z) / ray.z;
        const double step = kStepMetres / glm::length(glm::dvec2(ray));
        for (double at = first; at < last + step; at += step) {
            if (std::isnan(shown->at(eye + ray * at))) {
                return false;
            }
        }
        return true;
    }

    /// The place lies more than `toleranceMetres` above the lowest that photogrammetry shows there.
    bool isOverStreet(const glm::dvec3& place, double toleranceMetres) const {
        return place.z > static_cast<double>(streets->at(place)) + toleranceMetres;
    }

    struct Findings {
        std::size_t overStreets = 0; ///< Pixels of land.
        std::size_t gaps = 0;        ///< Pixels of the background.
        std::size_t land = 0;        ///< All pixels of land; of photogrammetry.
        std::size_t blocks = 0;
    };

    Findings findingsIn(const Tiles& tiles, const Shot& shot) {
        const std::vector<float> joint = distancesOf(tiles, shot);
        const std::vector<float> blocksAlone = distancesOf(blocksOf(tiles), shot);
        const PixelRays rays(shot, city().sceneFrame());
        Findings found;
        for (std::size_t i = 0; i < joint.size(); ++i) {
            if (std::isinf(joint[i])) {
                found.gaps += mustMeetCity(rays.eye(), rays.ray(i)) ? 1U : 0U;
                continue;
            }
            const bool isLand = joint[i] < blocksAlone[i];
            (isLand ? found.land : found.blocks) += 1;
            const auto distance = static_cast<double>(joint[i]);
            const glm::dvec3 place = rays.eye() + rays.ray(i) * distance;
            if (isLand && isOverStreet(place, rays.metresPerPixel(distance) + kHeightMetres)) {
                ++found.overStreets;
            }
        }
        return found;
    }

    Raster pictureOf(const Tiles& tiles, const Shot& shot) {
        auto picture = made->painter().draw(tiles, shot);
        EXPECT_TRUE(picture) << picture.error().message;
        return *std::move(picture);
    }

    Tiles cutOf(const Shot& shot, const Mixture& mixture) const {
        return blocksAndLand(settledCut(city(), {viewOf(shot)}, mixture.photogrammetry),
                             settledCut(city(), {viewOf(shot)}, mixture.terrain));
    }

    /// The coarsest tiles whose geometric error is at most that, or which nothing finer follows.
    Tiles cutOf(double mostErrorMetres) const {
        Tiles cut;
        const std::function<void(std::size_t)> descend = [&](std::size_t tile) {
            const Tiles finer = city().takingOver(tile);
            const bool isFine = city().node(tile).geometricErrorMetres <= mostErrorMetres;
            if (finer.empty() || (isFine && !city().node(tile).contentUris.empty())) {
                cut.push_back(tile);
                return;
            }
            std::ranges::for_each(finer, descend);
        };
        descend(0);
        return cut;
    }

    std::unique_ptr<MadeCity> made;
    Tiles finest;  ///< Tiles of land and photogrammetry.
    Limits blocks; ///< Of the photogrammetry, scene frame.
    Limits land;
    std::optional<HeightMap> streets; ///< The lowest of the photogrammetry, without its rim.
    std::optional<HeightMap> shown;   ///< Land and photogrammetry, without the coast.
};

TEST_F(Rim, noLandOverStreetsAndNoGap) {
    const int cameras = cameraCount("CITY3D_RIM_CAMERAS", 20);
    for (const Mixture& mixture : kMixtures) {
        RandomCameras random(city().sceneFrame(), blocks, seed());
        Findings all;
        for (int i = 0; i < cameras; ++i) {
            const Shot shot = nextShot(random);
            const Tiles tiles = cutOf(shot, mixture);
            const Findings found = findingsIn(tiles, shot);
            EXPECT_TRUE(found.overStreets == 0 && found.gaps == 0)
                << fmt::format("{}, {} of seed {}: {} pixels of land over streets, {} of gaps; ",
                               mixture.name,
                               i,
                               seed(),
                               found.overStreets,
                               found.gaps)
                << made->keep(
                       pictureOf(tiles, shot), shot, fmt::format("rim_{}_{}.png", mixture.name, i));
            all.land += found.land;
            all.blocks += found.blocks;
        }
        fmt::print("{}: {} cameras, {} pixels of land, {} of photogrammetry\n",
                   mixture.name,
                   cameras,
                   all.land,
                   all.blocks);
        EXPECT_GT(std::min(all.land, all.blocks), 100000U);
    }
}

TEST_F(Rim, landLiesBelowPhotogrammetryOfEveryLevel) {
    const MapExtent extent = mapExtent(blocks);
    for (double error = 1.0; error <= 1024.0; error *= 2.0) {
        const Tiles tiles = cutOf(error);
        const HeightMap lowest = mapOf(blocksOf(tiles), extent, Seen::FromBelow);
        const HeightMap highest = mapOf(landOf(tiles), extent, Seen::FromAbove);
        const HeightMap inner = lowest.withoutRim(kRimMetres);
        std::size_t above = 0;
        std::size_t judged = 0;
        float most = -1e9F;
        for (std::size_t i = 0; i < inner.heights().size(); ++i) {
            const float over = highest.heights()[i] - inner.heights()[i]; // NaN where either ends
            judged += std::isnan(over) ? 0U : 1U;
            most = std::fmax(most, over);
            above += static_cast<double>(over) > error / kSwitchPixels + kHeightMetres ? 1U : 0U;
        }
        fmt::print("errors of {} m: {} tiles of photogrammetry, {} of land; {} places, {} above, "
                   "at most {:.2f} m\n",
                   error,
                   blocksOf(tiles).size(),
                   landOf(tiles).size(),
                   judged,
                   above,
                   most);
        // Walls that go down below the street fill a pixel here and there.
        EXPECT_LE(above, judged / 10000) << "errors of " << error << " m";
    }
}

} // namespace
} // namespace tests
