#include "viewer/overlay/layer_remarks.h"

#include <gtest/gtest.h>

namespace viewer::overlay {
namespace {

using pipeline::planning::LayerInfo;
using pipeline::planning::PlaneBox;

constexpr glm::dvec2 kReach(1000.0);
const PlaneBox kCity{-kReach, kReach};

LayerInfo layerIn(const PlaneBox& extent) {
    return {.title = "红线", .features = 3, .extent = extent};
}

TEST(LayerRemarks, nothingToSayOfALayerOnTheCity) {
    EXPECT_TRUE(remarksOn(layerIn({{-500.0, 20.0}, {3e6, 30.0}}), kCity).empty());
    EXPECT_TRUE(remarksOn(layerIn({{-9e5, -9e5}, {9e5, 9e5}}), kCity).empty());
}

TEST(LayerRemarks, offTheCityNamesTheDistance) {
    const auto remarks = remarksOn(layerIn({{-40010.0, 30000.0}, {-40000.0, 30010.0}}), kCity);
    ASSERT_EQ(remarks.size(), 1U);
    EXPECT_NE(remarks[0].find("50.0 km"), std::string::npos) << remarks[0];
    EXPECT_NE(remarks[0].find("CRS"), std::string::npos);
}

TEST(LayerRemarks, emptyLayersAreNamed) {
    const auto remarks = remarksOn({.title = "空"}, kCity);
    ASSERT_EQ(remarks.size(), 1U);
    EXPECT_NE(remarks[0].find("空 is empty"), std::string::npos);
}

} // namespace
} // namespace viewer::overlay
