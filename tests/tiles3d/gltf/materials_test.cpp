#include "tiles3d/gltf/glb.h"
#include "tiles3d/image/image.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

namespace tiles3d::gltf {
namespace {

/// One triangle as glTF JSON around what a test is about: its texture, and further members.
struct Sample {
    std::string texture = R"({"source":0})";
    std::string textureInfo = R"("index":0)";
    std::string images = R"({"uri":"a.png"})";
    std::string node;
    std::string extensions;
};

std::string jsonOf(const Sample& sample) {
    return R"({"asset":{"version":"2.0"},"scene":0,"scenes":[{"nodes":[0]}],"nodes":[{"mesh":0)" +
           sample.node + R"(}],"meshes":[{"primitives":[{"attributes":{"POSITION":0,"TEXCOORD_0":1,
           "TEXCOORD_1":2},"material":0}]}],"materials":[{"pbrMetallicRoughness":{
           "baseColorTexture":{)" +
           sample.textureInfo + R"(}}}],"textures":[)" + sample.texture + R"(],"images":[)" +
           sample.images + R"(],"accessors":[
           {"bufferView":0,"componentType":5126,"count":3,"type":"VEC3"},
           {"bufferView":0,"byteOffset":36,"componentType":5126,"count":3,"type":"VEC2"},
           {"bufferView":0,"byteOffset":60,"componentType":5126,"count":3,"type":"VEC2"},
           {"bufferView":0,"byteOffset":84,"componentType":5126,"count":2,"type":"VEC3"}],
           "bufferViews":[{"buffer":0,"byteLength":108}],
           "buffers":[{"byteLength":108,"uri":"a%20b.bin"}])" +
           sample.extensions + "}";
}

base::Bytes buffer() {
    const std::vector<float> numbers{0,  0,  0,  1,  0,  0,  0, 1, 0, // positions
                                     0,  0,  1,  0,  0,  1,           // TEXCOORD_0
                                     .5, .5, .5, .5, .5, .5,          // TEXCOORD_1
                                     10, 0,  0,  20, 0,  0};          // where two instances stand
    base::Bytes bytes(numbers.size() * sizeof(float));
    std::memcpy(bytes.data(), numbers.data(), bytes.size());
    return bytes;
}

base::Result<Model> readSample(const Sample& sample) {
    const std::string json = jsonOf(sample);
    return readGlb(base::asBytes(json),
                   {.readResource = [](const std::string& uri) -> base::Result<base::Bytes> {
                       if (uri == "a%20b.bin") {
                           return buffer();
                       }
                       if (uri == "a.png") {
                           const image::Raster dot{
                               .width = 1, .height = 1, .pixels = base::Bytes(3)};
                           return image::encode(dot, {.format = image::ImageFormat::Png})->bytes;
                       }
                       if (uri == "a.ktx2") {
                           return base::Bytes(100);
                       }
                       return base::Error{"no " + uri, true};
                   }});
}

std::vector<glm::vec2> uvsOf(const std::string& textureInfo) {
    const auto model = readSample({.textureInfo = textureInfo});
    EXPECT_TRUE(model) << model.error().message;
    return model ? model->primitives.at(0).mesh.uvs : std::vector<glm::vec2>{};
}

void expectNear(const glm::vec2& uv, float u, float v) {
    EXPECT_NEAR(uv.x, u, 1e-6F);
    EXPECT_NEAR(uv.y, v, 1e-6F);
}

TEST(Materials, picturesMayLieInTheirOwnFiles) {
    const auto model = readSample({});
    ASSERT_TRUE(model) << model.error().message;
    ASSERT_EQ(model->images.size(), 1U);
    EXPECT_EQ(model->images[0].width, 1U);
    EXPECT_EQ(model->materials.at(0).image, 0U);
    const auto missing = readSample({.images = R"({"uri":"b.png"})"});
    ASSERT_FALSE(missing);
    EXPECT_TRUE(missing.error().mayPass);
}

TEST(Materials, textureCoordinatesAreMoved) {
    const auto plain = uvsOf(R"("index":0)");
    expectNear(plain.at(1), 1.0F, 0.0F);
    expectNear(uvsOf(R"("index":0,"texCoord":1)").at(1), 0.5F, 0.5F);
    const auto moved = uvsOf(R"("index":0,"extensions":{"KHR_texture_transform":{
        "offset":[0.25,0.5],"scale":[2,4],"rotation":1.5707963267948966}})");
    expectNear(moved.at(0), 0.25F, 0.5F);
    expectNear(moved.at(1), 0.25F, -1.5F); // a quarter turn: u goes to -v
    expectNear(moved.at(2), 4.25F, 0.5F);
    expectNear(
        uvsOf(R"("index":0,"extensions":{"KHR_texture_transform":{"texCoord":1,"scale":[2,2]}})")
            .at(0),
        1.0F,
        1.0F);
}

TEST(Materials, ktx2NeedsAFallback) {
    const std::string ktx2 = R"("extensions":{"KHR_texture_basisu":{"source":1}})";
    const std::string images = R"({"uri":"a.png"},{"uri":"a.ktx2"})";
    const auto shown = readSample({.texture = R"({"source":0,)" + ktx2 + "}", .images = images});
    EXPECT_TRUE(shown) << shown.error().message;
    const auto refused = readSample({.texture = "{" + ktx2 + "}", .images = images});
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("KTX2"), std::string::npos);
    const auto required =
        readSample({.extensions = R"(,"extensionsRequired":["KHR_texture_basisu"])"});
    ASSERT_FALSE(required);
    EXPECT_NE(required.error().message.find("KTX2"), std::string::npos);
}

TEST(Scene, instancesAreCopies) {
    const std::string node =
        R"(,"extensions":{"EXT_mesh_gpu_instancing":{"attributes":{"TRANSLATION":3}}})";
    const auto model = readSample({.node = node});
    ASSERT_TRUE(model) << model.error().message;
    EXPECT_EQ(model->origin, glm::dvec3(10.0, 0.0, 0.0));
    const mesh::TriangleMesh& mesh = model->primitives.at(0).mesh;
    ASSERT_EQ(mesh.positions.size(), 6U);
    EXPECT_EQ(mesh.positions[3], glm::vec3(10.0F, 0.0F, 0.0F));
    EXPECT_EQ(mesh.indices.back(), 5U);
}

TEST(Document, buffersAreCheckedAgainstTheirFiles) {
    std::string json = jsonOf({});
    json.replace(json.find("\"byteLength\":108,"), 17, "\"byteLength\":999,");
    const auto read = readGlb(base::asBytes(json), {.readResource = [](const std::string&) {
                                  return base::Result<base::Bytes>(buffer());
                              }});
    ASSERT_FALSE(read);
    EXPECT_NE(read.error().message.find("999 bytes, of which 108"), std::string::npos);
    EXPECT_FALSE(readGlb(base::asBytes(jsonOf({}))));
}

} // namespace
} // namespace tiles3d::gltf
