#pragma once

#include "tiles3d/image/image.h"
#include "viewer/render/egl_context.h"
#include "viewer/render/embedded_viewer.h"
#include "viewer/render/framebuffer.h"
#include "viewer/scene/frame_graph.h"
#include "viewer/scene/tile_layer.h"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <optional>

namespace tests {

using Rgb = std::array<int, 3>;

/// A level square of 2 x `halfSide` metres of one colour, with its middle at `centre`.
inline viewer::stream::MeshPack
squarePack(const glm::dvec3& centre, float halfSide, const glm::vec4& colour) {
    viewer::stream::MeshPack pack;
    pack.centre = centre;
    viewer::stream::MeshPart part;
    part.positions = {{-halfSide, -halfSide, 0},
                      {halfSide, -halfSide, 0},
                      {halfSide, halfSide, 0},
                      {-halfSide, halfSide, 0}};
    part.uvs = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
    part.shortIndices = {0, 1, 2, 0, 2, 3};
    part.baseColour = colour;
    part.texture = 0;
    for (const glm::vec3& position : part.positions) {
        pack.limits.include(centre + glm::dvec3(position));
    }
    pack.parts.push_back(std::move(part));
    pack.textures.push_back({.width = 1,
                             .height = 1,
                             .channels = 4,
                             .texels = tiles3d::base::Bytes(4, std::byte{255}),
                             .levelOffsets = {0}});
    return pack;
}

inline std::shared_ptr<const viewer::stream::MeshPack> shared(viewer::stream::MeshPack pack) {
    return std::make_shared<const viewer::stream::MeshPack>(std::move(pack));
}

/// A frame of 64 x 64 pixels with one layer, drawn without a display; skips where there is no EGL.
class SmallScene : public ::testing::Test {
protected:
    static constexpr int kSide = 64;

    void SetUp() override {
        auto created = viewer::render::EglContext::create();
        if (!created) {
            GTEST_SKIP() << created.error().message;
        }
        context = *std::move(created);
        auto made = viewer::render::Framebuffer::make(kSide, kSide);
        ASSERT_TRUE(made) << made.error().message;
        framebuffer = *std::move(made);
        frame.scene()->addChild(layer.node());
        viewer.emplace(frame.root());
        viewer->setTarget(*framebuffer);
    }

    void TearDown() override {
        viewer.reset();
        framebuffer.reset();
    }

    void look(const osg::Vec3d& eye, const osg::Vec3d& target) {
        viewer::scene::FrameCamera camera;
        camera.eyeInScene = eye;
        const osg::Vec3d up = eye.x() == target.x() && eye.y() == target.y() ? osg::Vec3d(0, 1, 0)
                                                                             : osg::Vec3d(0, 0, 1);
        camera.sceneToEye.makeLookAt(eye, target, up);
        camera.eyeToClip = viewer::scene::reversedPerspective(1.0, 1.0);
        frame.setCamera(camera);
    }

    void addWhole(std::size_t id, viewer::stream::MeshPack pack) {
        layer.add(id, std::to_string(id), shared(std::move(pack)));
        layer.upload(id, viewer->state());
    }

    tiles3d::image::Raster draw() {
        viewer->draw();
        return framebuffer->readPixels();
    }

    static Rgb pixel(const tiles3d::image::Raster& raster, int x, int y) {
        const auto at = static_cast<std::size_t>((y * kSide + x) * 3);
        return {std::to_integer<int>(raster.pixels[at]),
                std::to_integer<int>(raster.pixels[at + 1]),
                std::to_integer<int>(raster.pixels[at + 2])};
    }
    static Rgb middle(const tiles3d::image::Raster& raster) {
        return pixel(raster, kSide / 2, kSide / 2);
    }
    static int count(const tiles3d::image::Raster& raster, const Rgb& colour) {
        int found = 0;
        for (int y = 0; y < kSide; ++y) {
            for (int x = 0; x < kSide; ++x) {
                found += pixel(raster, x, y) == colour ? 1 : 0;
            }
        }
        return found;
    }

    std::unique_ptr<viewer::render::EglContext> context;
    std::unique_ptr<viewer::render::Framebuffer> framebuffer;
    viewer::scene::FrameGraph frame{{kSide, kSide, 1}};
    viewer::scene::TileLayer layer;
    std::optional<viewer::render::EmbeddedViewer> viewer;
};

} // namespace tests
