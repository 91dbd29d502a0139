// One block from its OSGB files to its tileset: the tree, the errors, what is lost and how.

#include "pipeline/oblique/convert_block.h"

#include "pipeline/oblique/tile_tree.h"
#include "pipeline/sample/fixture.h"
#include "tests/pipeline/job/temporary_folder.h"
#include "tests/pipeline/oblique/placed.h"
#include "tiles3d/base/file.h"
#include "tiles3d/tileset/tileset_io.h"

#include <glm/geometric.hpp>
#include <glm/gtc/matrix_transform.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace pipeline::oblique {
namespace {

namespace fs = std::filesystem;
namespace ts = tiles3d::tileset;
using sample::BlockFile;
using sample::OsgNode;
using tiles3d::base::Result;

constexpr std::size_t kRoot = 0;
constexpr std::size_t kMiddle = 1;
constexpr std::size_t kFirstLeaf = 2;

class Block : public testing::Test {
protected:
    void SetUp() override {
        const auto made = sample::makeFixtureBlock("T", 1, 1);
        ASSERT_TRUE(made) << made.error().message;
        files = *made;
    }

    BlockTask task() const {
        return {.name = "city/T",
                .folder = folder / "T",
                .root = folder / "T/T.osgb",
                .origin = kSourceOrigin,
                .output = folder / "out/T"};
    }

    Result<BlockResult> convert(const engine::UnitContext& context = {}) {
        fs::remove_all(folder / "T");
        EXPECT_TRUE(sample::writeFiles(folder / "T", sample::serialise(files)));
        return convertBlock(task(), runtime(), transform, context);
    }

    ts::Tileset tileset() const {
        const auto json = tiles3d::base::readTextFile(folder / "out/T/tileset.json");
        EXPECT_TRUE(json);
        return ts::readTileset(*json)->tileset;
    }

    static const sources::OsgbRuntime& runtime() {
        static const sources::OsgbRuntime one;
        return one;
    }

    job::TemporaryFolder folder;
    tiles3d::crs::Transform transform = xiamen();
    std::vector<BlockFile> files;
};

std::vector<LossKind> kindsOf(const BlockResult& result) {
    std::vector<LossKind> kinds;
    for (const Loss& loss : result.losses) {
        kinds.push_back(loss.kind);
    }
    return kinds;
}

TEST_F(Block, oneTilePerPagedLodAndLeaf) {
    const auto result = convert();
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->tiles, 17U); // 1 of L14, 8 of L15, 8 of L16
    EXPECT_EQ(result->convertedFiles, 10U);
    EXPECT_EQ(result->inputFiles, 10U);
    EXPECT_TRUE(result->losses.empty());
    EXPECT_NEAR(result->centreDegrees.x, 118.09, 0.01);
    EXPECT_NEAR(result->centreDegrees.y, 24.446, 0.01);
    EXPECT_LT(result->fitResidualMetres, 0.001);
    const ts::Tile root = tileset().root;
    EXPECT_NEAR(root.geometricErrorMetres, 64.0, 1e-4); // FORMATS: 2^(20 - L)
    ASSERT_EQ(root.children.size(), 8U);
    for (const ts::Tile& child : root.children) {
        EXPECT_NEAR(child.geometricErrorMetres, 32.0, 1e-4);
        ASSERT_EQ(child.children.size(), 1U);
        EXPECT_EQ(child.children.front().geometricErrorMetres, 0.0);
    }
}

TEST_F(Block, contentsAreThereAndNothingElse) {
    ASSERT_TRUE(convert());
    std::size_t glbs = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder / "out")) {
        glbs += entry.path().extension() == ".glb" ? 1U : 0U;
        EXPECT_NE(entry.path().extension(), ".part");
    }
    EXPECT_EQ(glbs, 17U);
}

TEST_F(Block, threadsLeaveNoTrace) {
    ASSERT_TRUE(convert());
    const auto one = tiles3d::base::readTextFile(folder / "out/T/tileset.json");
    ASSERT_TRUE(convert({.threads = 4}));
    EXPECT_EQ(*tiles3d::base::readTextFile(folder / "out/T/tileset.json"), *one);
}

TEST_F(Block, aTransformInTheRootHoldsForAllFilesBelow) {
    const auto plain = convert();
    ASSERT_TRUE(plain);
    // Everything is stored 1000 m too far west, and the root's transform moves it back.
    constexpr glm::dvec3 kShift{1000.0, 0.0, 0.0};
    const auto shift = [&](OsgNode& node, const auto& self) -> void {
        for (sample::OsgGeometry& geometry : node.geometries) {
            for (glm::vec3& position : geometry.positions) {
                position -= glm::vec3(kShift);
            }
        }
        node.centre -= kShift;
        for (OsgNode& child : node.children) {
            self(child, self);
        }
    };
    for (BlockFile& file : files) {
        shift(file.root, shift);
    }
    OsgNode moved;
    moved.kind = OsgNode::Kind::MatrixTransform;
    moved.matrix = glm::translate(glm::dmat4(1.0), kShift);
    moved.children = {files[kRoot].root};
    files[kRoot].root = moved;
    const auto result = convert();
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_TRUE(result->losses.empty());
    EXPECT_LT(glm::distance(result->boxEcef.centre, plain->boxEcef.centre), 0.01);
    const ts::Box leaf =
        std::get<ts::Box>(tileset().root.children.front().children.front().boundingVolume);
    EXPECT_LT(glm::length(leaf.centre), 100.0);
}

TEST_F(Block, aRootWithDamagedCoordinatesCostsOneFile) {
    sample::geometryOf(files[kRoot]).positions[5].y = -9e20F;
    const auto result = convert();
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(kindsOf(*result), std::vector{LossKind::Unreadable});
    EXPECT_EQ(result->tiles, 16U); // the tile that stands for the root has no content
    EXPECT_NEAR(result->centreDegrees.x, 118.09, 0.01);
}

TEST_F(Block, anotherFlippedBitInARootCostsATriangleOrTwo) {
    sample::geometryOf(files[kRoot]).uvs[8].x = std::numeric_limits<float>::quiet_NaN();
    const auto result = convert();
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(kindsOf(*result), std::vector{LossKind::Geometry});
    EXPECT_EQ(result->tiles, 17U);
    EXPECT_EQ(result->contents, 17U);
}

TEST_F(Block, aLeafWithDamagedCoordinatesCostsOneFile) {
    sample::geometryOf(files[kFirstLeaf]).positions[5].y = -9e20F;
    const auto result = convert();
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(kindsOf(*result), std::vector{LossKind::Unreadable});
}

TEST_F(Block, namesThatNoFileSystemTakesAreLosses) {
    files[kMiddle].root.children[0].ranges.back().file = std::string(5000, 'x') + ".osgb";
    files[kMiddle].root.children[1].ranges.back().file = "";
    files[kMiddle].root.children[2].ranges.back().file = ".";
    files[kMiddle].root.children[3].ranges.back().file = "T_L16_0u3.osgb/x.osgb";
    const auto result = convert();
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_TRUE(result->hasTiles);
    const std::vector<LossKind> kinds = kindsOf(*result);
    EXPECT_EQ(std::ranges::count(kinds, LossKind::Orphan), 4); // the leaves nobody names now
    EXPECT_EQ(result->losses.size(), 7U);                      // the empty name names nothing
}

TEST_F(Block, cyclesEndAndAreSaid) {
    // Two leaves that name each other.
    const auto nameChild = [&](std::size_t leaf, const std::string& child) {
        OsgNode lod = files[kMiddle].root.children[leaf - kFirstLeaf];
        lod.ranges.back().file = child;
        lod.children = {files[leaf].root};
        files[leaf].root = lod;
    };
    nameChild(kFirstLeaf, files[kFirstLeaf + 1].name);
    nameChild(kFirstLeaf + 1, files[kFirstLeaf].name);
    for (const std::size_t threads : {1U, 4U}) {
        const auto result = convert({.threads = threads});
        ASSERT_TRUE(result) << result.error().message;
        EXPECT_EQ(std::ranges::count(kindsOf(*result), LossKind::Cycle), 2);
        EXPECT_EQ(result->convertedFiles, 10U);
    }
}

TEST_F(Block, quarantinedFilesAreNotOpened) {
    const auto result = convert({.quarantined = {{"T_L16_0u3.osgb", "the reader crashed on it"}}});
    ASSERT_TRUE(result);
    ASSERT_EQ(result->losses.size(), 1U);
    EXPECT_EQ(result->losses.front().reason, "the reader crashed on it");
}

TEST_F(Block, aMissingChildLeavesItsParentThere) {
    files.erase(files.begin() + kFirstLeaf);
    const auto result = convert();
    ASSERT_TRUE(result);
    EXPECT_EQ(kindsOf(*result), std::vector{LossKind::Missing});
    EXPECT_EQ(result->tiles, 16U);
    const ts::Tile& parent = tileset().root.children.front();
    EXPECT_TRUE(parent.isLeaf());
    EXPECT_EQ(parent.geometricErrorMetres, 0.0);
}

TEST_F(Block, capitalExtensionsAreInputsToo) {
    for (BlockFile& file : files) {
        file.name.replace(file.name.size() - 5, 5, ".OSGB");
    }
    const auto result = convert();
    ASSERT_TRUE(result);
    EXPECT_EQ(result->inputFiles, 10U);
    EXPECT_TRUE(result->hasTiles) << "without its root the rest is salvaged";
}

TEST_F(Block, anUnreadableBlockHasNoTilesAndSaysWhy) {
    files.resize(1);
    fs::create_directories(folder / "T");
    for (const BlockFile& file : files) {
        ASSERT_TRUE(tiles3d::base::writeFile(folder / "T" / file.name, std::string_view("no")));
    }
    const auto result = convertBlock(task(), runtime(), transform, {});
    ASSERT_TRUE(result);
    EXPECT_FALSE(result->hasTiles);
    EXPECT_EQ(kindsOf(*result), std::vector{LossKind::Unreadable});
    EXPECT_FALSE(fs::exists(folder / "out/T"));
}

TEST_F(Block, placesThatCannotBeMeantAreRefused) {
    tiles3d::crs::SourceCrs crs;
    crs.horizontal = tiles3d::crs::LocalEnu{};
    transform = *tiles3d::crs::Transform::create(crs, tiles3d::crs::EllipsoidalHeights{});
    ASSERT_TRUE(sample::writeFiles(folder / "T", sample::serialise(files)));
    BlockTask nowhere = task();
    nowhere.origin = glm::dvec3(0.0);
    const auto result = convertBlock(nowhere, runtime(), transform, {});
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().message.find("--origin"), std::string::npos);
    EXPECT_FALSE(fs::exists(folder / "out/T"));
}

TEST_F(Block, anOutputThatCannotBeWrittenFails) {
    ASSERT_TRUE(tiles3d::base::writeFile(folder / "out", std::string_view("in the way")));
    const auto result = convert();
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().message.find("out"), std::string::npos);
}

TEST_F(Block, surveyAgreesAndWritesNothing) {
    const auto converted = convert();
    const auto surveyed = surveyBlock(task(), runtime(), transform, {});
    ASSERT_TRUE(converted && surveyed);
    EXPECT_EQ(surveyed->tiles, converted->tiles);
    EXPECT_EQ(surveyed->inputFiles, converted->inputFiles);
    ASSERT_EQ(surveyed->levels.size(), converted->levels.size());
    for (const auto& [level, totals] : converted->levels) {
        EXPECT_EQ(surveyed->levels.at(level).triangles, totals.triangles) << "L" << level;
        EXPECT_EQ(surveyed->levels.at(level).texels, totals.texels) << "L" << level;
    }
}

// --- the tree alone, from literals -----------------------------------------------------------

ConvertedNode node(const std::string& content,
                   std::optional<double> metresPerPixel,
                   std::vector<std::string> children = {}) {
    ConvertedNode made;
    made.contentFile = content;
    made.content.triangles = 1;
    made.content.limits = {{0.0, 0.0, 0.0}, {10.0, 10.0, 1.0}};
    made.content.metresPerTexel = 0.05;
    made.metresPerPixel = metresPerPixel;
    made.childFiles = std::move(children);
    return made;
}

/// Files of one node each, the first one the root.
ts::Tile treeOf(const std::vector<std::pair<std::string, ConvertedNode>>& nodes) {
    ConvertedFiles converted;
    converted.roots = {nodes.front().first};
    for (const auto& [name, one] : nodes) {
        converted.files[name].nodes = {one};
    }
    const BlockTask task{.purpose = Purpose::Survey};
    const auto tree = assembleTree(converted, task, {});
    EXPECT_TRUE(tree && tree->root);
    return *tree->root;
}

TEST(TileTree, errorsFallStrictlyWhateverTheRangesSay) {
    const ts::Tile tile = treeOf({{"a", node("a.glb", 1.0, {"b"})},
                                  {"b", node("b.glb", 4.0, {"c"})}, // coarser than its parent
                                  {"c", node("c.glb", std::nullopt, {"d"})},
                                  {"d", node("d.glb", 0.001)}});
    const ts::Tile* at = &tile;
    EXPECT_DOUBLE_EQ(at->geometricErrorMetres, 16.0);
    while (!at->isLeaf()) {
        EXPECT_GT(at->geometricErrorMetres, at->children.front().geometricErrorMetres);
        at = &at->children.front();
    }
    EXPECT_EQ(at->geometricErrorMetres, 0.0) << "a leaf, whatever its range says";
}

TEST(TileTree, withoutRangesTheTexelsTell) {
    const ts::Tile tile =
        treeOf({{"a", node("a.glb", std::nullopt, {"b"})}, {"b", node("b.glb", std::nullopt)}});
    EXPECT_NEAR(tile.geometricErrorMetres, 32.0 * 0.05 * 2.0, 1e-12); // twice its child's
}

TEST(TileTree, extremesOfRangesStayFinite) {
    for (const double metresPerPixel : {1e-30, 1e70}) {
        const ts::Tile tile = treeOf({{"a", node("a.glb", metresPerPixel, {"b"})},
                                      {"b", node("b.glb", 1.0, {"c"})},
                                      {"c", node("c.glb", std::nullopt)}});
        EXPECT_TRUE(std::isfinite(tile.geometricErrorMetres));
        EXPECT_GT(tile.geometricErrorMetres, tile.children.front().geometricErrorMetres);
        EXPECT_GT(tile.children.front().geometricErrorMetres, 0.0);
    }
}

TEST(TileTree, aChainDeeperThanAnyDeliveryIsCut) {
    std::vector<std::pair<std::string, ConvertedNode>> chain;
    for (int i = 0; i < 200; ++i) {
        const std::string name = std::to_string(1000 + i);
        chain.emplace_back(name, node(name + ".glb", std::exp2(-i), {std::to_string(1001 + i)}));
    }
    const ts::Tile tile = treeOf(chain);
    int depth = 0;
    for (const ts::Tile* at = &tile; !at->isLeaf(); at = &at->children.front()) {
        ++depth;
    }
    EXPECT_EQ(depth, 47);
}

} // namespace
} // namespace pipeline::oblique
