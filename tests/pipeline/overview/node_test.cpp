#include "pipeline/overview/node.h"

#include "blocks.h"
#include "scenes.h"
#include "tiles3d/base/file.h"
#include "tiles3d/mesh/border.h"
#include "tiles3d/mesh/distance.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <algorithm>

namespace pipeline::overview {
namespace {

namespace fs = std::filesystem;
namespace gltf = tiles3d::gltf;
namespace image = tiles3d::image;
using tiles3d::mesh::TriangleMesh;

/// The surface of all children in one mesh.
TriangleMesh meshOf(const Surface& surface) {
    TriangleMesh mesh;
    for (const SurfacePart& part : surface.parts) {
        const auto first = static_cast<std::uint32_t>(mesh.positions.size());
        mesh.positions.insert(
            mesh.positions.end(), part.mesh.positions.begin(), part.mesh.positions.end());
        for (const std::uint32_t index : part.mesh.indices) {
            mesh.indices.push_back(first + index);
        }
    }
    return mesh;
}

TriangleMesh moved(TriangleMesh mesh, const glm::dvec3& shift) {
    for (glm::vec3& position : mesh.positions) {
        position = glm::vec3(glm::dvec3(position) + shift);
    }
    return mesh;
}

class Node : public testing::Test {
protected:
    void SetUp() override {
        task.children = writeFourBlocks(folder / "blocks");
        task.output = folder / "node.glb";
        task.cityFromEcef = cityFrame().fromEcefMatrix();
        task.centre = {100.0, 100.0, 0.0};
        task.metresPerPixel = 1.0;
    }

    void make() {
        const auto made = buildNode(task);
        ASSERT_TRUE(made) << made.error().message;
        result = *made;
        const auto bytes = tiles3d::base::readFile(task.output);
        ASSERT_TRUE(bytes);
        EXPECT_EQ(result.contentBytes, bytes->size());
        const auto read = gltf::readGlb(*bytes);
        ASSERT_TRUE(read) << read.error().message;
        model = *read;
        ASSERT_GE(model.primitives.size(), 1U);
        ASSERT_EQ(model.images.size(), 1U);
    }

    image::Raster picture() const { return *image::decode(model.images[0].bytes); }

    ScratchFolder folder;
    NodeTask task;
    NodeResult result;
    gltf::Model model;
};

TEST_F(Node, isOneSurfaceWithOneTextureAndSkirts) {
    make();
    ASSERT_EQ(model.primitives.size(), 2U);
    EXPECT_EQ(model.materials.size(), 1U);
    EXPECT_EQ(model.images[0].format, image::ImageFormat::Jpeg);
    EXPECT_EQ(result.texels, std::uint64_t{model.images[0].width} * model.images[0].height);
    std::uint64_t triangles = 0;
    for (const gltf::Primitive& primitive : model.primitives) {
        triangles += primitive.mesh.indices.size() / 3;
        EXPECT_EQ(primitive.mesh.uvs.size(), primitive.mesh.positions.size());
    }
    EXPECT_EQ(result.triangles, triangles);
    // 200 m at 1.5 texels a metre.
    EXPECT_GE(model.images[0].width, 300U);
    EXPECT_LT(model.images[0].width, 330U);
}

TEST_F(Node, itsLimitsHoldEveryVertexAsDecoded) {
    for (const scan::Geometry geometry : {scan::Geometry::Draco,
                                          scan::Geometry::Meshopt,
                                          scan::Geometry::Quantized,
                                          scan::Geometry::Plain}) {
        task.codecs.geometry = geometry;
        make();
        constexpr double kRounding = 1e-4;
        for (const gltf::Primitive& primitive : model.primitives) {
            for (const glm::vec3& position : primitive.mesh.positions) {
                const glm::dvec3 at = model.origin + glm::dvec3(position);
                ASSERT_TRUE(glm::all(glm::greaterThanEqual(at, result.limits.minimum - kRounding)));
                ASSERT_TRUE(glm::all(glm::lessThanEqual(at, result.limits.maximum + kRounding)));
            }
        }
        EXPECT_LT(glm::length(result.limits.maximum - result.limits.minimum), 300.0);
    }
}

TEST_F(Node, theChildrensSurfaceLiesWithinAQuarterPixelOfIt) {
    make();
    EXPECT_GT(result.errorMetres, 0.0);
    EXPECT_LE(result.errorMetres, kErrorShare * task.metresPerPixel);
    const auto surface = readSurface(task.children, task.cityFromEcef, model.origin);
    ASSERT_TRUE(surface);
    const TriangleMesh children = meshOf(*surface);
    // The position grid adds a tenth of a pixel at most, the zip moved borders by centimetres.
    EXPECT_LE(tiles3d::mesh::largestDistance(children, model.primitives[0].mesh, 10.0), 0.42);
    EXPECT_LE(tiles3d::mesh::largestDistance(model.primitives[0].mesh, children, 10.0), 0.42);
    EXPECT_LT(model.primitives[0].mesh.indices.size(), children.indices.size() / 2);
}

TEST_F(Node, bordersBetweenChildrenAreClosed) {
    make();
    const TriangleMesh whole = welded(model.primitives[0].mesh);
    for (const auto& edge : tiles3d::mesh::borderEdges(whole.indices)) {
        const glm::vec3 middle = 0.5F * (whole.positions[edge.from] + whole.positions[edge.to]);
        const glm::dvec2 at = glm::dvec2(model.origin) + glm::dvec2(middle);
        const double toRim = std::min({at.x, at.y, 200.0 - at.x, 200.0 - at.y});
        EXPECT_LT(toRim, 1.0) << at.x << ", " << at.y;
    }
}

TEST_F(Node, theTextureHasTheChildrensColoursAndNoBlack) {
    make();
    const image::Raster raster = picture();
    EXPECT_GE(darkest(raster), 90.0F);
    const TriangleMesh& mesh = model.primitives[0].mesh;
    int checked = 0;
    for (std::size_t i = 0; i < mesh.positions.size(); ++i) {
        const glm::dvec2 at = glm::dvec2(model.origin) + glm::dvec2(mesh.positions[i]);
        if (std::abs(at.x - 100.0) < 4.0 || std::abs(at.y - 100.0) < 4.0) {
            continue; // where colours meet
        }
        const glm::vec2 texel = mesh.uvs[i] * glm::vec2(static_cast<float>(raster.width),
                                                        static_cast<float>(raster.height));
        const glm::vec3 colour =
            colourAt(raster,
                     std::clamp(static_cast<int>(texel.x), 0, static_cast<int>(raster.width) - 1),
                     std::clamp(static_cast<int>(texel.y), 0, static_cast<int>(raster.height) - 1));
        const glm::vec3 expected = at.x < 100.0   ? (at.y < 100.0 ? kGreen : kBlue)
                                   : at.y < 100.0 ? kRed
                                                  : glm::vec3(180.0F, 170.0F, 160.0F);
        EXPECT_LT(glm::distance(colour, expected), 25.0F) << at.x << ", " << at.y;
        ++checked;
    }
    EXPECT_GT(checked, 20);
}

TEST_F(Node, isMadeOfNodesAsOfBlocks) {
    make();
    const gltf::Model child = model;
    NodeTask parent = task;
    parent.children = {{.file = task.output}};
    parent.output = folder / "parent.glb";
    parent.metresPerPixel = 2.0;
    const NodeResult first = result;
    task = parent;
    make();
    // The child's skirts are no part of the parent's surface.
    EXPECT_LT(result.triangles, first.triangles);
    EXPECT_NEAR(result.limits.maximum.x, first.limits.maximum.x, 1.5);
    EXPECT_LE(
        tiles3d::mesh::largestDistance(moved(child.primitives[0].mesh, child.origin - model.origin),
                                       model.primitives[0].mesh,
                                       10.0),
        0.5 + 0.2);
    EXPECT_GE(darkest(picture()), 90.0F);
}

TEST_F(Node, webpIfAskedFor) {
    task.codecs.texture = scan::TextureCodec::Webp;
    make();
    EXPECT_EQ(model.images[0].format, image::ImageFormat::Webp);
}

TEST_F(Node, sameChildrenSameBytes) {
    make();
    const auto first = *tiles3d::base::readFile(task.output);
    task.output = folder / "again.glb";
    make();
    EXPECT_TRUE(*tiles3d::base::readFile(task.output) == first);
}

TEST_F(Node, aMissingChildIsNamedAndNothingIsWritten) {
    fs::remove(task.children[2].file.parent_path() / "root.glb");
    const auto made = buildNode(task);
    ASSERT_FALSE(made);
    EXPECT_NE(made.error().message.find("root.glb"), std::string::npos) << made.error().message;
    EXPECT_FALSE(fs::exists(task.output));
}

TEST_F(Node, withoutChildrenThereIsNone) {
    task.children.clear();
    EXPECT_FALSE(buildNode(task));
}

TEST_F(Node, aFailedOutputIsSaid) {
    task.output = folder / "missing" / "node.glb";
    EXPECT_FALSE(buildNode(task));
}

TEST(NodeResult, jsonAndBack) {
    NodeResult result{.triangles = 12'345,
                      .texels = 1'000'000,
                      .contentBytes = 98'765,
                      .errorMetres = 0.1234567890123};
    result.limits.include({-1.5, 2.25, 1e-7});
    result.limits.include({1234.567891234567, 5.0, 6.0});
    const NodeResult back = nodeResultFrom(*tiles3d::base::parseJson(toJson(result).dump()));
    EXPECT_EQ(back.triangles, result.triangles);
    EXPECT_EQ(back.texels, result.texels);
    EXPECT_EQ(back.contentBytes, result.contentBytes);
    EXPECT_EQ(back.errorMetres, result.errorMetres);
    EXPECT_EQ(back.limits.minimum, result.limits.minimum);
    EXPECT_EQ(back.limits.maximum, result.limits.maximum);
    EXPECT_TRUE(nodeResultFrom(tiles3d::base::Json::object()).limits.isEmpty());
}

} // namespace
} // namespace pipeline::overview
