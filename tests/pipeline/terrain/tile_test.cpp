#include "pipeline/terrain/tile.h"

#include "tests/pipeline/job/temporary_folder.h"
#include "tiles3d/base/file.h"
#include "tiles3d/gltf/glb.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <cmath>

namespace pipeline::terrain {
namespace {

using tiles3d::geo::Angle;
using tiles3d::geo::Cartographic;

constexpr int kIntervals = 8;

/// A degree round Fuji; pixels of depth 3 are 76 m.
class Tile : public testing::Test {
protected:
    Tile() {
        style.grid = gridFor({.west = 138.0, .south = 35.0, .east = 139.0, .north = 36.0});
        style.folder = folder.path();
    }

    /// Hills with every post a vertex.
    CellSurface surfaceOf(const Cell& cell) const {
        CellSurface surface{.cell = cell, .land = {.intervals = kIntervals}};
        for (int row = -1; row <= kIntervals + 1; ++row) {
            for (int column = -1; column <= kIntervals + 1; ++column) {
                surface.land.heights.push_back(
                    static_cast<float>(900.0 + 300.0 * std::sin(1.7 * column + 2.9 * row)));
            }
        }
        surface.tin = triangulate(surface.land, 0.0);
        surface.picture = {.width = 8, .height = 8, .channels = 4};
        surface.picture.pixels.assign(std::size_t{4} * 8 * 8, std::byte{99});
        return surface;
    }

    /// How far a vertex of the written tile lies from the next post's line, at most.
    double largestDisplacement(const Cell& cell) const {
        const auto record = writeTile(surfaceOf(cell), style);
        EXPECT_TRUE(record) << record.error().message;
        const auto bytes = tiles3d::base::readFile(style.folder / contentPath(cell));
        EXPECT_TRUE(bytes) << bytes.error().message;
        const auto model = tiles3d::gltf::readGlb(*bytes);
        EXPECT_TRUE(model) << model.error().message;
        const double step = style.grid.sideDegrees(cell.depth) / kIntervals;
        double largest = 0.0;
        for (const glm::vec3& position : model->primitives.at(0).mesh.positions) {
            const auto ecef = style.frame.toEcef({model->origin + glm::dvec3(position)});
            const Cartographic place = tiles3d::geo::toCartographic(ecef);
            const Cartographic post{
                .longitude = Angle::degrees(std::round(place.longitude.degrees() / step) * step),
                .latitude = Angle::degrees(std::round(place.latitude.degrees() / step) * step),
                .heightMetres = place.heightMetres};
            largest =
                std::max(largest, glm::distance(tiles3d::geo::toEcef(post).metres, ecef.metres));
        }
        return largest;
    }

    job::TemporaryFolder folder;
    TileStyle style{.frame = tiles3d::geo::EnuFrame(
                        {.longitude = Angle::degrees(138.5), .latitude = Angle::degrees(35.5)})};
};

TEST_F(Tile, VerticesStandWithinACentimetreOfTheirPosts) {
    for (const scan::Geometry geometry : {scan::Geometry::Draco,
                                          scan::Geometry::Meshopt,
                                          scan::Geometry::Quantized,
                                          scan::Geometry::Plain}) {
        style.codecs.geometry = geometry;
        for (const int depth : {3, 6, 9}) {
            const auto middle = std::uint32_t{1} << static_cast<unsigned>(depth - 1);
            EXPECT_LT(largestDisplacement({.depth = depth, .x = middle, .y = middle}), 0.01)
                << scan::toWord(geometry) << ", depth " << depth;
        }
    }
}

TEST_F(Tile, PositionsFitCodecsInCellsOfAnySize) {
    constexpr double kMostSteps = 8388608.0; // 2^23
    for (int rootLevel = 1; rootLevel < 12; ++rootLevel) {
        const CellGrid grid{.rootLevel = rootLevel};
        for (int depth = 0; depth <= kMostDepth - rootLevel; ++depth) {
            const double pixel = grid.metresPerPixel(depth);
            const double step = positionStep(grid, depth);
            EXPECT_LE(step, pixel / 128.0);
            EXPECT_LE(pixel * kTexels / step, kMostSteps);
            EXPECT_EQ(std::exp2(std::round(std::log2(step))), step) << "a power of two";
        }
    }
}

} // namespace
} // namespace pipeline::terrain
