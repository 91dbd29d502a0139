#include "pipeline/terrain/tile.h"

#include "tests/pipeline/job/temporary_folder.h"
#include "tiles3d/base/file.h"
#include "tiles3d/gltf/glb.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace pipeline::terrain {
namespace {

using tiles3d::geo::Angle;

constexpr CellGrid kGrid{.alignedLevel = 17, .alignedX = 4 * 54264, .alignedY = 4 * 20833};
constexpr int kIntervals = 4;
constexpr float kHole = std::numeric_limits<float>::quiet_NaN();

const tiles3d::geo::EnuFrame kFrame(tiles3d::geo::Cartographic{
    .longitude = Angle::degrees(118.0887), .latitude = Angle::degrees(24.4449)});

/// 10 m in the west, 18 m in the east.
PostGrid slope() {
    PostGrid land{.intervals = kIntervals};
    land.heights.resize(std::size_t{kIntervals + 3} * (kIntervals + 3));
    for (int row = -1; row <= kIntervals + 1; ++row) {
        for (int column = -1; column <= kIntervals + 1; ++column) {
            land.heights[land.indexOf(column, row)] = 10.0F + 2.0F * static_cast<float>(column);
        }
    }
    return land;
}

class Tile : public testing::Test {
protected:
    CellSurface surfaceOf(PostGrid land) const {
        CellSurface surface{.cell = cell, .land = std::move(land)};
        surface.tin = triangulate(surface.land, 0.0);
        surface.picture = {.width = 8, .height = 8, .channels = 4};
        surface.picture.pixels.assign(std::size_t{8} * 8 * 4, std::byte{200});
        return surface;
    }

    TileRecord written(const CellSurface& surface) {
        const auto record = writeTile(surface, style);
        EXPECT_TRUE(record) << record.error().message;
        return record ? *record : TileRecord{};
    }

    tiles3d::gltf::Model model() const {
        const auto bytes = tiles3d::base::readFile(folder / contentPath(cell).string());
        EXPECT_TRUE(bytes);
        auto read = tiles3d::gltf::readGlb(*bytes);
        EXPECT_TRUE(read);
        return read ? *std::move(read) : tiles3d::gltf::Model{};
    }

    Cell cell{2, 1, 3};
    job::TemporaryFolder folder;
    TileStyle style{.grid = kGrid, .frame = kFrame, .folder = folder.path()};
};

TEST_F(Tile, verticesStandWhereTheirPostsAre) {
    style.codecs.geometry = scan::Geometry::Plain;
    const TileRecord record = written(surfaceOf(slope()));
    EXPECT_EQ(record.cell, cell);
    EXPECT_EQ(record.vertices, 4U) << "a plane";
    EXPECT_EQ(record.triangles, 2U + 4U * 2U) << "and a skirt on each side";
    EXPECT_EQ(record.texels, 64U);
    const auto read = model();
    const Extent extent = extentOf(kGrid, cell);
    std::size_t skirts = 0;
    for (const glm::vec3& position : read.primitives.at(0).mesh.positions) {
        const auto place =
            tiles3d::geo::toCartographic(kFrame.toEcef({read.origin + glm::dvec3(position)}));
        const double x = (place.longitude.degrees() - extent.west) / (extent.east - extent.west);
        const double y = (place.latitude.degrees() - extent.south) / (extent.north - extent.south);
        constexpr double kShare = 1e-4; // 15 mm of 153 m
        EXPECT_NEAR(x, std::round(x), kShare);
        EXPECT_NEAR(y, std::round(y), kShare);
        const double land = 10.0 + 8.0 * std::round(x);
        const bool isSkirt = place.heightMetres < land - 0.1;
        skirts += isSkirt ? 1 : 0;
        EXPECT_NEAR(place.heightMetres, land - (isSkirt ? skirtMetres(kGrid, 2) : 0.0), 0.01);
        EXPECT_GE(place.heightMetres, record.minimumHeightMetres);
        EXPECT_LE(place.heightMetres, record.maximumHeightMetres);
    }
    EXPECT_EQ(skirts, 4U);
}

TEST_F(Tile, thePicturesTopIsNorth) {
    style.codecs.geometry = scan::Geometry::Plain;
    written(surfaceOf(slope()));
    const auto read = model();
    const auto& mesh = read.primitives.at(0).mesh;
    for (std::size_t i = 0; i < mesh.positions.size(); ++i) {
        const auto place = tiles3d::geo::toCartographic(
            kFrame.toEcef({read.origin + glm::dvec3(mesh.positions[i])}));
        const Extent extent = extentOf(kGrid, cell);
        const double y = (place.latitude.degrees() - extent.south) / (extent.north - extent.south);
        EXPECT_NEAR(mesh.uvs[i].y, 1.0 - y, 1e-3);
    }
    ASSERT_EQ(read.images.size(), 1U);
}

TEST_F(Tile, whereLandEndsInsideThereIsNoSkirt) {
    PostGrid land = slope();
    for (int row = -1; row <= kIntervals + 1; ++row) {
        for (int column = 3; column <= kIntervals + 1; ++column) {
            land.heights[land.indexOf(column, row)] = kHole;
        }
    }
    const CellSurface surface = surfaceOf(land);
    const TileRecord record = written(surface);
    std::size_t border = 0;
    for (const glm::ivec2& post : surface.tin.posts) {
        border += post.x == 0 || post.y == 0 || post.y == kIntervals ? 1 : 0;
    }
    std::size_t triangles = 0;
    for (const auto& primitive : model().primitives) {
        triangles += primitive.mesh.indices.size() / 3;
    }
    EXPECT_EQ(record.triangles, triangles);
    EXPECT_EQ(triangles, surface.tin.indices.size() / 3 + 2 * (border - 1)) << "three sides";
}

TEST_F(Tile, everyCodecKeepsTheGridOfPositions) {
    PostGrid land = slope();
    land.heights[land.indexOf(2, 2)] += 3.0F;
    const double step = positionStep(kGrid, cell.depth);
    EXPECT_LE(step, kGrid.metresPerPixel(cell.depth) / 128.0);
    for (const scan::Geometry geometry : {scan::Geometry::Plain,
                                          scan::Geometry::Draco,
                                          scan::Geometry::Quantized,
                                          scan::Geometry::Meshopt}) {
        style.codecs.geometry = geometry;
        written(surfaceOf(land));
        const auto read = model();
        for (const glm::vec3& position : read.primitives.at(0).mesh.positions) {
            const glm::dvec3 steps = (read.origin + glm::dvec3(position)) / step;
            EXPECT_LT(glm::length(steps - glm::round(steps)), 0.02) << scan::toWord(geometry);
        }
    }
}

TEST_F(Tile, aFailedOutputIsSaid) {
    ASSERT_TRUE(tiles3d::base::writeFile(folder / "2", std::string_view("in the way")));
    const auto record = writeTile(surfaceOf(slope()), style);
    ASSERT_FALSE(record);
    EXPECT_NE(record.error().message.find("2"), std::string::npos);
}

TEST_F(Tile, recordsPassThroughJson) {
    const TileRecord record = written(surfaceOf(slope()));
    EXPECT_EQ(toJson(tileRecordFrom(toJson(record))).dump(), toJson(record).dump());
    EXPECT_EQ(tileRecordFrom(tiles3d::base::Json()).cell, Cell{});
}

TEST(TileNames, areThoseOfTheGlobesTiling) {
    EXPECT_EQ(contentPath({3, 5, 6}), "3/5/6.glb");
    // A depth below kAlignedDepth halves its cells.
    const TmsTile tile = tmsTileOf(kGrid, {4, 1, 3});
    EXPECT_EQ(tile.level, 18);
    EXPECT_EQ(tile.x, 8 * 54264 + 1);
    EXPECT_EQ(tile.y, 8 * 20833 + 3);
    EXPECT_EQ(quantizedMeshPath(tile), "quantized-mesh/18/434113/166667.terrain");
}

} // namespace
} // namespace pipeline::terrain
