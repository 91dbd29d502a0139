#include "pipeline/terrain/cover.h"

#include "tests/pipeline/job/temporary_folder.h"
#include "tiles3d/base/file.h"
#include "tiles3d/geo/enu_frame.h"
#include "tiles3d/gltf/glb.h"
#include "tiles3d/tileset/tileset_io.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pipeline::terrain {
namespace {

namespace gltf = tiles3d::gltf;
namespace tileset = tiles3d::tileset;
using tiles3d::geo::Angle;

/// A post every 1.11 m, on the equator.
constexpr LatticePlace kPlace{.westDegrees = 118.0, .southDegrees = 0.0, .stepDegrees = 1e-5};

/// A rectangle of posts, its middle 2 m or more from any edge; heights are ellipsoidal.
struct Patch {
    double west = 0.0;
    double south = 0.0;
    double east = 0.0;
    double north = 0.0;
    double heightMetres = 0.0;
};

/// A block of one tile that shows these patches.
std::filesystem::path writeBlock(const std::filesystem::path& folder,
                                 const std::vector<Patch>& patches) {
    const tiles3d::geo::EnuFrame frame({Angle::degrees(118.0001), Angle::degrees(0.0001)});
    gltf::Primitive primitive;
    for (const Patch& patch : patches) {
        const auto first = static_cast<std::uint32_t>(primitive.mesh.positions.size());
        const auto add = [&](double x, double y) {
            const auto ecef = tiles3d::geo::toEcef(
                {.longitude = Angle::degrees(kPlace.westDegrees + x * kPlace.stepDegrees),
                 .latitude = Angle::degrees(kPlace.southDegrees + y * kPlace.stepDegrees),
                 .heightMetres = patch.heightMetres});
            primitive.mesh.positions.emplace_back(frame.fromEcef(ecef).metres);
        };
        add(patch.west, patch.south);
        add(patch.east, patch.south);
        add(patch.east, patch.north);
        add(patch.west, patch.north);
        for (const std::uint32_t corner : {0U, 1U, 2U, 0U, 2U, 3U}) {
            primitive.mesh.indices.push_back(first + corner);
        }
    }
    gltf::Model model;
    model.materials.push_back({});
    model.primitives.push_back(std::move(primitive));
    const auto glb = gltf::writeGlb(model, {.codec = gltf::GeometryCodec::Plain});
    EXPECT_TRUE(glb && tiles3d::base::writeFile(folder / "top.glb", *glb));
    tileset::Tileset block{.geometricErrorMetres = 1.0};
    block.root.boundingVolume = tileset::Box{.halfAxes = glm::dmat3(100.0)};
    block.root.transform = frame.toEcefMatrix();
    block.root.contents = {{.uri = "top.glb"}};
    const auto json = tileset::toJson(block);
    EXPECT_TRUE(json && tiles3d::base::writeFile(folder / "tileset.json", *json));
    return folder / "tileset.json";
}

/// Land at 10 m under these patches.
Lattice covered(const std::vector<Patch>& patches) {
    const job::TemporaryFolder folder;
    Lattice lattice{.intervals = 20, .apron = 4};
    lattice.heights.assign(static_cast<std::size_t>(lattice.side() * lattice.side()), 10.0F);
    CoverRaster cover(lattice, kPlace);
    const auto added = cover.add(writeBlock(folder.path(), patches));
    EXPECT_TRUE(added) << added.error().message;
    std::move(cover).applyTo(lattice);
    return lattice;
}

TEST(Cover, PostsUnderTrianglesAreCoveredApronIncluded) {
    const Lattice lattice = covered({{-2.5, 4.5, 10.5, 12.5, 11.0}});
    ASSERT_FALSE(lattice.covered.empty());
    EXPECT_EQ(lattice.covered[lattice.at(-2, 5)], kFloor);
    EXPECT_EQ(lattice.covered[lattice.at(-3, 5)], kUncovered);
    EXPECT_EQ(lattice.covered[lattice.at(10, 12)], kFloor);
    EXPECT_EQ(lattice.covered[lattice.at(11, 12)], kUncovered);
    EXPECT_EQ(lattice.covered[lattice.at(10, 13)], kUncovered);
    EXPECT_EQ(lattice.covered[lattice.at(5, 4)], kUncovered);
    EXPECT_NEAR(lattice.ceilings[lattice.at(11, 13)], 11.0, 1e-3) << "the post beside";
    EXPECT_TRUE(std::isinf(lattice.ceilings[lattice.at(12, 12)]));
}

TEST(Cover, CeilingsAreTheLowestAsFarAsTheNextPosts) {
    const Lattice lattice = covered({{0.5, 0.5, 18.5, 18.5, 11.0}, {9.5, 9.5, 10.5, 10.5, 8.0}});
    EXPECT_NEAR(lattice.ceilings[lattice.at(10, 10)], 8.0, 1e-3);
    EXPECT_NEAR(lattice.ceilings[lattice.at(9, 11)], 8.0, 1e-3);
    EXPECT_NEAR(lattice.ceilings[lattice.at(8, 10)], 11.0, 1e-3);
}

TEST(Cover, PinholesAreNoHoles) {
    const Lattice lattice = covered({{0.5, 0.5, 18.5, 9.5, 11.0},
                                     {0.5, 10.5, 18.5, 18.5, 11.0},
                                     {0.5, 9.5, 9.5, 10.5, 11.0},
                                     {10.5, 9.5, 18.5, 10.5, 11.0}});
    EXPECT_EQ(lattice.covered[lattice.at(10, 10)], kFloor);
}

TEST(Cover, WhatStandsHighAboveTheLandIsARoof) {
    const Lattice lattice = covered({{0.5, 0.5, 9.5, 18.5, 11.0}, {9.5, 0.5, 18.5, 18.5, 25.0}});
    EXPECT_EQ(lattice.covered[lattice.at(9, 5)], kFloor);
    EXPECT_EQ(lattice.covered[lattice.at(10, 5)], kRoof);
}

TEST(Cover, NothingInTheLatticeLeavesItAsItIs) {
    const Lattice lattice = covered({{100.0, 100.0, 110.0, 110.0, 11.0}});
    EXPECT_TRUE(lattice.covered.empty());
    EXPECT_TRUE(lattice.ceilings.empty());
}

TEST(Cover, FailsOnAContentThatIsNotThere) {
    const job::TemporaryFolder folder;
    Lattice lattice{.intervals = 4};
    lattice.heights.assign(25, 10.0F);
    CoverRaster cover(lattice, kPlace);
    EXPECT_FALSE(cover.add(folder / "tileset.json"));
    const auto block = writeBlock(folder.path(), {{0.0, 0.0, 2.0, 2.0, 11.0}});
    std::filesystem::remove(folder / "top.glb");
    EXPECT_FALSE(cover.add(block));
}

} // namespace
} // namespace pipeline::terrain
