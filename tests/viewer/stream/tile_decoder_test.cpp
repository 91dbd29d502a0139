#include "viewer/stream/tile_decoder.h"

#include "tiles3d/gltf/glb.h"

#include <glm/geometric.hpp>
#include <glm/gtc/matrix_transform.hpp>
#include <gtest/gtest.h>

namespace {

namespace gltf = tiles3d::gltf;
using viewer::stream::AlphaMode;
using viewer::stream::decodeTile;

/// One triangle in the plane z = x, its normals towards -x and +z.
gltf::Model slope() {
    gltf::Model model;
    const glm::vec3 normal = glm::normalize(glm::vec3(-1.0F, 0.0F, 1.0F));
    model.primitives.push_back({.mesh = {.positions = {{0, 0, 0}, {1, 0, 1}, {0, 1, 0}},
                                         .indices = {0, 1, 2},
                                         .normals = {normal, normal, normal}}});
    model.materials.push_back({.baseColour = {1.0F, 0.5F, 0.0F, 0.25F},
                               .unlit = false,
                               .alpha = gltf::Alpha::Mask,
                               .alphaCutoff = 0.125F});
    return model;
}

tiles3d::base::Bytes written(const gltf::Model& model) {
    return *gltf::writeGlb(model, {.codec = gltf::GeometryCodec::Plain});
}

TEST(TileDecoder, normalsStayNormalUnderStretching) {
    const glm::dmat4 stretched = glm::scale(glm::dmat4(1.0), {1.0, 1.0, 4.0});
    const auto pack = decodeTile(written(slope()), stretched);
    ASSERT_TRUE(pack) << pack.error().message;
    const auto& part = pack->parts.at(0);
    ASSERT_EQ(part.normals.size(), 3U);
    const glm::vec3 edge = part.positions[1] - part.positions[0];
    EXPECT_NEAR(glm::dot(part.normals[0], glm::normalize(edge)), 0.0F, 1e-5F);
    EXPECT_NEAR(glm::length(part.normals[0]), 1.0F, 1e-5F);
}

TEST(TileDecoder, takesAlphaAndShownColour) {
    const auto pack = decodeTile(written(slope()), glm::dmat4(1.0));
    ASSERT_TRUE(pack) << pack.error().message;
    const auto& part = pack->parts.at(0);
    EXPECT_EQ(part.alphaMode, AlphaMode::Mask);
    EXPECT_FLOAT_EQ(part.alphaCutoff, 0.125F);
    EXPECT_NEAR(part.baseColour.g, 0.7354F, 1e-3F); // linear 0.5 in sRGB
    EXPECT_FLOAT_EQ(part.baseColour.a, 0.25F);
}

TEST(TileDecoder, vertexColoursBecomeSrgb) {
    // POSITION of three vertices, then COLOR_0 of three RGBA bytes: 255, 0, 128, 64.
    const std::string json =
        R"({"asset":{"version":"2.0"},"scene":0,"scenes":[{"nodes":[0]}],"nodes":[{"mesh":0}],
            "meshes":[{"primitives":[{"attributes":{"POSITION":0,"COLOR_0":1}}]}],
            "accessors":[{"bufferView":0,"componentType":5126,"count":3,"type":"VEC3"},
                         {"bufferView":1,"componentType":5121,"normalized":true,"count":3,
                          "type":"VEC4"}],
            "bufferViews":[{"buffer":0,"byteLength":36},
                           {"buffer":0,"byteOffset":36,"byteLength":12}],
            "buffers":[{"byteLength":48,"uri":"colours.bin"}]})";
    tiles3d::base::Bytes buffer(48);
    buffer[12 + 2] = std::byte{0x80}; // 1.0F in x of the second, y of the third vertex
    buffer[12 + 3] = std::byte{0x3F};
    buffer[28 + 2] = std::byte{0x80};
    buffer[28 + 3] = std::byte{0x3F};
    for (std::size_t vertex = 0; vertex < 3; ++vertex) {
        buffer[36 + vertex * 4] = std::byte{255};
        buffer[38 + vertex * 4] = std::byte{128};
        buffer[39 + vertex * 4] = std::byte{64};
    }
    const auto readResource = [&](const std::string& uri) {
        return uri == "colours.bin" ? tiles3d::base::Result<tiles3d::base::Bytes>(buffer)
                                    : tiles3d::base::Error{"no such file"};
    };
    const auto pack =
        decodeTile(tiles3d::base::asBytes(json), glm::dmat4(1.0), {.readResource = readResource});
    ASSERT_TRUE(pack) << pack.error().message;
    ASSERT_EQ(pack->parts.at(0).colours.size(), 3U);
    EXPECT_EQ(pack->parts[0].colours[1], glm::u8vec4(255, 0, 188, 64));
    EXPECT_FALSE(decodeTile(tiles3d::base::asBytes(json), glm::dmat4(1.0)));
}

} // namespace
