#include "viewer/overlay/layer_remarks.h"

#include <gtest/gtest.h>

namespace viewer::overlay {
namespace {

using pipeline::planning::Geometry;
using pipeline::planning::VectorLayer;

Geometry squareAt(double east, double north) {
    const auto corner = [&](double x, double y) { return glm::dvec2(east + x, north + y); };
    return {.polygons = {{.outer = {corner(0, 0), corner(10, 0), corner(10, 10), corner(0, 10)}}}};
}

VectorLayer layerOf(const std::vector<Geometry>& geometries) {
    VectorLayer layer{.name = "红线"};
    for (const Geometry& geometry : geometries) {
        layer.features.push_back({.geometry = geometry});
    }
    return layer;
}

TEST(LayerRemarks, nothingToSayOfALayerOnTheCity) {
    EXPECT_TRUE(remarksOn(layerOf({squareAt(3e6, 0.0), squareAt(-500.0, 20.0)}), 1000.0).empty());
    Geometry around; // no vertex near the city, but its inside
    around.polygons.push_back({.outer = {{-9e5, -9e5}, {9e5, -9e5}, {9e5, 9e5}, {-9e5, 9e5}}});
    EXPECT_TRUE(remarksOn(layerOf({around}), 1000.0).empty());
}

TEST(LayerRemarks, offTheCityNamesTheDistance) {
    const auto remarks = remarksOn(layerOf({squareAt(-40010.0, 30000.0)}), 1000.0);
    ASSERT_EQ(remarks.size(), 1U);
    EXPECT_NE(remarks[0].find("50.0 km"), std::string::npos);
    EXPECT_NE(remarks[0].find("CRS"), std::string::npos);
}

TEST(LayerRemarks, emptyLayersAndPointsAreNamed) {
    const auto empty = remarksOn(layerOf({}), 1000.0);
    ASSERT_EQ(empty.size(), 1U);
    EXPECT_NE(empty[0].find("红线 is empty"), std::string::npos);
    const auto points = remarksOn(layerOf({{.points = {{1.0, 2.0}}}, squareAt(0.0, 0.0)}), 1000.0);
    ASSERT_EQ(points.size(), 1U);
    EXPECT_NE(points[0].find("1 features are points"), std::string::npos);
}

TEST(LayerRemarks, reachIsASquare) {
    EXPECT_TRUE(reaches(squareAt(995.0, 995.0), 1000.0));
    EXPECT_FALSE(reaches(squareAt(995.0, 1005.0), 1000.0));
    EXPECT_FALSE(reaches({.points = {{0.0, 0.0}}}, 1000.0));
    EXPECT_TRUE(reaches({.lines = {{{-2000.0, -500.0}, {2000.0, 500.0}}}}, 1000.0));
}

} // namespace
} // namespace viewer::overlay
