#include "pipeline/terrain/mosaic.h"

#include <gtest/gtest.h>

namespace pipeline::terrain {
namespace {

scan::DemSource dem(double west, double north, double pixel, const std::string& srs = "A") {
    scan::DemSource source;
    source.raster.width = 100;
    source.raster.height = 50;
    source.raster.geoTransform = {west, pixel, 0.0, north, 0.0, -pixel};
    source.crs.horizontal = tiles3d::crs::ProjectedCrs{srs};
    return source;
}

TEST(MosaicsOf, takesNeighboursOnOneGridTogether) {
    std::vector<scan::DemSource> dems = {dem(1000.0, 500.0, 2.0),
                                         dem(1200.0, 600.0, 2.0), // on its grid
                                         dem(1201.0, 500.0, 2.0), // half a pixel beside it
                                         dem(1201.0, 500.0, 1.0),
                                         dem(1201.0, 500.0, 1.0, "B"),
                                         dem(1001.0, 500.0, 1.0, "B")};
    dems.back().heights = tiles3d::crs::ConstantOffset{1.0};
    const std::vector<Mosaic> mosaics = mosaicsOf(dems);
    ASSERT_EQ(mosaics.size(), 5U);
    ASSERT_EQ(mosaics[0].members.size(), 2U);
    EXPECT_EQ(mosaics[0].members[1].column, 100);
    EXPECT_EQ(mosaics[0].members[1].row, -50);
    EXPECT_EQ(mosaics[0].box.low, glm::dvec2(0.0, -50.0));
    EXPECT_EQ(mosaics[0].box.high, glm::dvec2(200.0, 50.0));
}

TEST(HeightGrid, interpolatesBetweenWhatThereIs) {
    HeightGrid grid;
    grid.columns = 3;
    grid.rows = 2;
    constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
    grid.metres = {0.0F, 10.0F, kNone, 20.0F, 30.0F, kHole};
    EXPECT_FLOAT_EQ(grid.at(1.0, 1.0), 15.0F);
    EXPECT_FLOAT_EQ(grid.at(0.75, 0.5), 2.5F);
    EXPECT_FLOAT_EQ(grid.at(0.1, 0.1), 0.0F) << "the corner's outer half";
    EXPECT_FLOAT_EQ(grid.at(1.9, 1.0), 20.0F) << "beside a hole as at an edge";
    EXPECT_TRUE(std::isnan(grid.at(2.1, 0.9)));
    EXPECT_EQ(grid.at(2.1, 1.1), kHole);
    EXPECT_TRUE(std::isnan(grid.at(-0.1, 1.0)));
    EXPECT_TRUE(std::isnan(grid.at(1.0, 2.1)));
    EXPECT_FLOAT_EQ(grid.at(0.0, 2.0), 20.0F) << "the edge itself is in";
}

} // namespace
} // namespace pipeline::terrain
