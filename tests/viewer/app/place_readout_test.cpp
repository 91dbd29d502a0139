#include "viewer/app/place_readout.h"

#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tests {
namespace {

using tiles3d::geo::Angle;
using tiles3d::geo::Cartographic;
using viewer::app::PlaceReadout;
using viewer::app::planeCrsOf;

constexpr Cartographic kXiamen{
    .longitude = Angle::degrees(118.1), .latitude = Angle::degrees(24.5), .heightMetres = 12.345};

TEST(PlaceReadout, tellsLongitudeLatitudeAndHeight) {
    EXPECT_EQ(PlaceReadout::geographicText(kXiamen), "118.1000000° E  24.5000000° N  12.35 m");
    EXPECT_EQ(PlaceReadout::geographicText({.longitude = Angle::degrees(-71.05),
                                            .latitude = Angle::degrees(-33.4),
                                            .heightMetres = -1.0}),
              "71.0500000° W  33.4000000° S  -1.00 m");
}

TEST(PlaceReadout, tellsThePlaneNorthFirst) {
    PlaceReadout readout;
    EXPECT_EQ(readout.planeText(kXiamen), "");
    ASSERT_TRUE(readout.setPlane("EPSG:4548"));
    // echo 24.5 118.1 | cs2cs -f %.3f EPSG:4490 EPSG:4548   (north, then east)
    EXPECT_EQ(readout.planeText(kXiamen), "X 2711113.450  Y 611494.787");
}

TEST(PlaceReadout, anUnknownPlaneIsNone) {
    PlaceReadout readout;
    ASSERT_TRUE(readout.setPlane("EPSG:4548"));
    EXPECT_FALSE(readout.setPlane("EPSG:999999"));
    EXPECT_EQ(readout.planeText(kXiamen), "");
    const auto rows = readout.rows(kXiamen);
    EXPECT_TRUE(std::ranges::none_of(rows, [](const auto& row) { return row.first == "Plane"; }));
    EXPECT_EQ(rows.front().second, "118.1000000° E");
}

TEST(PlaceReadout, aBuiltCityNamesItsPlane) {
    const TemporaryFolder folder;
    folder.write("city.json", R"({"plane_crs": "EPSG:4548"})");
    const QString city = QString::fromStdString(folder.path().string());
    EXPECT_EQ(planeCrsOf(city), "EPSG:4548");
    EXPECT_EQ(planeCrsOf(city + "/tileset.json"), "EPSG:4548");
    EXPECT_EQ(planeCrsOf("/nowhere/tileset.json"), "");
    EXPECT_EQ(planeCrsOf("https://host/city/tileset.json"), "");
}

} // namespace
} // namespace tests
