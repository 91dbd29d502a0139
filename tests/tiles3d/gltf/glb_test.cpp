#include "tiles3d/gltf/glb.h"

#include "models.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <set>

namespace tiles3d::gltf {
namespace {

constexpr double kStep = 1.0 / 128.0;

class EveryCodec : public testing::TestWithParam<GeometryCodec> {
protected:
    base::Bytes written(const Model& model) const {
        const auto glb = writeGlb(
            model, {.codec = GetParam(), .positionStepMetres = kStep, .uvStepTexels = 0.25});
        EXPECT_TRUE(glb) << glb.error().message;
        return *glb;
    }
    double tolerance() const { return GetParam() == GeometryCodec::Plain ? 0.0 : kStep / 2.0; }
};

INSTANTIATE_TEST_SUITE_P(Glb,
                         EveryCodec,
                         testing::Values(GeometryCodec::Plain,
                                         GeometryCodec::Quantized,
                                         GeometryCodec::Meshopt,
                                         GeometryCodec::Draco));

/// Corners of all triangles with their texture coordinates, whatever the order of vertices.
std::vector<std::array<double, 5>> corners(const Model& model) {
    std::vector<std::array<double, 5>> all;
    for (const Primitive& primitive : model.primitives) {
        for (const std::uint32_t index : primitive.mesh.indices) {
            const glm::dvec3 p = model.origin + glm::dvec3(primitive.mesh.positions[index]);
            const glm::dvec2 uv(primitive.mesh.uvs[index]);
            all.push_back({p.x, p.y, p.z, uv.x, uv.y});
        }
    }
    std::ranges::sort(all, {}, [](const auto& c) {
        return std::pair(std::round(c[0] * 16.0), std::round(c[1] * 16.0));
    });
    return all;
}

TEST_P(EveryCodec, keepsTrianglesWithinHalfAStep) {
    const Model model = wavySheet(20, 95.0F, {64.0, -128.0, 0.0});
    const auto read = readGlb(written(model));
    ASSERT_TRUE(read) << read.error().message;
    const auto before = corners(model);
    const auto after = corners(*read);
    ASSERT_EQ(before.size(), after.size());
    const double uvTolerance = GetParam() == GeometryCodec::Plain ? 0.0 : 0.125 / 64.0 + 1e-6;
    for (std::size_t i = 0; i < before.size(); ++i) {
        for (std::size_t axis = 0; axis < 3; ++axis) {
            ASSERT_NEAR(before[i][axis], after[i][axis], tolerance() + 1e-5) << i;
        }
        ASSERT_NEAR(before[i][3], after[i][3], uvTolerance) << i;
        ASSERT_NEAR(before[i][4], after[i][4], uvTolerance) << i;
    }
}

TEST_P(EveryCodec, keepsImageBytesAndMaterial) {
    const Model model = wavySheet(5, 10.0F);
    const auto read = readGlb(written(model));
    ASSERT_TRUE(read);
    ASSERT_EQ(read->images.size(), 1U);
    EXPECT_EQ(read->images[0].bytes, model.images[0].bytes);
    EXPECT_EQ(read->images[0].width, 64U);
    ASSERT_EQ(read->materials.size(), 1U);
    EXPECT_TRUE(read->materials[0].unlit);
    EXPECT_EQ(read->materials[0].image, std::optional<std::size_t>(0));
}

TEST_P(EveryCodec, keepsNormals) {
    Model model = wavySheet(5, 10.0F);
    mesh::TriangleMesh& mesh = model.primitives[0].mesh;
    for (const glm::vec3& position : mesh.positions) { // found again by its position
        mesh.normals.push_back(glm::normalize(position + glm::vec3(1.0F, 2.0F, 3.0F)));
    }
    for (const bool isSmall : {false, true}) {
        const auto glb =
            writeGlb(model, {.codec = GetParam(), .positionStepMetres = kStep, .isSmall = isSmall});
        const auto read = readGlb(*glb);
        ASSERT_TRUE(read) << read.error().message;
        const mesh::TriangleMesh& after = read->primitives[0].mesh;
        ASSERT_EQ(after.normals.size(), after.positions.size());
        for (std::size_t i = 0; i < after.normals.size(); ++i) {
            const glm::vec3 wanted = glm::normalize(glm::vec3(read->origin) + after.positions[i] +
                                                    glm::vec3(1.0F, 2.0F, 3.0F));
            EXPECT_LT(glm::distance(after.normals[i], wanted), 0.01F);
        }
    }
}

TEST_P(EveryCodec, keepsWrapAndAlpha) {
    Model model = wavySheet(5, 10.0F);
    for (const auto wrap : {Wrap::Clamp, Wrap::Repeat}) {
        for (const auto alpha : {Alpha::Opaque, Alpha::Mask, Alpha::Blend}) {
            model.materials[0].wrap = wrap;
            model.materials[0].alpha = alpha;
            const auto read = readGlb(written(model));
            ASSERT_TRUE(read);
            EXPECT_EQ(read->materials[0].wrap, wrap);
            EXPECT_EQ(read->materials[0].alpha, alpha);
        }
    }
}

TEST_P(EveryCodec, sameModelSameBytes) {
    const Model model = wavySheet(12, 40.0F);
    EXPECT_EQ(written(model), written(model));
}

TEST_P(EveryCodec, equalPositionsStayEqualInNeighbouringTiles) {
    if (GetParam() == GeometryCodec::Plain) {
        return; // nothing is rounded
    }
    // Two sheets of one frame that share an edge at x = 95, in files with other origins and sizes.
    const Model west = wavySheet(20, 95.0F, {0.0, 0.0, 0.0});
    Model east = wavySheet(20, 95.0F, {64.0, 0.0, 0.0});
    for (glm::vec3& position : east.primitives[0].mesh.positions) {
        position.x += 31.0F;
    }
    std::set<std::array<double, 3>> edge;
    for (const Model* model : {&west, static_cast<const Model*>(&east)}) {
        const auto read = readGlb(written(*model));
        ASSERT_TRUE(read);
        for (const glm::vec3& position : read->primitives[0].mesh.positions) {
            const glm::dvec3 p = read->origin + glm::dvec3(position);
            if (std::abs(p.x - 95.0) < 0.01) {
                edge.insert({p.x, p.y, 0.0});
            }
        }
    }
    EXPECT_EQ(edge.size(), 20U); // not 40: both tiles give the very same numbers
}

TEST_P(EveryCodec, untexturedGeometryAndSeveralPrimitives) {
    Model model = wavySheet(6, 20.0F);
    model.materials.push_back({.baseColour = {0.8F, 0.8F, 0.8F, 1.0F}});
    Primitive bare = model.primitives[0];
    bare.mesh.uvs.clear();
    bare.material = 1;
    model.primitives.push_back(bare);
    const auto read = readGlb(written(model));
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(read->primitives.size(), 2U);
    EXPECT_TRUE(read->primitives[1].mesh.uvs.empty());
    EXPECT_NEAR(read->materials[1].baseColour.r, 0.8F, 1e-6F);
}

TEST_P(EveryCodec, moreThan65535VerticesTakeWideIndices) {
    const Model model = wavySheet(260, 250.0F);
    const auto read = readGlb(written(model));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->primitives[0].mesh.indices.size(), model.primitives[0].mesh.indices.size());
}

TEST_P(EveryCodec, wideTilesAreNotRoundedCoarser) {
    const Model model = wavySheet(10, 5000.0F); // 640,000 steps: too many for 16 bits
    const auto read = readGlb(written(model));
    ASSERT_TRUE(read);
    const auto before = corners(model);
    const auto after = corners(*read);
    ASSERT_EQ(before.size(), after.size());
    for (std::size_t i = 0; i < before.size(); ++i) {
        ASSERT_NEAR(before[i][2], after[i][2], tolerance() + 1e-3);
    }
}

TEST_P(EveryCodec, damagedBytesNeverCrash) {
    const base::Bytes whole = written(wavySheet(8, 30.0F));
    for (std::size_t i = 0; i < 64; ++i) {
        const base::ByteView cut = base::ByteView(whole).first(whole.size() * i / 64);
        EXPECT_FALSE(readGlb(cut)) << i;
    }
    constexpr std::uint64_t kSeed = 7;
    std::mt19937_64 random(kSeed);
    for (int i = 0; i < 400; ++i) {
        base::Bytes flipped = whole;
        for (int flips = 0; flips < 3; ++flips) {
            flipped[random() % flipped.size()] = static_cast<std::byte>(random() % 256);
        }
        (void)readGlb(flipped); // an Error or a model
    }
}

TEST_P(EveryCodec, verticesThatNoTriangleUsesDoNoHarm) {
    Model model = wavySheet(6, 20.0F);
    mesh::TriangleMesh& mesh = model.primitives[0].mesh;
    mesh.indices.erase(mesh.indices.begin(), mesh.indices.begin() + 30); // the first row's
    const auto read = readGlb(written(model));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(corners(model).size(), corners(*read).size());
}

TEST_P(EveryCodec, primitivesWithoutTrianglesAreLeftOut) {
    Model model = wavySheet(6, 20.0F);
    model.primitives.push_back({});
    const auto read = readGlb(written(model));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->primitives.size(), 1U);
    model.primitives.erase(model.primitives.begin());
    model.materials[0].image.reset();
    EXPECT_TRUE(writeGlb(model, {.codec = GetParam()}));
}

TEST_P(EveryCodec, partsWithoutAUseAreLeftOut) {
    Model model = wavySheet(6, 20.0F);
    model.images.insert(model.images.begin(), model.images[0]);
    model.materials.insert(model.materials.begin(), {.name = "nobody's", .image = 0});
    model.materials[1].image = 1;
    model.materials.push_back({.name = "bare"});
    model.primitives[0].material = 2; // with texture coordinates, for no texture
    model.primitives.push_back(model.primitives[0]);
    model.primitives[1].material = 1;
    const auto read = readGlb(written(model));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->images.size(), 1U);
    ASSERT_EQ(read->materials.size(), 2U);
    EXPECT_EQ(read->materials[0].name, "bare"); // in the order of first use
    EXPECT_TRUE(read->primitives[0].mesh.uvs.empty());
    EXPECT_EQ(read->materials[read->primitives[1].material].image, std::optional<std::size_t>(0));
    EXPECT_FALSE(read->primitives[1].mesh.uvs.empty());
}

TEST(Glb, namesInAnyEncodingBecomeUtf8) {
    Model model = wavySheet(4, 10.0F);
    model.materials[0].name = "\xB2\xC4\xD6\xCA"; // GBK
    const auto glb = writeGlb(model, {.codec = GeometryCodec::Plain});
    ASSERT_TRUE(glb);
    EXPECT_TRUE(readGlb(*glb));
}

TEST(Glb, refusesWhatCannotBeWritten) {
    Model far = wavySheet(4, 10.0F);
    far.origin.y = std::numeric_limits<double>::infinity();
    EXPECT_FALSE(writeGlb(far));
    Model bright = wavySheet(4, 10.0F);
    bright.materials[0].baseColour.g = 1.5F;
    EXPECT_FALSE(writeGlb(bright));
    Model unmapped = wavySheet(4, 10.0F);
    unmapped.primitives[0].mesh.uvs.clear();
    EXPECT_FALSE(writeGlb(unmapped));
    Model outside = wavySheet(4, 10.0F);
    outside.primitives[0].mesh.indices[0] = 99;
    EXPECT_FALSE(writeGlb(outside));
    Model nan = wavySheet(4, 10.0F);
    nan.primitives[0].mesh.positions[0].x = std::numeric_limits<float>::quiet_NaN();
    EXPECT_FALSE(writeGlb(nan));
    Model unknown = wavySheet(4, 10.0F);
    unknown.images[0].format = image::ImageFormat::Unknown;
    EXPECT_FALSE(writeGlb(unknown));
    Model lacking = wavySheet(4, 10.0F);
    lacking.materials[0].image = 5;
    EXPECT_FALSE(writeGlb(lacking));
}

TEST(Glb, refusesToReadWhatItDoesNotKnow) {
    EXPECT_FALSE(readGlb(base::asBytes("")));
    const auto other = readGlb(base::asBytes("i3dm and more"));
    ASSERT_FALSE(other);
    EXPECT_NE(other.error().message.find("i3dm"), std::string::npos);
}

TEST(Glb, webpTexturesGoThroughTheExtension) {
    Model model = wavySheet(4, 10.0F);
    const auto raster = image::decode(model.images[0].bytes);
    ASSERT_TRUE(raster);
    model.images[0] = *image::encode(*raster, {.format = image::ImageFormat::Webp});
    const auto glb = writeGlb(model);
    ASSERT_TRUE(glb);
    EXPECT_NE(base::asText(*glb).find("EXT_texture_webp"), std::string_view::npos);
    const auto read = readGlb(*glb);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->images[0].bytes, model.images[0].bytes);
    EXPECT_EQ(read->materials[0].image, std::optional<std::size_t>(0));
}

} // namespace
} // namespace tiles3d::gltf
