#include "pipeline/terrain/plane_nodes.h"

#include "tiles3d/crs/transform.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pipeline::terrain {
namespace {

using tiles3d::geo::Angle;

TEST(ToPixels, invertsAGeoTransform) {
    const ToPixels pixels = toPixels({610000.0, 1.5, 0.5, 2705000.0, 0.25, -2.0});
    const glm::dvec2 at = pixels.at(610000.0 + 1.5 * 7 + 0.5 * 3, 2705000.0 + 0.25 * 7 - 2.0 * 3);
    EXPECT_NEAR(at.x, 7.0, 1e-9);
    EXPECT_NEAR(at.y, 3.0, 1e-9);
    const glm::dvec2 counted = pixels.countedFrom({5.0, 1.0}, {2.0, 4.0}).at(610012.0, 2704995.75);
    EXPECT_NEAR(counted.x, 1.0, 1e-9);
    EXPECT_NEAR(counted.y, 0.5, 1e-9);
}

TEST(PostsIn, coverTheExtentAndNoMore) {
    const GeoLattice lattice{118.0, 24.0, 0.25, 9, 5};
    const PostRange some = postsIn({118.25, 24.1, 119.2, 24.75}, lattice);
    EXPECT_EQ(some.firstColumn, 1);
    EXPECT_EQ(some.lastColumn, 5);
    EXPECT_EQ(some.firstRow, 1);
    EXPECT_EQ(some.lastRow, 4);
    EXPECT_TRUE(postsIn({121.0, 24.0, 122.0, 25.0}, lattice).isEmpty());
    EXPECT_TRUE(postsIn({118.3, 24.0, 118.4, 25.0}, lattice).isEmpty());
}

/// Largest distance from PROJ's own answers at posts of `lattice`: metres across and up.
std::pair<double, double> residual(const GeoLattice& lattice, const std::string& srs) {
    const auto crs = tiles3d::crs::understandSrs(srs);
    const tiles3d::crs::GeoidGrid egm96{"egm96_15.gtx"};
    const auto transform = tiles3d::crs::Transform::create(*crs, egm96);
    const auto nodes = planeNodes(lattice, *crs, egm96);
    EXPECT_TRUE(nodes) << nodes.error().message;
    double across = 0.0;
    double up = 0.0;
    int index = 0;
    const ToPixels identity{{0.0, 1.0, 0.0}, {0.0, 0.0, 1.0}};
    const PostRange all{0, lattice.columns, 0, lattice.rows};
    forEachPost(*nodes, all, identity, [&](int column, int row, const glm::dvec3& place) {
        if (index++ % 97 != 0) {
            return;
        }
        const auto exact = transform->fromCartographic(
            {Angle::degrees(lattice.westDegrees + column * lattice.stepDegrees),
             Angle::degrees(lattice.southDegrees + row * lattice.stepDegrees),
             0.0});
        across = std::max(across, std::hypot(place.x - exact->x, place.y - exact->y));
        up = std::max(up, std::abs(place.z + exact->z));
    });
    return {across, up};
}

TEST(PlaneNodes, areWithinAMillimetreOfProjForSomeKilometres) {
    for (const double km : {2.0, 8.0, 50.0}) {
        constexpr int kPosts = 1500;
        const double step = km / 111.32 / kPosts;
        // across 24.5 N, where EGM96's grid has a line and a kink
        const GeoLattice lattice{118.05, 24.5 - km / 250.0, step, kPosts, kPosts};
        const auto [across, up] = residual(lattice, "EPSG:4548");
        std::printf("%2.0f km: %.3f mm across, %.3f mm up\n", km, across * 1e3, up * 1e3);
        EXPECT_LE(across, 0.01);
        EXPECT_LE(up, 0.001);
    }
}

TEST(PlaneNodes, coverLatticesOfAnySize) {
    for (const int side : {1, 2, 3, 257, 258, 1025}) {
        for (const double step : {1e-5, 1e-3}) {
            const auto crs = tiles3d::crs::understandSrs("EPSG:4326");
            const GeoLattice lattice{118.0, 24.0, step, side, side};
            const auto nodes = planeNodes(
                lattice, *crs, tiles3d::crs::HeightDatum(tiles3d::crs::ConstantOffset{3.0}));
            ASSERT_TRUE(nodes);
            EXPECT_LE(nodes->columns, 257);
            EXPECT_GE((nodes->columns - 1) * nodes->step, nodes->lastColumn);
            EXPECT_EQ(nodes->lastColumn, std::max(1, side - 1));
            int visited = 0;
            const ToPixels identity{{0.0, 1.0, 0.0}, {0.0, 0.0, 1.0}};
            forEachPost(*nodes,
                        {0, side, 0, side},
                        identity,
                        [&](int column, int row, const glm::dvec3& place) {
                            ++visited;
                            EXPECT_NEAR(place.x, 118.0 + column * step, 1e-9);
                            EXPECT_NEAR(place.y, 24.0 + row * step, 1e-9);
                            EXPECT_EQ(place.z, 3.0);
                        });
            EXPECT_EQ(visited, side * side);
        }
    }
}

} // namespace
} // namespace pipeline::terrain
