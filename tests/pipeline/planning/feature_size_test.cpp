#include "pipeline/planning/feature_size.h"

#include "tiles3d/crs/source_crs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace pipeline::planning {
namespace {

Ring square(double x, double y, double size) {
    return {{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}};
}

TEST(SizeOf, planeAndEllipsoid) {
    const auto source = tiles3d::crs::understandSrs("EPSG:4548");
    ASSERT_TRUE(source);
    const auto plane = tiles3d::crs::Transform::create(*source, tiles3d::crs::EllipsoidalHeights{});
    ASSERT_TRUE(plane);
    Geometry geometry;
    Ring hole = square(611400, 2711100, 100);
    std::ranges::reverse(hole);
    geometry.polygons = {{square(611000, 2711000, 1000), {hole}}};
    geometry.lines = {{{611000, 2711000}, {611300, 2711400}}};
    const auto size = sizeOf(geometry, *plane);
    ASSERT_TRUE(size) << size.error().message;
    EXPECT_DOUBLE_EQ(size->planeSquareMetres, 990000.0);
    EXPECT_DOUBLE_EQ(size->planeMetres, 4000.0 + 400.0 + 500.0);
    // 111.5 km from the central meridian the projection's scale is 1 + (111.5 / 6371)^2 / 2.
    const double scale = 1.0 + std::pow(111.5 / 6371.0, 2) / 2.0;
    EXPECT_NEAR(size->geodesicSquareMetres, 990000.0 / (scale * scale), 5.0);
    EXPECT_NEAR(size->geodesicMetres, 4900.0 / scale, 0.05);
    geometry.lines = {{{1e12, 0}, {0, 0}}};
    EXPECT_FALSE(sizeOf(geometry, *plane));
}

} // namespace
} // namespace pipeline::planning
