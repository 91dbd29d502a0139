#include "pipeline/oblique/tile_content.h"

#include <gtest/gtest.h>

#include <memory>

namespace pipeline::oblique {
namespace {

namespace crs = tiles3d::crs;
namespace gltf = tiles3d::gltf;
namespace image = tiles3d::image;

const glm::dvec3 kOrigin{610400.0, 2704200.0, 0.0}; // Xiamen in EPSG:4548

image::EncodedImage smallJpeg() {
    image::Raster raster{.width = 8, .height = 8};
    raster.pixels.assign(std::size_t{8} * 8 * 3, std::byte{120});
    return *image::encode(raster);
}

/// One textured triangle beside one bare.
sources::OsgbFile twoTriangles() {
    sources::OsgbFile file;
    file.images.push_back(smallJpeg());
    sources::OsgbGeometry textured;
    textured.positions = {{0.0F, 0.0F, 5.0F}, {40.0F, 0.0F, 5.0F}, {0.0F, 40.0F, 9.0F}};
    textured.uvs = {{0.0F, 0.0F}, {1.0F, 0.0F}, {0.0F, 1.0F}};
    textured.indices = {0, 1, 2};
    textured.image = 0;
    sources::OsgbGeometry bare = textured;
    bare.uvs.clear();
    bare.image.reset();
    file.nodes.push_back({.geometries = {textured, bare}});
    return file;
}

class TileContentTest : public testing::Test {
protected:
    void SetUp() override {
        const auto source = crs::understandSrs("EPSG:4548");
        ASSERT_TRUE(source) << source.error().message;
        auto made = crs::Transform::create(*source, crs::EllipsoidalHeights{});
        ASSERT_TRUE(made) << made.error().message;
        transform = std::make_unique<crs::Transform>(*std::move(made));
        auto placed = BlockFrame::create(
            *transform, {.minimum = kOrigin, .maximum = kOrigin + glm::dvec3(100.0, 100.0, 20.0)});
        ASSERT_TRUE(placed) << placed.error().message;
        frame = *std::move(placed);
    }

    gltf::Model converted(const sources::OsgbFile& file, const scan::OutputOptions& codecs) const {
        const auto content =
            convertNode(file.nodes.front(), file, *frame, {.origin = kOrigin, .codecs = codecs});
        EXPECT_TRUE(content) << content.error().message;
        const auto model = gltf::readGlb(content->glb);
        EXPECT_TRUE(model) << model.error().message;
        return *model;
    }

    std::unique_ptr<crs::Transform> transform;
    std::unique_ptr<BlockFrame> frame;
};

TEST_F(TileContentTest, clientsDrawBothSidesAsOsgDoes) {
    const gltf::Model model = converted(twoTriangles(), {});
    ASSERT_EQ(model.materials.size(), 2U);
    for (const gltf::Material& material : model.materials) {
        EXPECT_TRUE(material.doubleSided);
        EXPECT_TRUE(material.unlit);
    }
}

TEST_F(TileContentTest, keptTexturesHaveTheSourcesBytesAndTheirTopFirst) {
    const sources::OsgbFile file = twoTriangles();
    const gltf::Model model = converted(file, {.geometry = scan::Geometry::Plain});
    ASSERT_EQ(model.images.size(), 1U);
    EXPECT_EQ(model.images[0].bytes, file.images[0].bytes);
    ASSERT_EQ(model.primitives.size(), 2U);
    EXPECT_EQ(model.primitives[0].mesh.uvs[0], glm::vec2(0.0F, 1.0F));
    EXPECT_EQ(model.primitives[0].mesh.uvs[2], glm::vec2(0.0F, 0.0F));
    EXPECT_TRUE(model.primitives[1].mesh.uvs.empty());
}

TEST_F(TileContentTest, otherTexturesAreOfTheCodecAskedFor) {
    const gltf::Model model = converted(twoTriangles(), {.texture = scan::TextureCodec::Webp});
    ASSERT_EQ(model.images.size(), 1U);
    EXPECT_EQ(model.images[0].format, image::ImageFormat::Webp);
}

} // namespace
} // namespace pipeline::oblique
