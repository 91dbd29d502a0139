#include "viewer/scene/frame_graph.h"

#include "tests/viewer/scene/small_scene.h"

#include <cmath>

namespace tests {
namespace {

using viewer::scene::FrameGraph;
using viewer::scene::FrameLook;
using viewer::scene::HazeOptions;
using viewer::scene::ShadowOptions;
using viewer::stream::MeshPack;

TEST(FrameGraph, reversedDepthFallsFromOneTowardsZero) {
    const osg::Matrixd projection = viewer::scene::reversedPerspective(1.0, 1.5);
    const auto depthAt = [&](double metres) {
        const osg::Vec4d clip = osg::Vec4d(0.0, 0.0, -metres, 1.0) * projection;
        return clip.z() / clip.w();
    };
    EXPECT_DOUBLE_EQ(depthAt(viewer::scene::kNearMetres), 1.0);
    EXPECT_DOUBLE_EQ(depthAt(1000.0), viewer::scene::kNearMetres / 1000.0);
    // 1 cm at 20 km is more than one step of a 32-bit float there.
    EXPECT_NE(static_cast<float>(depthAt(20000.0)), static_cast<float>(depthAt(20000.01)));
}

TEST(FrameGraph, targetsFollowTheSize) {
    FrameGraph graph({640, 360, 2});
    EXPECT_EQ(graph.targets().widthPixels, 1280);
    const auto* colour = graph.targets().colour.get();
    graph.resize({100, 50, 1});
    EXPECT_EQ(graph.targets().colour.get(), colour);
    EXPECT_EQ(colour->getTextureWidth(), 100);
    EXPECT_EQ(graph.targets().depth->getTextureHeight(), 50);
}

using FrameGraphLook = SmallScene;

TEST_F(FrameGraphLook, planesOneCentimetreApartSeparateAt20Kilometres) {
    addWhole(1, squarePack({0.0, 0.0, 0.01}, 20000.0F, {1, 0, 0, 1}));
    addWhole(2, squarePack({0.0, 0.0, 0.0}, 20000.0F, {0, 0, 1, 1})); // drawn later
    layer.show({1, 2});
    look({0.0, 0.0, 20000.0}, {0.0, 0.0, 0.0});
    EXPECT_EQ(count(draw(), {255, 0, 0}), kSide * kSide);
}

TEST_F(FrameGraphLook, hazeHidesWhatIsFarAndNotWhatIsNear) {
    constexpr glm::vec4 kBlack(0, 0, 0, 1);
    FrameLook hazy;
    hazy.haze = HazeOptions{};
    // Looking down from low above a far place: a wall of land at that distance.
    const auto seen = [&](double metres, const FrameLook& look) {
        MeshPack wall = squarePack({0.0, metres, 100.0}, 20000.0F, kBlack);
        for (glm::vec3& p : wall.parts[0].positions) {
            p = {p.x, 0.0F, p.y};
        }
        addWhole(1, wall);
        layer.show({1});
        this->look({0.0, 0.0, 100.0}, {0.0, metres, 100.0});
        frame.setLook(look);
        return middle(draw())[0];
    };
    const auto horizon = static_cast<double>(FrameLook{}.light.horizon.x()) * 255.0;
    EXPECT_EQ(seen(30000.0, {}), 0) << "off unless asked for";
    EXPECT_LE(seen(2000.0, hazy), 0.02 * horizon);
    EXPECT_NEAR(seen(10000.0, hazy), 0.25 * horizon, 0.08 * horizon);
    EXPECT_GE(seen(30000.0, hazy), 0.88 * horizon);
    frame.setFlatBackground({1.0F, 0.0F, 1.0F});
    EXPECT_EQ(seen(30000.0, hazy), 0) << "pictures to measure in have none";
}

TEST_F(FrameGraphLook, shadowsFallAwayFromTheSun) {
    addWhole(1, squarePack({0.0, 0.0, 0.0}, 500.0F, {1, 1, 1, 1}));
    addWhole(2, squarePack({0.0, 0.0, 20.0}, 10.0F, {1, 0, 0, 1}));
    layer.show({1, 2});
    look({0.0, 0.0, 150.0}, {0.0, 0.0, 0.0});
    FrameLook look;
    look.light.toSun = osg::Vec3f(-1.0F, 0.0F, 1.0F) / std::sqrt(2.0F); // shadow 20 m to the east
    look.shadows = ShadowOptions{.surveyedLight = 0.6F};
    frame.setLook(look);
    const auto raster = draw();
    const double metresPerPixel = 150.0 * std::tan(0.5) / 32.0;
    const auto eastOf = [&](double metres) {
        return pixel(raster, 32 + static_cast<int>(metres / metresPerPixel), 32);
    };
    EXPECT_EQ(eastOf(0.0), (Rgb{255, 0, 0})) << "what casts is in the sun";
    EXPECT_EQ(eastOf(22.0), (Rgb{153, 153, 153}));
    EXPECT_EQ(eastOf(-22.0), (Rgb{255, 255, 255}));
    EXPECT_EQ(eastOf(40.0), (Rgb{255, 255, 255}));
    // 20 m x 20 m of shadow at 2.6 m a pixel, and nothing else: no acne.
    const int lit = count(raster, {255, 255, 255}) + count(raster, {255, 0, 0});
    EXPECT_NEAR(kSide * kSide - lit, 61, 12);
    look.light.toSun = {-0.9F, 0.0F, -0.4F};
    frame.setLook(look);
    EXPECT_EQ(count(draw(), {153, 153, 153}), 0) << "no shadows at night";
    frame.setLook({});
    EXPECT_EQ(count(draw(), {153, 153, 153}), 0);
}

TEST_F(FrameGraphLook, shadedPartsFollowTheSunAndSurveyedOnesDoNot) {
    MeshPack shaded = squarePack({0.0, 0.0, 0.0}, 500.0F, {1, 1, 1, 1});
    shaded.parts[0].unlit = false;
    addWhole(1, shaded);
    addWhole(2, squarePack({0.0, 0.0, 0.0}, 500.0F, {1, 1, 1, 1}));
    look({0.0, 0.0, 100.0}, {0.0, 0.0, 0.0});
    const auto seen = [&](std::size_t tile, const viewer::scene::SkyLight& light) {
        layer.show({tile});
        FrameLook look;
        look.light = light;
        frame.setLook(look);
        return middle(draw())[0];
    };
    viewer::scene::SkyLight noon;
    noon.toSun = {0, 0, 1};
    noon.skyLight = {0.5F, 0.5F, 0.5F};
    noon.sunLight = {0.3F, 0.3F, 0.3F};
    viewer::scene::SkyLight night = noon;
    night.sunLight = {};
    EXPECT_NEAR(seen(1, noon), 0.8 * 255.0, 1.0);
    EXPECT_NEAR(seen(1, night), 0.5 * 255.0, 1.0);
    EXPECT_EQ(seen(2, night), 255);

    shaded.parts[0].normals.assign(4, {0.8F, 0.0F, 0.6F}); // as smooth surfaces have them
    addWhole(1, shaded);
    noon.groundLight = noon.skyLight;
    EXPECT_NEAR(seen(1, noon), (0.5 + 0.3 * 0.6) * 255.0, 1.5);
}

TEST_F(FrameGraphLook, smoothingMixesAtEdgesAlone) {
    frame.setFlatBackground({0.0F, 0.0F, 0.0F});
    addWhole(1, squarePack({60.0, 17.0, 0.0}, 50.0F, {1, 1, 1, 1}));
    layer.show({1});
    look({0.0, 0.0, 100.0}, {15.0, 0.5, 0.0});
    const auto between = [&] {
        const auto raster = draw();
        return kSide * kSide - count(raster, {0, 0, 0}) - count(raster, {255, 255, 255});
    };
    EXPECT_EQ(between(), 0);
    FrameLook look;
    look.smoothsEdges = true;
    frame.setLook(look);
    EXPECT_GT(between(), 20);
    EXPECT_LT(between(), 400);
}

} // namespace
} // namespace tests
