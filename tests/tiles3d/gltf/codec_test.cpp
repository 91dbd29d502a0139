#include "models.h"
#include "tiles3d/gltf/draco_codec.h"
#include "tiles3d/gltf/meshopt_codec.h"

#include <gtest/gtest.h>

#include <string>

namespace tiles3d::gltf {
namespace {

// "DRACO", version 2.2, triangular mesh; then method, flags and the two counts.
const std::string kDracoMesh("DRACO\x02\x02\x01", 8);

TEST(DracoCodec, countsBeyondTheBytesAreRefusedBeforeAnyMemoryIsTaken) {
    const std::string counts = "\xFF\xFF\xFF\xFF\x04\xFF\xFF\xFF\xFF\x04"; // 1.3e9 each
    const std::string padding(4096, '\0');
    const std::string sequential = kDracoMesh + std::string(3, '\0') + counts + padding;
    const std::string edgebreaker = kDracoMesh + std::string("\x01\0\0\0", 4) + counts + padding;
    for (const std::string& bytes : {sequential, edgebreaker}) {
        const auto refused = decodeDraco(base::asBytes(bytes), {.position = 0, .uv = 1});
        ASSERT_FALSE(refused);
        EXPECT_NE(refused.error().message.find("claims"), std::string::npos);
    }
    EXPECT_FALSE(decodeDraco(base::asBytes(kDracoMesh), {.position = 0, .uv = 1}));
}

TEST(DracoCodec, attributesThatAreNotThereAreRefused) {
    const Model model = wavySheet(5, 10.0F);
    const auto grid = positionGrid(model, 0.01);
    ASSERT_TRUE(grid);
    const auto encoded = encodeDraco(model.primitives[0].mesh, {.grid = *grid});
    ASSERT_TRUE(encoded);
    EXPECT_TRUE(decodeDraco(encoded->bytes, {.position = 0, .uv = 1}));
    EXPECT_FALSE(decodeDraco(encoded->bytes, {.position = 7, .uv = 1}));
    EXPECT_FALSE(decodeDraco(encoded->bytes, {.position = 0, .uv = 7}));
    EXPECT_FALSE(
        decodeDraco(encoded->bytes, {.position = 1, .uv = 0})); // two components are no position
}

TEST(MeshoptCodec, countsBeyondTheBytesAreRefused) {
    const std::string few(64, '\0');
    for (const char* mode : {"ATTRIBUTES", "TRIANGLES", "INDICES"}) {
        EXPECT_FALSE(
            decodeMeshopt(base::asBytes(few), {.mode = mode, .count = 3U << 24U, .stride = 4}))
            << mode;
    }
}

TEST(MeshoptCodec, constantAttributesComeBack) { // the densest data there is
    const std::string zeros(std::size_t{1} << 20U, '\0');
    const base::Bytes encoded = encodeVertices(base::asBytes(zeros), zeros.size() / 16, 16);
    const auto decoded = decodeMeshopt(encoded, {.count = zeros.size() / 16, .stride = 16});
    ASSERT_TRUE(decoded) << decoded.error().message << ", " << encoded.size();
    EXPECT_EQ(base::asText(*decoded), zeros);
}

TEST(MeshoptCodec, otherStridesAndModesAreRefused) {
    const std::string few(64, '\0');
    EXPECT_FALSE(decodeMeshopt(base::asBytes(few), {.count = 4, .stride = 6}));
    EXPECT_FALSE(decodeMeshopt(base::asBytes(few), {.count = 4, .stride = 0}));
    EXPECT_FALSE(decodeMeshopt(base::asBytes(few), {.mode = "OTHER", .count = 3, .stride = 4}));
}

} // namespace
} // namespace tiles3d::gltf
