#include "viewer/tools/quantity_text.h"

#include <gtest/gtest.h>

#include <cmath>

namespace viewer::tools {
namespace {

using tiles3d::geo::Angle;

TEST(QuantityText, lengths) {
    EXPECT_EQ(lengthText(0.0), "0.00 m");
    EXPECT_EQ(lengthText(-3.456), "-3.46 m");
    EXPECT_EQ(lengthText(999.994), "999.99 m");
    EXPECT_EQ(lengthText(999.996), "1.000 km");
    EXPECT_EQ(lengthText(12345.6), "12.346 km");
    EXPECT_EQ(lengthText(std::nan("")), "–");
}

TEST(QuantityText, areas) {
    EXPECT_EQ(areaText(812.44), "812.4 m²");
    EXPECT_EQ(areaText(9999.96), "1.000 ha");
    EXPECT_EQ(areaText(23456.0), "2.346 ha");
    EXPECT_EQ(areaText(999996.0), "1.000 km²");
    EXPECT_EQ(areaText(702113000.0), "702.113 km²");
    EXPECT_EQ(areaText(2000.0, AreaUnits::Mu), "3.000 亩");
    EXPECT_EQ(areaText(INFINITY), "–");
}

TEST(QuantityText, angles) {
    EXPECT_EQ(angleText(Angle::degrees(12.34)), "12.3°");
    EXPECT_EQ(degreesText(Angle::degrees(118.0637)), "118.0637000°");
    EXPECT_EQ(longitudeText(Angle::degrees(118.0637)), "118°03′49.320″E");
    EXPECT_EQ(longitudeText(Angle::degrees(190.0)), "170°00′00.000″W");
    EXPECT_EQ(latitudeText(Angle::degrees(-24.9999999999)), "25°00′00.000″S");
    EXPECT_EQ(latitudeText(Angle::degrees(24.4453)), "24°26′43.080″N");
}

} // namespace
} // namespace viewer::tools
