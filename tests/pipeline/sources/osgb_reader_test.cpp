#include "pipeline/sources/osgb_reader.h"

#include "pipeline/sample/fixture.h"
#include "tests/pipeline/job/temporary_folder.h"
#include "tiles3d/base/file.h"

#include <glm/gtc/matrix_transform.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <set>

namespace pipeline::sources {
namespace {

using sample::BlockFile;
using sample::OsgNode;
using sample::OsgPrimitives;
using tiles3d::base::Bytes;
using tiles3d::base::Result;

constexpr std::size_t kRoot = 0;
constexpr std::size_t kMiddle = 1;
constexpr std::size_t kLeaf = 2;

class OsgbReader : public testing::Test {
protected:
    void SetUp() override {
        const auto made = sample::makeFixtureBlock("T", 1, 1);
        ASSERT_TRUE(made) << made.error().message;
        files = *made;
    }

    Result<OsgbFile> readBytes(const Bytes& bytes) const {
        EXPECT_TRUE(tiles3d::base::writeFile(folder / "a.osgb", bytes));
        return readOsgb(runtime(), folder / "a.osgb");
    }

    OsgbFile read(const OsgNode& root) const {
        auto file = readBytes(sample::writeOsgb(root));
        EXPECT_TRUE(file) << file.error().message;
        return file ? *std::move(file) : OsgbFile{};
    }

    static const OsgbRuntime& runtime() {
        static const OsgbRuntime one; // one per process, as it must be
        return one;
    }

    job::TemporaryFolder folder;
    std::vector<BlockFile> files;
};

/// Triangles as sorted corner positions, so that only the surface counts.
std::multiset<std::vector<float>> trianglesOf(const OsgbGeometry& geometry) {
    std::multiset<std::vector<float>> triangles;
    for (std::size_t i = 0; i + 2 < geometry.indices.size(); i += 3) {
        std::array<std::vector<float>, 3> corners;
        for (std::size_t corner = 0; corner < 3; ++corner) {
            const glm::vec3& p = geometry.positions[geometry.indices[i + corner]];
            corners[corner] = {p.x, p.y, p.z};
        }
        std::rotate(corners.begin(), std::ranges::min_element(corners), corners.end());
        std::vector<float> all; // from the smallest corner on: the winding counts
        for (const std::vector<float>& corner : corners) {
            all.insert(all.end(), corner.begin(), corner.end());
        }
        triangles.insert(all);
    }
    return triangles;
}

TEST_F(OsgbReader, readsWhatWasWritten) {
    const sample::OsgGeometry& source = sample::geometryOf(files[kRoot]);
    const OsgbFile file = read(files[kRoot].root);
    ASSERT_EQ(file.nodes.size(), 1U);
    const OsgbNode& node = file.nodes.front();
    ASSERT_EQ(node.geometries.size(), 1U);
    EXPECT_EQ(node.geometries.front().positions, source.positions);
    EXPECT_EQ(node.geometries.front().uvs, source.uvs);
    EXPECT_EQ(node.geometries.front().indices, source.primitives.front().numbers);
    EXPECT_EQ(node.childFiles, std::vector<std::string>{"T_L15_0u.osgb"});
    ASSERT_TRUE(node.switchRange);
    EXPECT_EQ(node.switchRange->mode, SwitchRange::Mode::PixelSizeOnScreen);
    EXPECT_NEAR(node.switchRange->radiusMetres / node.switchRange->value, 2.0, 1e-6); // L14
    ASSERT_EQ(file.images.size(), 1U);
    EXPECT_EQ(file.images.front().bytes, source.texture->bytes);
    EXPECT_EQ(file.images.front().width, 64U);
    EXPECT_TRUE(file.irregularities.empty());
}

TEST_F(OsgbReader, everyNodeOfAFileIsThereInOrder) {
    const OsgbFile file = read(files[kMiddle].root);
    ASSERT_EQ(file.nodes.size(), 8U);
    for (std::size_t i = 0; i < 8; ++i) {
        EXPECT_EQ(file.nodes[i].childFiles.front(), "T_L16_0u" + std::to_string(i) + ".osgb");
    }
    EXPECT_EQ(file.images.size(), 8U);
}

TEST_F(OsgbReader, everyKindOfPrimitiveGivesTheSameSurface) {
    OsgNode leaf = files[kLeaf].root;
    sample::OsgGeometry& geometry = leaf.geometries.front();
    geometry.primitives.clear();
    std::vector<std::uint32_t> plain;
    std::vector<std::uint32_t> strip;
    for (std::uint32_t column = 0; column < 7; ++column) {
        strip.push_back(7 + column);
        strip.push_back(column);
        if (column < 6) {
            for (const std::uint32_t corner :
                 {7 + column, column, 8 + column, 8 + column, column, column + 1}) {
                plain.push_back(corner);
            }
        }
    }
    using Kind = OsgPrimitives::Kind;
    using Mode = OsgPrimitives::Mode;
    geometry.primitives = {{Kind::UIntIndices, Mode::Triangles, 0, plain}};
    const auto expected = trianglesOf(read(leaf).nodes.front().geometries.front());
    ASSERT_EQ(expected.size(), 12U);
    for (const Kind kind : {Kind::UByteIndices, Kind::UShortIndices, Kind::UIntIndices}) {
        geometry.primitives = {{kind, Mode::Triangles, 0, plain}};
        EXPECT_EQ(trianglesOf(read(leaf).nodes.front().geometries.front()), expected);
        geometry.primitives = {{kind, Mode::TriangleStrip, 0, strip}};
        EXPECT_EQ(trianglesOf(read(leaf).nodes.front().geometries.front()), expected);
    }
}

TEST_F(OsgbReader, transformsHoldForGeometryRadiusAndNamedFiles) {
    OsgNode moved;
    moved.kind = OsgNode::Kind::MatrixTransform;
    moved.matrix = glm::scale(glm::translate(glm::dmat4(1.0), {1000.0, -500.0, 20.0}),
                              glm::dvec3(2.0, 3.0, 1.0));
    moved.children = {files[kRoot].root};
    const double radius = read(files[kRoot].root).nodes.front().switchRange->radiusMetres;
    const OsgbNode node = read(moved).nodes.front();
    EXPECT_EQ(node.geometries.front().matrix, moved.matrix);
    EXPECT_EQ(node.childMatrix, moved.matrix);
    EXPECT_NEAR(node.switchRange->radiusMetres, 3.0 * radius, 1e-6 * radius);
    EXPECT_FALSE(read(files[kRoot].root).nodes.front().childMatrix);
}

TEST_F(OsgbReader, aFileStandsBelowTheTransformsOfTheOneThatNamesIt) {
    const glm::dmat4 outer = glm::translate(glm::dmat4(1.0), {100.0, 0.0, 0.0});
    const glm::dmat4 inner = glm::scale(glm::dmat4(1.0), glm::dvec3(2.0));
    OsgNode scaled;
    scaled.kind = OsgNode::Kind::MatrixTransform;
    scaled.matrix = inner;
    scaled.children = {files[kRoot].root};
    OsgbFile file = read(scaled);
    const double radius = file.nodes.front().switchRange->radiusMetres;
    transformInPlace(file, outer);
    const OsgbNode& node = file.nodes.front();
    EXPECT_EQ(node.geometries.front().matrix, outer * inner); // the inner one first
    EXPECT_EQ(node.childMatrix, outer * inner);
    EXPECT_DOUBLE_EQ(node.switchRange->radiusMetres, radius);
}

TEST_F(OsgbReader, distancesAreNearerLimitsWhateverTheOrder) {
    OsgNode lod = files[kRoot].root;
    lod.byDistance = true;
    lod.ranges = {{200.0, 1e30, ""}, {0.0, 200.0, "fine.osgb"}};
    const OsgbNode node = read(lod).nodes.front();
    ASSERT_TRUE(node.switchRange);
    EXPECT_EQ(node.switchRange->mode, SwitchRange::Mode::DistanceFromEyePoint);
    EXPECT_DOUBLE_EQ(node.switchRange->value, 200.0);
    EXPECT_EQ(node.childFiles, std::vector<std::string>{"fine.osgb"});
    EXPECT_EQ(node.geometries.size(), 1U);
}

TEST_F(OsgbReader, losesNothingWithoutAWord) {
    OsgNode leaf = files[kLeaf].root;
    leaf.geometries.front().texture->bytes.assign(300, std::byte{0x5A});
    EXPECT_EQ(read(leaf).lostImages, 1U);

    leaf = files[kLeaf].root;
    leaf.geometries.front().texture->bytes.clear();
    EXPECT_EQ(read(leaf).lostImages, 1U) << "an external image that is not there";

    leaf = files[kLeaf].root;
    leaf.geometries.front().uvs.pop_back();
    const OsgbFile misfit = read(leaf);
    EXPECT_EQ(misfit.lostImages, 1U);
    EXPECT_TRUE(misfit.nodes.front().geometries.front().uvs.empty());

    leaf = files[kLeaf].root;
    leaf.geometries.front().uvs.clear();
    EXPECT_EQ(read(leaf).irregularities,
              std::vector<std::string>{"a texture without texture coordinates"});

    leaf = files[kLeaf].root;
    leaf.geometries.front().primitives.front().numbers[4] = 100000;
    const OsgbFile beyond = read(leaf);
    EXPECT_EQ(beyond.lostGeometries, 1U);
    EXPECT_EQ(beyond.nodes.front().geometries.front().indices.size(), 71U * 3U);
}

TEST_F(OsgbReader, anExternalImageLiesBesideTheFileAndNowhereElse) {
    OsgNode leaf = files[kLeaf].root;
    sample::OsgTexture& texture = *leaf.geometries.front().texture;
    const Bytes jpeg = texture.bytes;
    texture.bytes.clear();
    texture.fileName = "../../secret/picture.jpg";
    EXPECT_EQ(read(leaf).lostImages, 1U);
    ASSERT_TRUE(tiles3d::base::writeFile(folder / "picture.jpg", jpeg));
    const OsgbFile file = read(leaf);
    EXPECT_EQ(file.lostImages, 0U);
    ASSERT_EQ(file.images.size(), 1U);
    EXPECT_EQ(file.images.front().bytes, jpeg);
}

TEST_F(OsgbReader, emptyRootHasNoNodes) {
    OsgNode nothing;
    nothing.kind = OsgNode::Kind::Node;
    const OsgbFile file = read(nothing);
    EXPECT_TRUE(file.nodes.empty());
    EXPECT_EQ(file.bytes, 62U); // as the ones that deliveries hold
}

TEST_F(OsgbReader, truncatedFilesFailAtAnyLength) {
    const Bytes whole = sample::writeOsgb(files[kMiddle].root);
    for (std::size_t i = 0; i < 97; ++i) {
        const Bytes part(whole.begin(),
                         whole.begin() + static_cast<std::ptrdiff_t>(whole.size() * i / 97));
        EXPECT_FALSE(readBytes(part)) << part.size() << " of " << whole.size();
    }
}

TEST_F(OsgbReader, aHugeCountEndsWhereTheFileEnds) {
    // The Geode's number of drawables stands before the length and the class name of the first one.
    Bytes bytes = sample::writeOsgb(files[kLeaf].root);
    const std::size_t name = tiles3d::base::asText(bytes).find("osg::Geometry");
    ASSERT_NE(name, std::string_view::npos);
    ASSERT_EQ(bytes[name - 8], std::byte{1});
    bytes[name - 5] = std::byte{0x7F}; // its highest byte: two thousand million
    const auto start = std::chrono::steady_clock::now();
    EXPECT_FALSE(readBytes(bytes));
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST_F(OsgbReader, otherFilesAreRefused) {
    EXPECT_FALSE(readBytes({}));
    EXPECT_FALSE(readBytes(Bytes(5000, std::byte{0x37})));
    EXPECT_FALSE(readOsgb(runtime(), folder / "nothing.osgb"));
    EXPECT_FALSE(readOsgb(runtime(), folder.path()));
    ASSERT_TRUE(readBytes(sample::writeOsgb(files[kLeaf].root)));
    EXPECT_FALSE(readOsgb(runtime(), folder / "a.osgb", {.maxBytes = 100}));
    EXPECT_FALSE(readOsgb(runtime(), folder / "a.osgb", {.maxDepth = 0}));
}

} // namespace
} // namespace pipeline::sources
