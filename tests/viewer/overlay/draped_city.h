#pragma once

#include "pipeline/planning/gdal_runtime.h"
#include "pipeline/planning/vector_writer.h"
#include "tests/viewer/stream/synthetic_city.h"
#include "tiles3d/base/file.h"
#include "tiles3d/image/image.h"
#include "viewer/camera/camera_pose.h"
#include "viewer/overlay/layer_set.h"
#include "viewer/render/egl_context.h"
#include "viewer/render/still.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

// Pictures of layers on the synthetic city.

namespace viewer::overlay {

namespace fs = std::filesystem;
using pipeline::planning::Ring;
using pipeline::planning::VectorLayer;
using pipeline::planning::style::DrapeMode;
using pipeline::planning::style::FillKind;
using pipeline::planning::style::LayerStyle;
using pipeline::planning::style::Unit;
using tests::Colour;
using tests::SyntheticCity;
using tiles3d::geo::Angle;
using tiles3d::image::Raster;

inline constexpr std::uint64_t kSeed = 20240609;
inline constexpr int kWidth = 320;
inline constexpr int kHeight = 240;
/// The quarters' tops in the scene's frame: 15 m of the city's frame and 20 m of their own.
inline constexpr double kTop = 35.0;
inline constexpr Colour kLine{0, 191, 255};
inline constexpr double kFillAlpha = 0.25;
inline constexpr double kHalfLinePixels = 1.25;
inline constexpr double kCasingPixels = 1.0;

inline LayerStyle plainStyle() {
    const glm::vec3 colour(0.0F, 191.0F / 255.0F, 1.0F);
    return {.other = {.fill = FillKind::Solid,
                      .fillColour = colour,
                      .fillAlpha = static_cast<float>(kFillAlpha),
                      .lineColour = colour,
                      .lineWidth = static_cast<float>(2.0 * kHalfLinePixels)}};
}

inline VectorLayer layerOf(const std::vector<Ring>& rings) {
    VectorLayer layer{.name = "parcels"};
    for (const Ring& ring : rings) {
        layer.features.push_back({.geometry = {.polygons = {{.outer = ring}}}});
    }
    return layer;
}

/// East, north and height above the scene's origin; all plane coordinates agree with these within
/// 1 mm on the synthetic city.
inline camera::CameraPose poseAt(const glm::dvec3& place, double heading, double pitch) {
    tiles3d::geo::Cartographic origin = SyntheticCity::frame().origin();
    origin.heightMetres = 0.0;
    const tiles3d::geo::EnuFrame scene(origin);
    return {.position = tiles3d::geo::toCartographic(scene.toEcef({place})),
            .heading = Angle::degrees(heading),
            .pitch = Angle::degrees(pitch)};
}

struct View {
    glm::dvec3 place{0.0};
    double heading = 0.0;
    double pitch = -90.0;
    double fovDegrees = 60.0;
    int mostPartPixels = 2048;
};

/// The synthetic city in a folder of its own; skips where there is no EGL.
class DrapedCity : public ::testing::Test {
protected:
    void SetUp() override {
        if (const auto context = render::EglContext::create(); !context) {
            GTEST_SKIP() << context.error().message;
        }
        const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
        folder = fs::temp_directory_path() /
                 ("city3d drape " + std::to_string(::getpid()) + test->name());
        SyntheticCity::build().writeTo(folder);
    }
    void TearDown() override {
        if (!folder.empty()) {
            fs::remove_all(folder);
        }
    }

    struct Scene {
        std::vector<VectorLayer> layers;
        std::vector<LayerStyle> styles; ///< plainStyle() for what is missing.
        std::function<void(LayerSet&)> set;
    };

    /// The layers as a store of their own.
    std::shared_ptr<LayerSet> lay(const Scene& scene, const render::CityView& city) const {
        std::vector<VectorLayer> layers = scene.layers;
        for (std::size_t i = 0; i < layers.size(); ++i) {
            layers[i].name = "layer " + std::to_string(i);
            layers[i].crs = localPlane(city.sceneFrame());
        }
        const fs::path file = folder / "layers.gpkg";
        EXPECT_TRUE(pipeline::planning::writeGeoPackage(file, layers));
        const auto store = pipeline::planning::LayerStore::open({file});
        EXPECT_TRUE(store) << store.error().message;
        std::vector<LayerStyle> styles = scene.styles;
        styles.resize(layers.size(), plainStyle());
        auto set = LayerSet::create(
            *store, styles, {.scene = city.sceneFrame(), .halfExtentMetres = 1000.0});
        EXPECT_TRUE(set) << set.error().message;
        for (std::size_t i = 0; i < layers.size(); ++i) {
            (*set)->setVisible(i, true);
        }
        if (scene.set) {
            scene.set(**set);
        }
        return *set;
    }

    Raster render(const View& view, const Scene& scene) const {
        const auto city = render::OffscreenCity::open({.tilesets = {folder.string()}});
        EXPECT_TRUE(city) << city.error().message;
        if (!scene.layers.empty()) {
            (*city)->city().setLayers(lay(scene, (*city)->city()));
        }
        return picture(**city, view);
    }
    Raster picture(render::OffscreenCity& city, const View& view) const {
        const render::StillOptions options{
            .picture = (folder / "picture.png").string(),
            .view = {.pose = poseAt(view.place, view.heading, view.pitch),
                     .widthPixels = kWidth,
                     .heightPixels = kHeight,
                     .verticalFovRadians = Angle::degrees(view.fovDegrees).radians()},
            .drawing = {.mostPartPixels = view.mostPartPixels}};
        const auto report = render::renderStill(city, options);
        EXPECT_TRUE(report) << report.error().message;
        const auto bytes = tiles3d::base::readFile(options.picture);
        EXPECT_TRUE(bytes);
        auto raster = tiles3d::image::decode(*bytes);
        EXPECT_TRUE(raster);
        return *std::move(raster);
    }

    fs::path folder;
    pipeline::planning::GdalRuntime gdal;
};

inline Colour pixelAt(const Raster& raster, int x, int y) {
    const std::size_t at =
        (static_cast<std::size_t>(y) * raster.width + static_cast<std::size_t>(x)) *
        raster.channels;
    const auto channel = [&](std::size_t i) {
        return std::to_integer<std::uint8_t>(raster.pixels[at + i]);
    };
    return {channel(0), channel(1), channel(2)};
}

inline bool isNear(const Colour& a, const Colour& b) {
    constexpr int kRounding = 3;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (std::abs(a.at(i) - b.at(i)) > kRounding) {
            return false;
        }
    }
    return true;
}

} // namespace viewer::overlay
