#include "viewer/render/still.h"

#include "tests/viewer/stream/synthetic_city.h"
#include "tiles3d/base/file.h"
#include "tiles3d/gltf/glb.h"
#include "tiles3d/image/image.h"
#include "viewer/render/egl_context.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

namespace {

namespace fs = std::filesystem;
using tests::Colour;
using tests::SyntheticCity;
using viewer::render::OffscreenCity;
using viewer::render::StillOptions;
using viewer::render::StillReport;
using viewer::stream::SessionOptions;

constexpr int kSide = 200;

/// A folder with the synthetic city; gone after the test. Skips only where EGL gives no context at
/// all, for which libgl1-mesa-dri (llvmpipe) is enough.
class Still : public ::testing::Test {
protected:
    void SetUp() override {
        if (const auto context = viewer::render::EglContext::create(); !context) {
            GTEST_SKIP() << context.error().message;
        }
        const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
        folder = fs::temp_directory_path() /
                 (std::string("city3d 图 ") + test->name() + std::to_string(::getpid()));
        SyntheticCity::build().writeTo(folder);
    }
    void TearDown() override {
        if (!folder.empty()) {
            fs::remove_all(folder);
        }
    }

    /// Straight down on the city's middle from 300 m: 346 m of ground from edge to edge.
    StillOptions lookingDown() const {
        const auto centre = SyntheticCity::frame().origin();
        viewer::camera::CameraPose pose{.position = centre,
                                        .pitch = tiles3d::geo::Angle::degrees(-90.0)};
        pose.position.heightMetres += 320.0;
        return {.picture = (folder / "picture.png").string(),
                .view = {.pose = pose, .widthPixels = kSide, .heightPixels = kSide}};
    }

    tiles3d::base::Result<StillReport> render(const StillOptions& options,
                                              const SessionOptions& session = {}) const {
        const auto city = OffscreenCity::open({.tilesets = {folder.string()}, .session = session});
        if (!city) {
            return city.error();
        }
        return viewer::render::renderStill(**city, options);
    }

    tiles3d::image::Raster picture() const {
        const auto bytes = tiles3d::base::readFile(folder / "picture.png");
        EXPECT_TRUE(bytes);
        auto raster = tiles3d::image::decode(*bytes);
        EXPECT_TRUE(raster);
        return *std::move(raster);
    }

    fs::path folder;
};

Colour pixelAt(const tiles3d::image::Raster& raster, int x, int y) {
    const std::size_t at =
        (static_cast<std::size_t>(y) * raster.width + static_cast<std::size_t>(x)) *
        raster.channels;
    const auto channel = [&](std::size_t i) {
        return std::to_integer<std::uint8_t>(raster.pixels[at + i]);
    };
    return {channel(0), channel(1), channel(2)};
}

/// Light, and rather blue than warm: no city colour, no black.
bool isSky(const Colour& colour) {
    return colour[0] > 120 && colour[2] >= colour[0] && colour[2] >= colour[1];
}

TEST_F(Still, showsEachQuarterInItsPlace) {
    const auto report = render(lookingDown());
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->picture.drawnTiles, 4U);
    EXPECT_EQ(report->picture.drawnTriangles, 8U);
    EXPECT_TRUE(report->load.failures.empty());
    const auto raster = picture();
    ASSERT_EQ(raster.width, std::uint32_t{kSide});
    EXPECT_EQ(pixelAt(raster, 75, 75), SyntheticCity::kNorthWest);
    EXPECT_EQ(pixelAt(raster, 125, 75), SyntheticCity::kNorthEast);
    EXPECT_EQ(pixelAt(raster, 75, 125), SyntheticCity::kSouthWest);
    EXPECT_EQ(pixelAt(raster, 125, 125), SyntheticCity::kSouthEast);
    // 100 m at a distance of 300 m are 57.7 pixels: the city ends between 42 and 43.
    EXPECT_EQ(pixelAt(raster, 43, 75), SyntheticCity::kNorthWest);
    EXPECT_TRUE(isSky(pixelAt(raster, 41, 75)));
    for (const int corner : {2, kSide - 3}) {
        EXPECT_TRUE(isSky(pixelAt(raster, corner, 2)));
        EXPECT_TRUE(isSky(pixelAt(raster, corner, kSide - 3)));
    }
}

TEST_F(Still, twoRunsGiveTheSameBytes) {
    StillOptions options = lookingDown();
    options.fit.emplace();
    ASSERT_TRUE(render(options));
    const auto first = tiles3d::base::readFile(options.picture);
    fs::remove(options.picture);
    ASSERT_TRUE(render(options, {.threads = 1}));
    const auto second = tiles3d::base::readFile(options.picture);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(*first, *second);
}

TEST_F(Still, missingTileIsReportedAndThePictureWritten) {
    fs::remove(folder / SyntheticCity::kSouthWestFile);
    const auto report = render(lookingDown());
    ASSERT_TRUE(report) << report.error().message;
    ASSERT_EQ(report->load.failures.size(), 1U);
    const auto raster = picture();
    EXPECT_EQ(pixelAt(raster, 125, 75), SyntheticCity::kNorthEast);
    EXPECT_NE(pixelAt(raster, 75, 125), SyntheticCity::kSouthWest);
}

/// A ridge of 100 m x 100 m from south to north: one face looks west, one east, no texture.
tiles3d::base::Bytes ridgeGlb() {
    tiles3d::gltf::Model model;
    model.materials.push_back({.name = "bare"});
    tiles3d::gltf::Primitive primitive;
    primitive.mesh.positions = {
        {-100, 0, 20}, {-50, 0, 70}, {0, 0, 20}, {-100, 100, 20}, {-50, 100, 70}, {0, 100, 20}};
    primitive.mesh.indices = {0, 1, 4, 0, 4, 3, 1, 2, 5, 1, 5, 4};
    model.primitives.push_back(std::move(primitive));
    const auto glb = tiles3d::gltf::writeGlb(model, {.codec = tiles3d::gltf::GeometryCodec::Plain});
    EXPECT_TRUE(glb);
    return *glb;
}

TEST_F(Still, untexturedFacesAreShadedByTheirDirection) {
    ASSERT_TRUE(tiles3d::base::writeFile(folder / "nw.glb", ridgeGlb()));
    const auto report = render(lookingDown());
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_TRUE(report->load.failures.empty());
    const auto raster = picture();
    const Colour west = pixelAt(raster, 55, 70);
    const Colour east = pixelAt(raster, 90, 70);
    EXPECT_GT(west[0], east[0] + 10); // the soft sun stands in the south-west
    EXPECT_GT(east[0], 80);
    EXPECT_EQ(west[0], west[1]); // grey
}

TEST_F(Still, fittedViewHasTheCityInTheMiddle) {
    StillOptions options = lookingDown();
    options.fit.emplace();
    options.view.widthPixels = 320;
    const auto report = render(options);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_NEAR(report->pose.pitch.degrees(), -35.0, 0.1);
    const auto raster = picture();
    EXPECT_FALSE(isSky(pixelAt(raster, 160, 100)));
    for (const int x : {1, 318}) {
        EXPECT_TRUE(isSky(pixelAt(raster, x, 100)));
    }
}

TEST_F(Still, refusesWhatCannotBe) {
    StillOptions options = lookingDown();
    options.view.widthPixels = 0;
    EXPECT_FALSE(render(options));
    EXPECT_FALSE(OffscreenCity::open({.tilesets = {(folder / "none").string()}}));
    options = lookingDown();
    options.picture = (folder / "no folder" / "picture.png").string();
    EXPECT_FALSE(render(options));
}

TEST_F(Still, programSaysHowItWent) {
    const auto run = [&](const std::string& arguments) {
        const std::string command = std::string("env -u DISPLAY '") + CITY3D_VIEWER + "' '" +
                                    folder.string() + "' " + arguments + " > '" +
                                    (folder / "out").string() + "' 2> '" +
                                    (folder / "err").string() + "'";
        return WEXITSTATUS(std::system(command.c_str())); // NOLINT(cert-env33-c): our own program
    };
    const std::string render = "--render '" + (folder / "p.png").string() + "' --size 64x64";
    EXPECT_EQ(run(render + " --json"), 0);
    const auto text = tiles3d::base::readTextFile(folder / "out");
    ASSERT_TRUE(text);
    const auto json = tiles3d::base::parseJson(*text);
    ASSERT_TRUE(json);
    EXPECT_EQ((*json)["tilesFailed"].integerOr(-1), 0);
    const std::string camera = (*json)["camera"].stringOr("");
    EXPECT_EQ(run(render + " --camera " + camera), 0);

    fs::remove(folder / "se.glb");
    EXPECT_EQ(run(render + " --sse 1"), 3);
    const auto errors = tiles3d::base::readTextFile(folder / "err");
    ASSERT_TRUE(errors);
    EXPECT_NE(errors->find("se.glb"), std::string::npos);

    EXPECT_EQ(run(""), 1); // no display
    EXPECT_NE(tiles3d::base::readTextFile(folder / "err")->find("--render"), std::string::npos);
    EXPECT_EQ(run("--size 5"), 2);
}

} // namespace
