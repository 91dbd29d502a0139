// Cracks between tiles of different levels: a city over a saturated background, seen by many
// cameras, with every kind of mixture of levels that the selection can come to.

#include "tests/support/level_mixture.h"
#include "tests/support/made_city.h"
#include "tests/support/random_cameras.h"
#include "tests/support/silhouette.h"
#include "viewer/render/egl_context.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <memory>
#include <string>

namespace tests {
namespace {

constexpr unsigned kSeed = 20240612;
/// Cameras per kind of mixture.
int crackCameras() {
    return cameraCount("CITY3D_CRACK_CAMERAS", 40);
}

constexpr double kWantedErrorPixels = 16.0;
/// By how much the outline of a coarser tile may stand off.
constexpr std::size_t kGapMarginPixels = 3;

/// Cities built by our own program.
class Cracks : public ::testing::Test {
protected:
    void SetUp() override {
        if (const auto context = viewer::render::EglContext::create(); !context) {
            GTEST_SKIP() << context.error().message;
        }
    }

    void makePhotogrammetry() {
        make({.program = CITY3D_PROGRAM,
              .sampleOptions = "--tiles 4x4 --finest 17",
              .source = "oblique",
              .buildOptions = "--height-datum egm96"});
        marginMetres =
            10.0; // the blocks' grid is turned against the scene's north by half a degree
    }
    void makeTerrain() {
        make({.program = CITY3D_PROGRAM, .sampleOptions = "--terrain 2"});
        marginMetres = 40.0; // so is the DEM's, which is larger, and it ends at another post on
                             // every level
    }

    void make(const CityRecipe& recipe) {
        auto result = MadeCity::make(recipe);
        ASSERT_TRUE(result) << result.error().message;
        made = *std::move(result);
        leaves = city().leavesBelow(0);
        const auto found = made->painter().limitsOf(leaves);
        ASSERT_TRUE(found) << found.error().message;
        limits = *found;
    }

    const TilesetFolder& city() const { return made->city(); }
    RandomCameras cameras() const { return {city().sceneFrame(), limits, kSeed}; }

    /// Background where there should be none: all of it if the picture can only show city, else
    /// what the city encloses, unless the finest tiles let it through as well: the sky between two
    /// trees at the city's edge.
    std::size_t crackPixels(const Tiles& tiles, const Shot& shot, bool isOnlyCity) {
        const Silhouette silhouette = silhouetteOf(tiles, shot);
        if (isOnlyCity || silhouette.enclosedBackgroundPixels() == 0) {
            return isOnlyCity ? silhouette.backgroundPixels() : 0;
        }
        return silhouette.enclosedBackgroundPixels(silhouetteOf(leaves, shot), kGapMarginPixels);
    }

    Silhouette silhouetteOf(const Tiles& tiles, const Shot& shot) {
        return Silhouette(pictureOf(tiles, shot));
    }

    tiles3d::image::Raster pictureOf(const Tiles& tiles, const Shot& shot) {
        auto picture = made->painter().draw(tiles, shot);
        EXPECT_TRUE(picture) << picture.error().message;
        return *std::move(picture);
    }

    using Cut = std::function<Tiles(const Shot&, RandomCameras&)>;

    void expectNone(const std::string& kind, const Cut& cut) {
        RandomCameras random = cameras();
        int onlyCity = 0;
        for (int i = 0; i < crackCameras(); ++i) {
            const Shot shot = random.next();
            const bool isOnlyCity = random.seesOnlyCity(shot, marginMetres);
            onlyCity += isOnlyCity ? 1 : 0;
            const Tiles tiles = cut(shot, random);
            const std::size_t pixels = crackPixels(tiles, shot, isOnlyCity);
            EXPECT_EQ(pixels, 0U) << kind << ", " << i << " of seed " << kSeed << ", "
                                  << made->keep(
                                         pictureOf(tiles, shot), shot, "crack_" + kind + ".png");
        }
        fmt::print("{}: {} cameras, {} of them see only city\n", kind, crackCameras(), onlyCity);
        EXPECT_GT(onlyCity, 0) << "no camera sees nothing but city";
    }

    void expectNoneInAnyMixture() {
        expectNone("finest", [&](const Shot&, RandomCameras&) { return leaves; });
        expectNone("limits", [&](const Shot& shot, RandomCameras& random) {
            const double limit = kWantedErrorPixels * std::exp2(random.between(-3.0, 0.0));
            return settledCut(city(), {viewOf(shot)}, limit);
        });
        expectNone("views", [&](const Shot& shot, RandomCameras& random) {
            return settledCut(city(),
                              {viewOf(shot), viewOf(random.next()), viewOf(random.next())},
                              kWantedErrorPixels);
        });
        expectNone("ragged", [&](const Shot& shot, RandomCameras& random) {
            return raggedCut(city(), viewOf(shot), kWantedErrorPixels, random.random());
        });
    }

    std::unique_ptr<MadeCity> made;
    Tiles leaves; ///< All of the finest tiles.
    tiles3d::tileset::Limits limits;
    double marginMetres = 0.0; ///< Inside the limits there is city everywhere.
};

// One test for all mixtures: each builds the city first.
TEST_F(Cracks, noneInAnyMixtureOfLevels) {
    ASSERT_NO_FATAL_FAILURE(makePhotogrammetry());
    expectNoneInAnyMixture();
}

TEST_F(Cracks, noneInAnyMixtureOfTerrain) {
    ASSERT_NO_FATAL_FAILURE(makeTerrain());
    expectNoneInAnyMixture();
}

TEST_F(Cracks, aMissingTileIsSeen) {
    ASSERT_NO_FATAL_FAILURE(makePhotogrammetry());
    Tiles tiles = leaves;
    tiles.erase(tiles.begin() + static_cast<std::ptrdiff_t>(tiles.size() / 2));
    RandomCameras random = cameras();
    std::size_t pixels = 0;
    for (int i = 0; i < crackCameras(); ++i) {
        const Shot shot = random.next();
        pixels += crackPixels(tiles, shot, random.seesOnlyCity(shot, marginMetres));
    }
    EXPECT_GT(pixels, 1000U);
}

} // namespace
} // namespace tests
