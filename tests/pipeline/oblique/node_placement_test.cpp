#include "pipeline/oblique/remainder.h"
#include "pipeline/oblique/tile_content.h"
#include "tests/pipeline/oblique/placed.h"
#include "tiles3d/gltf/glb.h"
#include "tiles3d/image/image.h"

#include <glm/geometric.hpp>
#include <glm/gtc/matrix_transform.hpp>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace pipeline::oblique {
namespace {

namespace gltf = tiles3d::gltf;
using sources::OsgbFile;
using sources::OsgbGeometry;
using sources::OsgbNode;
using sources::SwitchRange;
using tiles3d::base::Bytes;
using tiles3d::base::Result;
using tiles3d::tileset::Limits;

constexpr std::uint32_t kSide = 21;

/// A rolling sheet of 100 x 100 m with a 64 x 32 texture, at `low` from the source's origin.
OsgbGeometry sheet(const glm::vec3& low = {0.0F, 0.0F, 0.0F}) {
    OsgbGeometry geometry;
    geometry.image = 0;
    for (std::uint32_t i = 0; i < kSide * kSide; ++i) {
        const glm::vec2 share(static_cast<float>(i % kSide) / (kSide - 1),
                              static_cast<float>(i / kSide) / (kSide - 1));
        geometry.positions.push_back(
            low + glm::vec3(100.0F * share.x, 100.0F * share.y, 5.0F * std::sin(7.0F * share.x)));
        geometry.uvs.push_back(share);
    }
    for (std::uint32_t row = 0; row + 1 < kSide; ++row) {
        for (std::uint32_t column = 0; column + 1 < kSide; ++column) {
            const std::uint32_t a = row * kSide + column;
            for (const std::uint32_t index :
                 {a, a + 1, a + kSide + 1, a, a + kSide + 1, a + kSide}) {
                geometry.indices.push_back(index);
            }
        }
    }
    return geometry;
}

OsgbFile fileWith(OsgbNode node) {
    const tiles3d::image::Raster raster{64, 32, 3, Bytes(std::size_t{64} * 32 * 3, std::byte{99})};
    OsgbFile file;
    file.nodes = {std::move(node)};
    file.images = {*tiles3d::image::encode(raster)};
    return file;
}

/// L17: half a metre per pixel.
OsgbNode nodeOf(OsgbGeometry geometry) {
    OsgbNode node;
    node.geometries = {std::move(geometry)};
    node.switchRange = SwitchRange{SwitchRange::Mode::PixelSizeOnScreen, 280.0, 70.0};
    return node;
}

class Content : public testing::Test {
protected:
    Content() : transform(xiamen()) {
        auto made = BlockFrame::create(
            transform, {kSourceOrigin, kSourceOrigin + glm::dvec3(100.0, 100.0, 10.0)});
        EXPECT_TRUE(made);
        frame = *std::move(made);
    }

    Result<TileContent> convert(const OsgbFile& file, const scan::OutputOptions& codecs) const {
        return convertNode(
            file.nodes.front(), file, *frame, {.origin = kSourceOrigin, .codecs = codecs});
    }

    /// Where PROJ itself puts a source vertex, in the block's frame.
    glm::dvec3 exact(const glm::vec3& position) const {
        const auto ecef = transform.toEcef(kSourceOrigin + glm::dvec3(position));
        EXPECT_TRUE(ecef);
        return frame->enu().fromEcef(*ecef).metres;
    }

    tiles3d::crs::Transform transform;
    std::unique_ptr<BlockFrame> frame;
};

TEST_F(Content, everyCodecKeepsItsStepImageAndTriangles) {
    const OsgbFile file = fileWith(nodeOf(sheet()));
    for (const auto geometry : {scan::Geometry::Plain,
                                scan::Geometry::Quantized,
                                scan::Geometry::Meshopt,
                                scan::Geometry::Draco}) {
        const auto content = convert(file, {.geometry = geometry});
        ASSERT_TRUE(content) << content.error().message;
        EXPECT_EQ(content->triangles, 800U);
        const bool isPlain = geometry == scan::Geometry::Plain;
        EXPECT_EQ(content->positionStepMetres, isPlain ? 0.0 : 1.0 / 32.0); // <= 0.5 m / 10
        const auto model = gltf::readGlb(content->glb);
        ASSERT_TRUE(model) << model.error().message;
        ASSERT_EQ(model->images.size(), 1U);
        EXPECT_EQ(model->images.front().bytes, file.images.front().bytes);
        EXPECT_TRUE(model->materials.front().unlit);
        std::size_t triangles = 0;
        for (const gltf::Primitive& primitive : model->primitives) {
            triangles += primitive.mesh.indices.size() / 3;
            for (const glm::vec3& position : primitive.mesh.positions) {
                const glm::dvec3 at = model->origin + glm::dvec3(position);
                EXPECT_TRUE(glm::all(glm::greaterThanEqual(at, content->limits.minimum - 1e-4)) &&
                            glm::all(glm::lessThanEqual(at, content->limits.maximum + 1e-4)));
            }
        }
        EXPECT_EQ(triangles, 800U);
    }
}

TEST_F(Content, verticesAreWhereProjPutsThem) {
    const OsgbGeometry source = sheet();
    const auto content = convert(fileWith(nodeOf(source)), {.geometry = scan::Geometry::Plain});
    ASSERT_TRUE(content);
    const auto model = gltf::readGlb(content->glb);
    ASSERT_TRUE(model);
    const auto& mesh = model->primitives.front().mesh;
    ASSERT_EQ(mesh.positions.size(), source.positions.size());
    for (std::size_t i = 0; i < mesh.positions.size(); ++i) {
        const glm::dvec3 at = model->origin + glm::dvec3(mesh.positions[i]);
        EXPECT_LT(glm::distance(at, exact(source.positions[i])), 0.0001);
        // OSG's images start at the bottom, glTF's at the top.
        EXPECT_FLOAT_EQ(mesh.uvs[i].x, source.uvs[i].x);
        EXPECT_FLOAT_EQ(mesh.uvs[i].y, 1.0F - source.uvs[i].y);
    }
}

TEST_F(Content, aTransformMovesAndAMirrorKeepsTheOutsideOut) {
    OsgbGeometry moved = sheet({-1000.0F, 0.0F, 0.0F});
    moved.matrix = glm::translate(glm::dmat4(1.0), {1000.0, 0.0, 0.0});
    const auto here = convert(fileWith(nodeOf(sheet())), {.geometry = scan::Geometry::Plain});
    const auto there = convert(fileWith(nodeOf(moved)), {.geometry = scan::Geometry::Plain});
    ASSERT_TRUE(here && there);
    EXPECT_LT(glm::distance(here->limits.minimum, there->limits.minimum), 0.001);

    OsgbGeometry mirrored = sheet();
    mirrored.matrix = glm::scale(glm::dmat4(1.0), glm::dvec3(1.0, -1.0, 1.0));
    const auto content = convert(fileWith(nodeOf(mirrored)), {.geometry = scan::Geometry::Plain});
    ASSERT_TRUE(content);
    const auto model = gltf::readGlb(content->glb);
    ASSERT_TRUE(model);
    const auto& mesh = model->primitives.front().mesh;
    const glm::vec3& a = mesh.positions[mesh.indices[0]];
    EXPECT_GT(
        glm::cross(mesh.positions[mesh.indices[1]] - a, mesh.positions[mesh.indices[2]] - a).z,
        0.0F); // still seen from above
}

TEST_F(Content, equalPointsStayEqualInNeighbouringTiles) {
    const auto west = convert(fileWith(nodeOf(sheet())), {});
    const auto east = convert(fileWith(nodeOf(sheet({100.0F, 0.0F, 0.0F}))), {});
    ASSERT_TRUE(west && east);
    const auto left = gltf::readGlb(west->glb);
    const auto right = gltf::readGlb(east->glb);
    ASSERT_TRUE(left && right);
    const double step = west->positionStepMetres;
    const auto isOnGrid = [step](const gltf::Model& model) {
        for (const glm::vec3& position : model.primitives.front().mesh.positions) {
            const glm::dvec3 steps = (model.origin + glm::dvec3(position)) / step;
            if (glm::distance(steps, glm::round(steps)) > 0.01) {
                return false;
            }
        }
        return true;
    };
    EXPECT_TRUE(isOnGrid(*left));
    EXPECT_TRUE(isOnGrid(*right));
}

TEST_F(Content, degenerateTrianglesAreDroppedAndCounted) {
    OsgbGeometry geometry = sheet();
    geometry.indices.insert(geometry.indices.end(),
                            {0, 0, 1, 2, 3, 2, 0, 1, 2}); // the last: a line
    geometry.positions[2].z = 2.0F * geometry.positions[1].z - geometry.positions[0].z;
    const auto content = convert(fileWith(nodeOf(geometry)), {});
    ASSERT_TRUE(content);
    EXPECT_GE(content->degenerateTriangles, 2U);
    EXPECT_EQ(content->triangles + content->degenerateTriangles, 803U);
    geometry.indices = {0, 0, 1};
    const auto nothing = convert(fileWith(nodeOf(geometry)), {});
    ASSERT_TRUE(nothing);
    EXPECT_EQ(nothing->triangles, 0U);
    EXPECT_TRUE(nothing->glb.empty());
}

TEST_F(Content, withoutTextureItIsPlain) {
    OsgbGeometry geometry = sheet();
    geometry.image.reset();
    const auto content = convert(fileWith(nodeOf(geometry)), {});
    ASSERT_TRUE(content) << content.error().message;
    EXPECT_EQ(content->texels, 0U);
    EXPECT_EQ(content->metresPerTexel, 0.0);
    const auto model = gltf::readGlb(content->glb);
    ASSERT_TRUE(model);
    EXPECT_TRUE(model->images.empty());
}

TEST_F(Content, damagedNumbersFailInsteadOfBeingWritten) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    OsgbGeometry noNumber = sheet();
    noNumber.uvs[5].x = nan;
    OsgbGeometry noMatrix = sheet();
    noMatrix.matrix = glm::dmat4(1.0);
    (*noMatrix.matrix)[0][0] = static_cast<double>(nan);
    OsgbGeometry far = sheet();
    far.positions[7].y = 1e30F;
    OsgbGeometry high = sheet(); // a projection takes any height
    high.positions[7].z = 8e8F;
    OsgbGeometry moved = sheet();
    moved.matrix = glm::translate(glm::dmat4(1.0), {0.0, 0.0, 1e9});
    for (const OsgbGeometry& bad : {noNumber, noMatrix, far, high, moved}) {
        for (const auto geometry : {scan::Geometry::Plain,
                                    scan::Geometry::Quantized,
                                    scan::Geometry::Meshopt,
                                    scan::Geometry::Draco}) {
            EXPECT_FALSE(convert(fileWith(nodeOf(bad)), {.geometry = geometry}));
        }
    }
}

TEST_F(Content, texturesAreRecodedOnDemand) {
    const OsgbFile file = fileWith(nodeOf(sheet()));
    const auto content = convert(file, {.texture = scan::TextureCodec::Webp});
    ASSERT_TRUE(content) << content.error().message;
    const auto model = gltf::readGlb(content->glb);
    ASSERT_TRUE(model) << model.error().message;
    EXPECT_EQ(model->images.front().format, tiles3d::image::ImageFormat::Webp);
    EXPECT_EQ(content->imageBytes, file.images.front().bytes.size()) << "as the source has them";
}

TEST_F(Content, surveyCountsTheSame) {
    const OsgbFile file = fileWith(nodeOf(sheet()));
    const auto survey = surveyNode(file.nodes.front(), file, kSourceOrigin, *frame);
    const auto content = convert(file, {});
    ASSERT_TRUE(survey && content);
    EXPECT_EQ(survey->triangles, content->triangles);
    EXPECT_EQ(survey->texels, content->texels);
    EXPECT_EQ(survey->imageBytes, content->imageBytes);
    EXPECT_TRUE(survey->glb.empty());
    // Only the box is placed, and the grid is turned by 0.46 degrees: 0.8 m over 100 m.
    EXPECT_LT(glm::distance(survey->limits.minimum, content->limits.minimum), 1.0);
}

TEST_F(Content, remainderIsWhatTheOthersDoNotCover) {
    const OsgbFile file = fileWith(nodeOf(sheet()));
    for (const auto geometry : {scan::Geometry::Plain, scan::Geometry::Draco}) {
        const auto content = convert(file, {.geometry = geometry});
        ASSERT_TRUE(content);
        const Limits& all = content->limits;
        Limits west = all;
        west.maximum.x = (all.minimum.x + all.maximum.x) / 2.0;
        const auto rest = remainder(content->glb, {west}, content->positionStepMetres, geometry);
        ASSERT_TRUE(rest) << rest.error().message;
        EXPECT_NEAR(static_cast<double>(rest->triangles), 400.0, 41.0); // and one column across
        EXPECT_GT(rest->limits.minimum.x, west.maximum.x - 6.0);
        EXPECT_NEAR(rest->limits.maximum.x, all.maximum.x, 0.1);
        const auto model = gltf::readGlb(rest->glb);
        ASSERT_TRUE(model);
        EXPECT_EQ(model->images.front().bytes, file.images.front().bytes);
        EXPECT_LT(model->primitives.front().mesh.positions.size(), std::size_t{kSide} * 13);

        EXPECT_TRUE(
            remainder(content->glb, {all}, content->positionStepMetres, geometry)->glb.empty());
        EXPECT_EQ(remainder(content->glb, {}, content->positionStepMetres, geometry)->triangles,
                  800U);
    }
    EXPECT_FALSE(remainder(Bytes(100), {}, 0.0, scan::Geometry::Plain));
}

} // namespace
} // namespace pipeline::oblique
