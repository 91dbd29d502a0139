#include "viewer/overlay/label_layer.h"

#include "tests/viewer/stream/synthetic_city.h"
#include "tiles3d/base/file.h"
#include "tiles3d/image/image.h"
#include "viewer/camera/frame_camera.h"
#include "viewer/render/egl_context.h"
#include "viewer/render/still.h"

#include <glm/gtc/type_ptr.hpp>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <vector>

namespace viewer::overlay {
namespace {

namespace fs = std::filesystem;
using tests::SyntheticCity;
using tiles3d::geo::Angle;
using tiles3d::image::Raster;

constexpr int kPixels = 200;
constexpr double kTop = 35.0; ///< Of the synthetic city, in the scene's frame.

MapLabel point(const std::string& text) {
    MapLabel label;
    label.feature = {0, 1};
    label.kind = pipeline::planning::GeometryKind::Point;
    label.text = text;
    label.symbol.fill = pipeline::planning::style::FillKind::Solid;
    label.symbol.fillColour = {1.0F, 0.0F, 1.0F};
    label.symbol.lineWidth = 0.0F;
    label.symbol.pointPixels = 16.0F;
    auto style = std::make_shared<pipeline::planning::style::LayerStyle>();
    style->labelColour = {0.0F, 1.0F, 1.0F};
    style->labelPixels = 20.0F;
    label.style = style;
    return label;
}

/// The synthetic city from 100 m above its middle.
class LabelledCity : public testing::Test {
protected:
    void SetUp() override {
        if (const auto context = render::EglContext::create(); !context) {
            GTEST_SKIP() << context.error().message;
        }
        folder = fs::temp_directory_path() / ("city3d labels " + std::to_string(::getpid()));
        SyntheticCity::build().writeTo(folder);
    }
    void TearDown() override {
        if (!folder.empty()) {
            fs::remove_all(folder);
        }
    }

    static camera::CameraPose pose() {
        tiles3d::geo::Cartographic origin = SyntheticCity::frame().origin();
        origin.heightMetres = 0.0;
        const tiles3d::geo::EnuFrame scene(origin);
        return {.position =
                    tiles3d::geo::toCartographic(scene.toEcef({{20.0, 20.0, kTop + 100.0}})),
                .heading = Angle::degrees(0.0),
                .pitch = Angle::degrees(-90.0)};
    }

    /// With a point so far above the city's top in the middle of the picture.
    Raster render(double aboveMetres, double pixelScale) const {
        const auto city = render::OffscreenCity::open({.tilesets = {folder.string()}});
        EXPECT_TRUE(city) << city.error().message;
        const render::PictureView picture{.pose = pose(),
                                          .widthPixels = kPixels,
                                          .heightPixels = kPixels,
                                          .verticalFovRadians = Angle::degrees(90.0).radians()};
        LabelLayer layer(*LabelFont::open(), pixelScale);
        const MapLabel label = point("田");
        const auto camera =
            camera::frameCamera(pose(), picture.lens(), (*city)->city().sceneFrame());
        LabelView view;
        view.clipFromScene = glm::make_mat4((camera.sceneToEye * camera.eyeToClip).ptr());
        view.picturePixels = glm::dvec2(kPixels);
        view.partPixels = view.picturePixels;
        view.metresPerPixelAtOne = 2.0 / kPixels;
        const glm::dvec3 place(20.0, 20.0, kTop + aboveMetres);
        EXPECT_TRUE(layer.update(std::vector<StandingLabel>{{&label, place}}, view));
        EXPECT_EQ(layer.drawnLabels(), 1U);
        (*city)->city().frame().setMarks(layer.node());
        const auto report = render::renderStill(
            **city, {.picture = (folder / "picture.png").string(), .view = picture});
        EXPECT_TRUE(report) << report.error().message;
        (*city)->city().frame().setMarks(nullptr);
        return *tiles3d::image::decode(*tiles3d::base::readFile(folder / "picture.png"));
    }

    fs::path folder;
};

std::size_t count(const Raster& raster, const std::array<int, 3>& colour) {
    std::size_t found = 0;
    for (std::size_t i = 0; i < raster.pixels.size(); i += raster.channels) {
        bool isIt = true;
        for (std::size_t c = 0; c < 3; ++c) {
            isIt = isIt && std::abs(std::to_integer<int>(raster.pixels[i + c]) - colour.at(c)) < 6;
        }
        found += isIt ? 1U : 0U;
    }
    return found;
}

constexpr std::array<int, 3> kDisc{255, 0, 255};
constexpr std::array<int, 3> kText{0, 255, 255};
constexpr std::array<int, 3> kHalo{15, 15, 15};

TEST_F(LabelledCity, aDiscOfItsSizeAndALetterWithItsHalo) {
    const Raster picture = render(0.0, 1.0);
    EXPECT_NEAR(static_cast<double>(count(picture, kDisc)), 3.1416 * 8.0 * 8.0, 30.0);
    EXPECT_GT(count(picture, kText), 30U);
    EXPECT_GT(count(picture, kHalo), 5U);
}

TEST_F(LabelledCity, twiceThePixelsOnADenseScreen) {
    const double plain = static_cast<double>(count(render(0.0, 1.0), kDisc));
    EXPECT_NEAR(static_cast<double>(count(render(0.0, 2.0), kDisc)), 4.0 * plain, 0.3 * plain);
}

TEST_F(LabelledCity, whatLiesWellBelowTheSurfaceIsHidden) {
    const Raster picture = render(-20.0, 1.0);
    EXPECT_EQ(count(picture, kDisc), 0U);
    EXPECT_EQ(count(picture, kText), 0U);
    EXPECT_GT(count(render(-1.0, 1.0), kDisc), 100U); // within what levels of detail differ by
}

} // namespace
} // namespace viewer::overlay
