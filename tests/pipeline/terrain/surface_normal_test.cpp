#include "pipeline/terrain/surface_normal.h"

#include "tiles3d/geo/enu_frame.h"

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

namespace pipeline::terrain {
namespace {

constexpr int kIntervals = 4;
constexpr Extent kExtent{.west = 118.0, .south = 0.0, .east = 118.004, .north = 0.004};
constexpr glm::ivec2 kMiddle{2, 2};

/// On the equator posts are as far apart both ways.
double stepMetres() {
    return 0.001 * tiles3d::geo::kSemiMajorMetres * std::numbers::pi / 180.0;
}

/// Land that rises by that much per metre.
PostGrid slope(double east, double north) {
    PostGrid grid{.intervals = kIntervals};
    grid.heights.resize(static_cast<std::size_t>((kIntervals + 3) * (kIntervals + 3)));
    for (int row = -1; row <= kIntervals + 1; ++row) {
        for (int column = -1; column <= kIntervals + 1; ++column) {
            grid.heights[grid.indexOf(column, row)] =
                static_cast<float>((column * east + row * north) * stepMetres());
        }
    }
    return grid;
}

/// In axes east, north, up of the post.
glm::dvec3 enuNormal(const PostGrid& grid, const glm::ivec2& post) {
    using tiles3d::geo::Angle;
    const double step = (kExtent.east - kExtent.west) / kIntervals;
    const tiles3d::geo::EnuFrame frame({Angle::degrees(kExtent.west + post.x * step),
                                        Angle::degrees(kExtent.south + post.y * step)});
    const glm::dvec3 ecef(PostNormals(grid, kExtent).at(post));
    return {frame.fromEcefMatrix() * glm::dvec4(ecef, 0.0)};
}

void expectNear(const glm::dvec3& found, const glm::dvec3& wanted) {
    EXPECT_NEAR(glm::distance(found, glm::normalize(wanted)), 0.0, 1e-4);
}

TEST(SurfaceNormal, OfAPlaneIsUp) {
    expectNear(enuNormal(slope(0.0, 0.0), kMiddle), {0.0, 0.0, 1.0});
    expectNear(enuNormal(slope(0.0, 0.0), {0, 4}), {0.0, 0.0, 1.0});
}

TEST(SurfaceNormal, LeansAwayFromARise) {
    expectNear(enuNormal(slope(0.5, 0.0), kMiddle), {-0.5, 0.0, 1.0});
    expectNear(enuNormal(slope(0.0, -0.25), kMiddle), {0.0, 0.25, 1.0});
    expectNear(enuNormal(slope(0.5, 1.0), {0, 0}), {-0.5, -1.0, 1.0});
}

TEST(SurfaceNormal, BesideAHoleIsThatOfTheOtherSide) {
    PostGrid grid = slope(0.5, 0.0);
    grid.heights[grid.indexOf(3, 2)] = std::numeric_limits<float>::quiet_NaN();
    expectNear(enuNormal(grid, kMiddle), {-0.5, 0.0, 1.0});
    grid.heights[grid.indexOf(1, 2)] = std::numeric_limits<float>::quiet_NaN();
    expectNear(enuNormal(grid, kMiddle), {0.0, 0.0, 1.0});
}

} // namespace
} // namespace pipeline::terrain
