// The rim where photogrammetry and terrain meet: no terrain over streets, and no gap between.

#include "tests/support/level_mixture.h"
#include "tests/support/made_city.h"
#include "tests/support/plan_view.h"
#include "tests/support/random_cameras.h"
#include "tests/support/silhouette.h"
#include "viewer/render/egl_context.h"
#include "viewer/stream/mip_chain.h"

#include <fmt/format.h>
#include <glm/geometric.hpp>
#include <glm/trigonometric.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <numbers>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tests {
namespace {

namespace camera = viewer::camera;
namespace stream = viewer::stream;
using tiles3d::image::Raster;
using tiles3d::tileset::Limits;

constexpr camera::Lens kPicture{.widthPixels = 640.0, .heightPixels = 360.0};
/// Of terrain in the pictures: no photograph holds these.
constexpr PlanView::Colour kCoveredLand{0, 255, 0};
constexpr PlanView::Colour kOpenLand{0, 0, 255};

unsigned seed() {
    constexpr unsigned kUsual = 20260704;
    const char* wanted = std::getenv("CITY3D_RIM_SEED");
    return wanted != nullptr ? static_cast<unsigned>(std::atoi(wanted)) : kUsual;
}

bool isCoveredLand(const Raster& picture, std::size_t pixel) {
    const std::byte* at = picture.pixels.data() + pixel * picture.channels;
    return std::equal(kCoveredLand.begin(), kCoveredLand.end(), at, [](auto wanted, auto value) {
        return std::abs(int{wanted} - std::to_integer<int>(value)) <= 1; // a filter's rounding
    });
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
                               Mixture{"fine_terrain", 16.0, 4.0},
                               Mixture{"finest_terrain", 16.0, 1.0},
                               Mixture{"finest", 1.0, 1.0}};

/// A sample city on its land. Terrain is drawn in kCoveredLand where the finest photogrammetry
/// shows the same place, and in kOpenLand elsewhere.
class Rim : public ::testing::Test {
protected:
    void SetUp() override {
        if (const auto context = viewer::render::EglContext::create(); !context) {
            GTEST_SKIP() << context.error().message;
        }
        auto result =
            MadeCity::make({.program = CITY3D_PROGRAM,
                            .sampleOptions = "--tiles 3x3 --finest 18",
                            .buildOptions = "--terrain-tiling implicit"},
                           [this](std::size_t tile, stream::MeshPack& pack) { dye(tile, pack); });
        ASSERT_TRUE(result) << result.error().message;
        made = *std::move(result);
        const Tiles leaves = city().leavesBelow(0);
        finest = photogrammetryOf(leaves);
        blocks = limitsOf(finest);
        covered = planOf(finest);
        ASSERT_TRUE(covered);
        clearlyCovered = covered->withoutRim(kRimMetres);
        const Tiles terrain = terrainOf(leaves);
        land = limitsOf(terrain);
        finest.insert(finest.end(), terrain.begin(), terrain.end());
        const auto shown = planOf(finest);
        ASSERT_TRUE(shown);
        clearlyShown = shown->withoutRim(kCoastMetres);
    }

    const TilesetFolder& city() const { return made->city(); }

    bool isTerrain(std::size_t tile) const {
        return city().node(tile).contentUris.front().starts_with("terrain/");
    }
    Tiles terrainOf(const Tiles& tiles) const {
        Tiles found;
        std::ranges::copy_if(
            tiles, std::back_inserter(found), [&](std::size_t tile) { return isTerrain(tile); });
        return found;
    }
    Tiles photogrammetryOf(const Tiles& tiles) const {
        Tiles found;
        std::ranges::copy_if(tiles, std::back_inserter(found), [&](std::size_t tile) {
            return !isTerrain(tile) &&
                   !city().node(tile).contentUris.front().starts_with("models/");
        });
        return found;
    }

    void dye(std::size_t tile, stream::MeshPack& pack) const {
        if (!isTerrain(tile)) {
            return;
        }
        pack.textures = {stream::buildMipChain(clearlyCovered->picture(kCoveredLand, kOpenLand))};
        for (stream::MeshPart& part : pack.parts) {
            part.texture = 0;
            part.unlit = true;
            part.baseColour = glm::vec4(1.0F);
            part.uvs.clear();
            for (const glm::vec3& position : part.positions) {
                part.uvs.push_back(clearlyCovered->uvOf(pack.centre + glm::dvec3(position)));
            }
        }
    }

    Limits limitsOf(const Tiles& tiles) {
        const auto limits = made->painter().limitsOf(tiles);
        EXPECT_TRUE(limits) << limits.error().message;
        return *limits;
    }
    std::optional<PlanView> planOf(const Tiles& tiles) {
        const auto plan = PlanView::of(made->painter(), city().sceneFrame(), tiles);
        EXPECT_TRUE(plan) << plan.error().message;
        return plan ? std::optional(*plan) : std::nullopt;
    }
    Raster pictureOf(const Tiles& tiles, const Shot& shot) {
        auto picture = made->painter().draw(tiles, shot);
        EXPECT_TRUE(picture) << picture.error().message;
        return *std::move(picture);
    }

    /// A camera at the rim: from outside looking in, along it or from inside looking out, from 20 m
    /// to 1.5 km, 5 to 60 degrees below the horizon.
    Shot nextShot(RandomCameras& random) {
        const int side = static_cast<int>(random.between(0.0, 4.0));
        const double outward = side * std::numbers::pi / 2.0; // heading: north, east, south, west
        const double turn = std::numbers::pi / 2.0 * static_cast<int>(random.between(0.0, 4.0));
        const double heading = outward + turn + random.between(-0.8, 0.8);
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
    glm::dvec3 raised(glm::dvec3 eye) {
        constexpr double kEyeMetres = 2.0;
        if (covered->covers(eye)) {
            eye.z = std::max(eye.z, blocks.maximum.z + kEyeMetres);
        }
        while (eye.z < land.maximum.z && !isOverLand(eye)) {
            eye.z += kEyeMetres;
        }
        return eye + glm::dvec3(0.0, 0.0, kEyeMetres);
    }
    bool isOverLand(const glm::dvec3& eye) {
        const Shot down{.pose = camera::poseOf(
                            {.eye = eye, .direction = {0.0, 0.0, -1.0}, .up = {0.0, 1.0, 0.0}},
                            city().sceneFrame()),
                        .lens = {.verticalFovRadians = 0.001, .widthPixels = 8, .heightPixels = 8}};
        return Silhouette(pictureOf(finest, down)).coveredPixels() > 0;
    }

    /// Whatever the level, the pixel's ray meets the city: it goes down from above all land to
    /// below all of it where there is city everywhere.
    bool mustShowCity(const Shot& shot, std::size_t pixel) const {
        const auto axes = camera::axesInScene(shot.pose, city().sceneFrame());
        const auto width = static_cast<std::size_t>(shot.lens.widthPixels);
        const double perPixel =
            2.0 * std::tan(shot.lens.verticalFovRadians / 2.0) / shot.lens.heightPixels;
        const double x = (static_cast<double>(pixel % width) + 0.5 - shot.lens.widthPixels / 2.0);
        const double y = (shot.lens.heightPixels / 2.0 - static_cast<double>(pixel / width) - 0.5);
        const glm::dvec3 right = glm::cross(axes.direction, axes.up);
        const glm::dvec3 ray = axes.direction + perPixel * (x * right + y * axes.up);
        if (ray.z >= 0.0) {
            return false;
        }
        constexpr double kStepMetres = 5.0;
        const double first = std::max((land.maximum.z - axes.eye.z) / ray.z, 0.0);
        const double last = (land.minimum.z - axes.eye.z) / ray.z;
        const double step = kStepMetres / glm::length(glm::dvec2(ray));
        for (double at = first; at < last + step; at += step) {
            if (!clearlyShown->covers(axes.eye + ray * at)) {
                return false;
            }
        }
        return true;
    }

    struct Findings {
        std::size_t landOverStreets = 0; ///< Pixels.
        std::size_t gaps = 0;
        std::size_t judged = 0; ///< Pixels of the terrain and photogrammetry in all.
    };

    Findings findingsOf(const Raster& blocksAlone, const Raster& joint, const Shot& shot) {
        Findings found;
        const std::size_t pixels = std::size_t{joint.width} * joint.height;
        for (std::size_t i = 0; i < pixels; ++i) {
            const bool isGap = isBackground(joint, i);
            found.judged += isGap ? 0U : 1U;
            found.landOverStreets +=
                isCoveredLand(joint, i) && !isBackground(blocksAlone, i) ? 1U : 0U;
            found.gaps += isGap && mustShowCity(shot, i) ? 1U : 0U;
        }
        return found;
    }

    /// Both as fine as they are wanted.
    Tiles cutOf(const Shot& shot, const Mixture& mixture) const {
        Tiles tiles = photogrammetryOf(settledCut(city(), {viewOf(shot)}, mixture.photogrammetry));
        const Tiles terrain = terrainOf(settledCut(city(), {viewOf(shot)}, mixture.terrain));
        tiles.insert(tiles.end(), terrain.begin(), terrain.end());
        return tiles;
    }

    static constexpr double kRimMetres = 1.0;    ///< By which outlines of levels differ.
    static constexpr double kCoastMetres = 40.0; ///< Likewise where terrain ends.

    std::unique_ptr<MadeCity> made;
    Tiles finest;
    Limits blocks;                          ///< Of the photogrammetry, scene frame.
    Limits land;                            ///< Of the terrain.
    std::optional<PlanView> covered;        ///< By photogrammetry.
    std::optional<PlanView> clearlyCovered; ///< The same without its rim.
    std::optional<PlanView> clearlyShown;   ///< By terrain or photogrammetry, without the coast.
};

TEST_F(Rim, noLandOverStreetsAndNoGap) {
    for (const Mixture& mixture : kMixtures) {
        RandomCameras random(city().sceneFrame(), blocks, seed());
        std::size_t judged = 0;
        const int cameras = cameraCount("CITY3D_RIM_CAMERAS", 20);
        for (int i = 0; i < cameras; ++i) {
            const Shot shot = nextShot(random);
            const Tiles tiles = cutOf(shot, mixture);
            const Raster joint = pictureOf(tiles, shot);
            const Findings found =
                findingsOf(pictureOf(photogrammetryOf(tiles), shot), joint, shot);
            const std::string file = fmt::format("rim_{}_{}.png", mixture.name, i);
            EXPECT_TRUE(found.landOverStreets == 0 && found.gaps == 0)
                << fmt::format("{}, {} of seed {}: {} pixels of land over streets, {} of gaps; ",
                               mixture.name,
                               i,
                               seed(),
                               found.landOverStreets,
                               found.gaps)
                << made->keep(joint, shot, file);
            judged += found.judged;
        }
        fmt::print("{}: {} cameras, {} pixels\n", mixture.name, cameras, judged);
    }
}

} // namespace
} // namespace tests
