#include "viewer/overlay/layer_set.h"

#include "tests/viewer/overlay/draped_city.h"
#include "tiles3d/gltf/glb.h"
#include "viewer/camera/map_motion.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <random>

// The shader's picture against a reference that shares nothing with it: rays and edges in double,
// brute force over all edges, distances measured in the picture.

namespace viewer::overlay {
namespace {

Colour filled(const Colour& base) {
    Colour out;
    for (std::size_t i = 0; i < base.size(); ++i) {
        out.at(i) = static_cast<std::uint8_t>(
            std::lround(base.at(i) + (kLine.at(i) - base.at(i)) * kFillAlpha));
    }
    return out;
}

double distanceToSegment(const glm::dvec2& a, const glm::dvec2& b, const glm::dvec2& p) {
    const glm::dvec2 along = b - a;
    const double t =
        glm::clamp(glm::dot(p - a, along) / std::max(glm::dot(along, along), 1e-12), 0.0, 1.0);
    return glm::distance(p, a + along * t);
}

/// What a camera sees of the level plane of the quarters' tops.
class Reference {
public:
    Reference(const View& view, const std::vector<Ring>& rings) : rings_(rings) {
        const camera::CameraPose pose = poseAt(view.place, view.heading, view.pitch);
        tiles3d::geo::Cartographic origin = SyntheticCity::frame().origin();
        origin.heightMetres = 0.0;
        axes_ = camera::axesInScene(pose, tiles3d::geo::EnuFrame(origin));
        lens_ = {Angle::degrees(view.fovDegrees).radians(), kWidth, kHeight};
        for (const Ring& ring : rings) {
            for (std::size_t i = 0; i < ring.size(); ++i) {
                addEdge(ring[i], ring[(i + 1) % ring.size()]);
            }
        }
    }

    /// Where the pixel's middle meets the plane; y counts from the top.
    std::optional<glm::dvec2> groundAt(int x, int y) const {
        const glm::dvec3 ray = camera::directionThrough(axes_, lens_, {x + 0.5, kHeight - y - 0.5});
        const double t = (kTop - axes_.eye.z) / ray.z;
        constexpr double kFarthest = 99.5; // the city's rim is half covered
        const glm::dvec3 hit = axes_.eye + ray * t;
        if (t <= 0.0 || std::abs(hit.x) > kFarthest || std::abs(hit.y) > kFarthest) {
            return std::nullopt;
        }
        return glm::dvec2(hit);
    }

    bool isInside(const glm::dvec2& p) const {
        bool inside = false;
        for (const Ring& ring : rings_) {
            for (std::size_t i = 0; i < ring.size(); ++i) {
                const glm::dvec2& a = ring[i];
                const glm::dvec2& b = ring[(i + 1) % ring.size()];
                const bool crosses = (a.y <= p.y) != (b.y <= p.y);
                inside ^= crosses && a.x + (p.y - a.y) * (b.x - a.x) / (b.y - a.y) < p.x;
            }
        }
        return inside;
    }

    /// Pixels to the nearest edge as it stands in the picture.
    double distanceAt(int x, int y) const {
        double best = 1e9;
        for (const auto& [a, b] : edges_) {
            best = std::min(best, distanceToSegment(a, b, {x + 0.5, kHeight - y - 0.5}));
        }
        return best;
    }

private:
    /// Right, up and ahead of the camera.
    glm::dvec3 toEye(const glm::dvec2& ground) const {
        const glm::dvec3 offset = glm::dvec3(ground, kTop) - axes_.eye;
        const glm::dvec3 right = glm::cross(axes_.direction, axes_.up);
        return {
            glm::dot(offset, right), glm::dot(offset, axes_.up), glm::dot(offset, axes_.direction)};
    }

    glm::dvec2 toPixel(const glm::dvec3& eye) const {
        const double focal = kHeight / 2.0 / std::tan(lens_.verticalFovRadians / 2.0);
        return glm::dvec2(kWidth, kHeight) / 2.0 + glm::dvec2(eye) * (focal / eye.z);
    }

    void addEdge(const glm::dvec2& from, const glm::dvec2& to) {
        constexpr double kNear = 0.05;
        glm::dvec3 a = toEye(from);
        glm::dvec3 b = toEye(to);
        if (a.z < kNear && b.z < kNear) {
            return;
        }
        if (a.z < kNear) {
            a += (b - a) * ((kNear - a.z) / (b.z - a.z));
        } else if (b.z < kNear) {
            b += (a - b) * ((kNear - b.z) / (a.z - b.z));
        }
        edges_.emplace_back(toPixel(a), toPixel(b));
    }

    std::vector<Ring> rings_;
    camera::CameraAxes axes_;
    camera::Lens lens_;
    std::vector<std::pair<glm::dvec2, glm::dvec2>> edges_;
};

Ring star(double radius, int points) {
    std::mt19937_64 random(kSeed);
    std::uniform_real_distribution<double> share(0.4, 1.0);
    Ring ring;
    for (int i = 0; i < points; ++i) {
        const double angle = 6.283185307179586 * i / points;
        ring.push_back(radius * share(random) * glm::dvec2(std::cos(angle), std::sin(angle)));
    }
    return ring;
}

TEST_F(DrapedCity, everyPixelIsWhatTheReferenceSays) {
    const std::vector<Ring> rings{star(90.0, 17)};
    // A pixel is the mean of samples a quarter of a pixel off its middle, each with a soft edge;
    // the shader takes the ground's steepening towards the horizon as even over the line's width.
    constexpr double kSoft = 0.5 + 0.36 + 0.2;
    constexpr double kSteepening = 0.5;
    const std::vector<View> views = {{{0, 0, 250}},
                                     {{-20, -140, 110}, 12.0, -35.0},
                                     {{30, -60, 41}, -20.0, -12.0},
                                     {{0, -95, 45}, 5.0, -6.0},    // grazing
                                     {{4, -60, 35.6}, 0.0, -40.0}, // 1 mm to a pixel
                                     {{0, 0, 2500}, 33.0, -90.0, 5.0},
                                     {{-400, -900, 700}, 24.0, -33.0, 9.0}};
    for (const View& view : views) {
        const Raster bare = render(view, {});
        const Raster draped = render(view, {.layers = {layerOf(rings)}});
        const Reference reference(view, rings);
        int checked = 0;
        int wrong = 0;
        for (int y = 0; y < kHeight; ++y) {
            for (int x = 0; x < kWidth; ++x) {
                const auto ground = reference.groundAt(x, y);
                if (!ground) {
                    continue;
                }
                const double pixels = reference.distanceAt(x, y);
                const Colour base = pixelAt(bare, x, y);
                const Colour got = pixelAt(draped, x, y);
                if (pixels > kHalfLinePixels + kCasingPixels + kSoft + kSteepening) {
                    const Colour surface = reference.isInside(*ground) ? filled(base) : base;
                    ++checked;
                    wrong += isNear(got, surface) ? 0 : 1;
                } else if (pixels < kHalfLinePixels - kSoft) {
                    ++checked;
                    wrong += isNear(got, kLine) ? 0 : 1;
                }
            }
        }
        EXPECT_GT(checked, 5000) << view.place.z;
        EXPECT_LE(wrong, checked / 1000) << "of " << checked << " from " << view.place.z << " m";
    }
}

TEST_F(DrapedCity, aLineRunsDownAWallUnbroken) {
    tiles3d::gltf::Model model;
    model.materials.push_back({.name = "bare"});
    tiles3d::gltf::Primitive wall;
    wall.mesh.positions = {{-100, 50, 0}, {0, 50, 0}, {0, 50, 80}, {-100, 50, 80}};
    wall.mesh.indices = {0, 1, 2, 0, 2, 3};
    model.primitives.push_back(std::move(wall));
    const auto glb = tiles3d::gltf::writeGlb(model, {.codec = tiles3d::gltf::GeometryCodec::Plain});
    ASSERT_TRUE(glb);
    ASSERT_TRUE(tiles3d::base::writeFile(folder / "nw.glb", *glb));

    // Aslant to the wall, which it meets at x = -50; and one beside the wall, that must not show.
    VectorLayer layer{.name = "lines", .kind = pipeline::planning::GeometryKind::Line};
    layer.features.push_back(
        {.geometry = {.lines = {{{-85.0, 15.0}, {-15.0, 85.0}}, {{-100.0, 50.4}, {0.0, 50.4}}}}});
    const View view{{-50.0, -50.0, 60.0}, 0.0, 0.0};
    const Raster bare = render(view, {});
    const Raster draped = render(view, {.layers = {layer}});
    for (int y = 55; y < 200; ++y) {
        for (int x = 60; x < 260; ++x) {
            const double pixels = std::abs(x + 0.5 - kWidth / 2.0);
            const Colour got = pixelAt(draped, x, y);
            if (pixels > 4.0) {
                ASSERT_TRUE(isNear(got, pixelAt(bare, x, y))) << x << ", " << y;
            } else if (pixels < 1.0) {
                ASSERT_LT(got[0], 60) << x << ", " << y;
                ASSERT_GT(got[2], 180) << x << ", " << y;
            }
        }
    }
}

TEST_F(DrapedCity, smallParcelsDoNotDrownInTheirOutlines) {
    std::vector<Ring> rings;
    constexpr double kSide = 4.0;
    for (double x = -20.0; x < 20.0; x += kSide) {
        for (double y = -20.0; y < 20.0; y += kSide) {
            rings.push_back({{x, y}, {x + kSide, y}, {x + kSide, y + kSide}, {x, y + kSide}});
        }
    }
    for (const double height : {500.0, 1000.0, 2000.0}) { // 2, 5 and 9 m to a pixel
        const View view{{0.0, 0.0, height}};
        const Raster bare = render(view, {});
        const Raster draped = render(view, {.layers = {layerOf(rings)}});
        const Colour base = pixelAt(bare, kWidth / 2 + 1, kHeight / 2 + 1);
        const Colour got = pixelAt(draped, kWidth / 2 + 1, kHeight / 2 + 1);
        for (std::size_t i = 0; i < base.size(); ++i) {
            EXPECT_NEAR(got.at(i), base.at(i), 60) << height;
        }
    }
}

TEST_F(DrapedCity, linesCrossTheSeamsOfPartsUnchanged) {
    View view{{0, -150, 220}, 10.0, -50.0};
    const std::vector<VectorLayer> layers = {layerOf({star(90.0, 9)})};
    const Raster whole = render(view, {.layers = layers});
    view.mostPartPixels = 96; // 4 x 3 parts
    const Raster parts = render(view, {.layers = layers});
    std::size_t differing = 0;
    for (int y = 0; y < kHeight; ++y) {
        for (int x = 0; x < kWidth; ++x) {
            const Colour a = pixelAt(whole, x, y);
            const Colour b = pixelAt(parts, x, y);
            const auto isFar = [](std::uint8_t c, std::uint8_t d) { return std::abs(c - d) > 2; };
            differing += std::equal(a.begin(), a.end(), b.begin(), std::not_fn(isFar)) ? 0U : 1U;
        }
    }
    EXPECT_LE(differing, std::size_t{kWidth * kHeight / 1000});
    EXPECT_NE(whole.pixels, render({view.place, 10.0, -50.0}, {}).pixels);
}

TEST_F(DrapedCity, layersAreHiddenAndFadedByNumber) {
    const View view{{0, 0, 250}};
    const VectorLayer wide = layerOf({{{-90, -90}, {90, -90}, {90, 90}, {-90, 90}}});
    const VectorLayer narrow = layerOf({star(60.0, 9)});
    const Raster bare = render(view, {});
    const Raster first = render(view, {.layers = {wide}});
    const auto without = [&](std::size_t layer) {
        return render(view, {.layers = {wide, narrow}, .set = [&](LayerSet& layers) {
                                 ASSERT_EQ(layers.count(), 2U);
                                 layers.setVisible(layer, false);
                             }});
    };
    EXPECT_EQ(without(1).pixels, first.pixels);
    EXPECT_NE(without(0).pixels, first.pixels);

    const Raster half = render(
        view, {.layers = {wide}, .set = [](LayerSet& layers) { layers.setOpacity(0, 0.5F); }});
    const int x = kWidth / 2;
    const int y = kHeight / 2;
    for (std::size_t i = 0; i < 3; ++i) {
        const double middle = (pixelAt(bare, x, y).at(i) + pixelAt(first, x, y).at(i)) / 2.0;
        EXPECT_NEAR(pixelAt(half, x, y).at(i), middle, 1.0);
    }
}

/// Pixels of the row through the picture's middle whose blue the line has raised, as parts of one.
double lineWidthAcross(const Raster& bare, const Raster& draped, const Colour& line) {
    double width = 0.0;
    for (int x = 0; x < kWidth; ++x) {
        const double from = pixelAt(bare, x, kHeight / 2)[0];
        const double now = pixelAt(draped, x, kHeight / 2)[0];
        width += (now - from) / (line[0] - from);
    }
    return width;
}

TEST_F(DrapedCity, aPixelWideLineStaysOneFromFiftyMetresToFiftyKilometres) {
    VectorLayer layer{.name = "line", .kind = pipeline::planning::GeometryKind::Line};
    layer.features.push_back({.geometry = {.lines = {{{3.0, -300.0}, {3.0, 300.0}}}}});
    LayerStyle style;
    style.other.lineColour = {1.0F, 1.0F, 1.0F};
    style.other.casingPixels = 0.0F;
    for (const double height : {50.0, 500.0, 5000.0, 50000.0}) {
        // From far away through a longer lens, so that the city does not shrink to less than that.
        const View view{{3.0, 0.0, kTop + height}, 0.0, -90.0, height > 1000.0 ? 1.0 : 60.0};
        const Raster bare = render(view, {});
        const Raster draped = render(view, {.layers = {layer}, .styles = {style}});
        EXPECT_NEAR(lineWidthAcross(bare, draped, {255, 255, 255}), 1.0, 0.2) << height;
    }
}

TEST_F(DrapedCity, aWidthInMetresIsThatOnTheGround) {
    VectorLayer layer{.name = "road", .kind = pipeline::planning::GeometryKind::Line};
    layer.features.push_back({.geometry = {.lines = {{{0.0, -90.0}, {0.0, 90.0}}}}});
    LayerStyle style;
    style.other.lineColour = {1.0F, 1.0F, 1.0F};
    style.other.lineWidth = 24.0F;
    style.other.lineUnit = Unit::Metres;
    style.other.casingPixels = 0.0F;
    for (const double height : {30.0, 100.0, 800.0}) {
        const View view{{2.0, 0.0, kTop + height}};
        const double metresPerPixel =
            2.0 * height * std::tan(Angle::degrees(30.0).radians()) / kHeight;
        const Raster bare = render(view, {});
        const Raster draped = render(view, {.layers = {layer}, .styles = {style}});
        EXPECT_NEAR(lineWidthAcross(bare, draped, {255, 255, 255}), 24.0 / metresPerPixel, 0.5)
            << height;
    }
}

TEST_F(DrapedCity, changesShowInTheNextFrameAndThePictureIsTheSameWhateverCameBefore) {
    const View view{{0, -60, 180}, 8.0, -65.0};
    const Scene scene{.layers = {layerOf({star(90.0, 17)}), layerOf({star(50.0, 7)})}};
    const Raster second = render(view, {.layers = scene.layers, .set = [](LayerSet& layers) {
                                            layers.setVisible(0, false);
                                        }});
    const auto city = render::OffscreenCity::open({.tilesets = {folder.string()}});
    ASSERT_TRUE(city);
    const auto set = lay(scene, (*city)->city());
    (*city)->city().setLayers(set);
    const Raster first = picture(**city, view);
    set->setOpacity(0, 0.3F);
    EXPECT_NE(picture(**city, view).pixels, first.pixels);
    set->setOpacity(0, 1.0F);
    LayerStyle red = plainStyle();
    red.other.fillColour = {1.0F, 0.0F, 0.0F};
    set->setStyle(1, red);
    EXPECT_NE(picture(**city, view).pixels, first.pixels);
    set->setStyle(1, plainStyle());
    set->setSelected({{0, 1}});
    EXPECT_NE(picture(**city, view).pixels, first.pixels);
    set->setSelected({});
    set->setHovered(pipeline::planning::FeatureRef{1, 1});
    EXPECT_NE(picture(**city, view).pixels, first.pixels);
    set->setHovered(std::nullopt);
    set->setFilter(0, std::vector<std::int64_t>{});
    EXPECT_EQ(picture(**city, view).pixels, second.pixels);
    set->setFilter(0, std::nullopt);
    picture(**city, {{40, 30, 2000}}); // pages of other levels
    EXPECT_EQ(picture(**city, view).pixels, first.pixels);
    EXPECT_TRUE(set->takeMessages().empty());
}

TEST_F(DrapedCity, aSketchLiesOnTopAndGoesAgain) {
    const View view{{0, 0, 250}};
    const Scene plain{.layers = {layerOf({star(90.0, 9)})}};
    const auto sketched = [&](bool goesAgain) {
        return render(
            view,
            {.layers = plain.layers, .set = [&](LayerSet& layers) {
                 layers.setSketch(
                     {{{.polygons = {{.outer = {{-20, -20}, {20, -20}, {20, 20}, {-20, 20}}}}},
                       {.fill = FillKind::Solid,
                        .fillColour = {1.0F, 1.0F, 1.0F},
                        .fillAlpha = 1.0F}}});
                 if (goesAgain) {
                     layers.setSketch({});
                 }
             }});
    };
    EXPECT_TRUE(isNear(pixelAt(sketched(false), kWidth / 2, kHeight / 2), {255, 255, 255}));
    EXPECT_EQ(sketched(true).pixels, render(view, plain).pixels);
}

TEST_F(DrapedCity, aFootprintWithHeightsColoursOneBuilding) {
    VectorLayer layer = layerOf({{{-60, -60}, {60, -60}, {60, 60}, {-60, 60}}});
    layer.fields = {{.name = "base", .type = pipeline::planning::FieldType::Real},
                    {.name = "top", .type = pipeline::planning::FieldType::Real}};
    LayerStyle style = plainStyle();
    style.mode = DrapeMode::HeightRange;
    style.baseField = "base";
    style.topField = "top";
    const View view{{0, 0, 250}};
    const Raster bare = render(view, {});
    const auto drawn = [&](double base, double top) {
        layer.features[0].values = {base, top};
        return pixelAt(
            render(view, {.layers = {layer}, .styles = {style}}), kWidth / 2, kHeight / 2);
    };
    const Colour below = pixelAt(bare, kWidth / 2, kHeight / 2);
    EXPECT_TRUE(isNear(drawn(kTop - 10.0, kTop + 1.0), filled(below)));
    EXPECT_TRUE(isNear(drawn(kTop - 10.0, kTop - 2.0), below));
    EXPECT_TRUE(isNear(drawn(kTop + 2.0, kTop + 20.0), below));
}

} // namespace
} // namespace viewer::overlay
