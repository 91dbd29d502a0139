#include "pipeline/overview/surface.h"

#include "blocks.h"
#include "scenes.h"
#include "tiles3d/base/file.h"
#include "tiles3d/tileset/tileset_io.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <gtest/gtest.h>

namespace pipeline::overview {
namespace {

namespace fs = std::filesystem;
namespace ts = tiles3d::tileset;
namespace gltf = tiles3d::gltf;

ts::Limits limitsOf(const Surface& surface) {
    ts::Limits limits;
    for (const SurfacePart& part : surface.parts) {
        for (const glm::vec3& position : part.mesh.positions) {
            limits.include(glm::dvec3(position));
        }
    }
    return limits;
}

void writeGlbTo(const fs::path& file, const gltf::Model& model) {
    const auto glb = gltf::writeGlb(model, {.codec = gltf::GeometryCodec::Plain});
    ASSERT_TRUE(glb);
    ASSERT_TRUE(tiles3d::base::writeFile(file, *glb));
}

TEST(ReadSurface, blocksStandWhereTheyBelong) {
    const ScratchFolder folder;
    const auto children = writeFourBlocks(folder / "blocks");
    const glm::dvec3 origin(100.0, 100.0, 0.0);
    const auto surface = readSurface(children, cityFrame().fromEcefMatrix(), origin);
    ASSERT_TRUE(surface) << surface.error().message;
    ASSERT_EQ(surface->parts.size(), 4U);
    for (std::uint32_t i = 0; i < 4; ++i) {
        EXPECT_EQ(surface->parts[i].child, i);
    }
    const ts::Limits limits = limitsOf(*surface);
    // The Earth bends away by 1.6 mm at 141 m; the blocks' own frames follow it.
    EXPECT_LT(glm::length(limits.minimum - glm::dvec3(-100.02, -100.02, -3.0)), 0.1);
    EXPECT_LT(glm::length(limits.maximum - glm::dvec3(100.02, 100.02, 3.0)), 0.1);
    EXPECT_EQ(colourAt(surface->parts[1].texture, 4, 4), kRed);
}

TEST(ReadSurface, theFinestTexelIsMeasured) {
    const ScratchFolder folder;
    const auto children = writeFourBlocks(folder / "blocks");
    const auto surface = readSurface(children, cityFrame().fromEcefMatrix(), glm::dvec3(0.0));
    ASSERT_TRUE(surface);
    // Cells of 3.3 m show 3 x 3 texels each; the ground is a little steep.
    EXPECT_NEAR(surface->metresPerTexel, 1.12, 0.05);
}

TEST(ReadSurface, whereTheRootHasNoContentItsChildrenCoverIt) {
    const ScratchFolder folder;
    ChildContent child = writeBlock(folder / "block", {.colour = kRed});
    writeGlbTo(folder / "block" / "fine.glb", modelOf({.colour = kBlue}));
    auto read = ts::readTileset(*tiles3d::base::readTextFile(child.file));
    ASSERT_TRUE(read);
    ts::Tile middle;
    middle.boundingVolume = read->tileset.root.boundingVolume;
    middle.contents.push_back({.uri = "root.glb"});
    middle.transform[3] = glm::dvec4(0.0, 0.0, 7.0, 1.0);
    ts::Tile fine = middle;
    fine.contents.front().uri = "fine.glb";
    middle.geometricErrorMetres = 1.0;
    middle.children.push_back(fine); // finer than needed: not read
    read->tileset.root.contents.clear();
    read->tileset.root.geometricErrorMetres = read->tileset.geometricErrorMetres = 2.0;
    read->tileset.root.children.push_back(middle);
    const auto text = ts::toJson(read->tileset);
    ASSERT_TRUE(text) << text.error().message;
    ASSERT_TRUE(tiles3d::base::writeFile(child.file, std::string_view(*text)));
    const auto surface = readSurface({child}, cityFrame().fromEcefMatrix(), glm::dvec3(0.0));
    ASSERT_TRUE(surface) << surface.error().message;
    ASSERT_EQ(surface->parts.size(), 1U);
    EXPECT_EQ(colourAt(surface->parts[0].texture, 4, 4), kRed);
    EXPECT_NEAR(limitsOf(*surface).maximum.z, 10.0, 0.1); // the tile's own transform applies
}

TEST(ReadSurface, ofANodeTheSkirtsAreLeftOut) {
    const ScratchFolder folder;
    fs::create_directories(folder / "nodes");
    gltf::Model model = modelOf({.colour = kGreen});
    model.origin = {1000.0, 2000.0, 30.0};
    model.primitives.push_back(model.primitives.front());
    writeGlbTo(folder / "nodes" / "0_0.glb", model);
    const auto surface = readSurface({{.file = folder / "nodes" / "0_0.glb"}},
                                     cityFrame().fromEcefMatrix(),
                                     {1000.0, 2000.0, 0.0});
    ASSERT_TRUE(surface) << surface.error().message;
    ASSERT_EQ(surface->parts.size(), 1U);
    const ts::Limits limits = limitsOf(*surface);
    EXPECT_NEAR(limits.minimum.x, -0.02, 1e-3); // city frame: no transform of ECEF
    EXPECT_NEAR(limits.minimum.z, 27.0, 0.1);
}

TEST(ReadSurface, aSurfaceWithoutTextureKeepsItsColour) {
    const ScratchFolder folder;
    fs::create_directories(folder / "nodes");
    gltf::Model model = modelOf({.colour = kGreen});
    model.images.clear();
    model.materials.front() = {.baseColour = {0.5F, 0.25F, 0.0F, 1.0F}};
    writeGlbTo(folder / "nodes" / "0_0.glb", model);
    const auto surface = readSurface(
        {{.file = folder / "nodes" / "0_0.glb"}}, cityFrame().fromEcefMatrix(), glm::dvec3(0.0));
    ASSERT_TRUE(surface) << surface.error().message;
    EXPECT_TRUE(surface->parts[0].texture.pixels.empty());
    EXPECT_EQ(surface->parts[0].colour, glm::vec3(0.5F, 0.25F, 0.0F));
    EXPECT_DOUBLE_EQ(surface->metresPerTexel, 0.0);
}

TEST(ReadSurface, whatCannotBeReadIsNamed) {
    const ScratchFolder folder;
    const ChildContent child = writeBlock(folder / "block", {.colour = kRed});
    const auto read = [&] {
        return readSurface({child}, cityFrame().fromEcefMatrix(), glm::dvec3(0.0));
    };
    ASSERT_TRUE(read());
    ASSERT_TRUE(tiles3d::base::writeFile(folder / "block" / "root.glb", std::string_view("glTF?")));
    ASSERT_FALSE(read());
    EXPECT_NE(read().error().message.find("root.glb"), std::string::npos);
    fs::remove(folder / "block" / "root.glb");
    EXPECT_FALSE(read());
    ASSERT_TRUE(tiles3d::base::writeFile(child.file, std::string_view("{")));
    ASSERT_FALSE(read());
    EXPECT_NE(read().error().message.find("tileset.json"), std::string::npos);
}

TEST(ReadSurface, ofNothingIsEmpty) {
    const auto surface = readSurface({}, cityFrame().fromEcefMatrix(), glm::dvec3(0.0));
    ASSERT_TRUE(surface);
    EXPECT_TRUE(surface->parts.empty());
}

} // namespace
} // namespace pipeline::overview
