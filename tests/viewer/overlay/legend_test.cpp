#include "viewer/overlay/legend.h"

#include <gtest/gtest.h>

namespace viewer::overlay {
namespace {

using pipeline::planning::Feature;
using pipeline::planning::VectorLayer;

VectorLayer layerNamed(const std::string& name) {
    VectorLayer layer;
    layer.name = name;
    return layer;
}

TEST(Legend, builtInIsReadable) {
    ASSERT_TRUE(Legend::builtIn());
}

TEST(Legend, controlLinesGoByNameOrLetters) {
    const auto legend = Legend::builtIn();
    ASSERT_TRUE(legend);
    for (const char* name : {"生态保护红线_2024", "gh_stbhhx_py"}) {
        const DrapeStyle style = legend->styleOf(layerNamed(name), {}, 0);
        EXPECT_EQ(style.fill, FillKind::Hatch) << name;
        EXPECT_NEAR(style.lineColour.g, 115.0 / 255.0, 1e-6) << name;
    }
    const DrapeStyle boundary = legend->styleOf(layerNamed("城镇开发边界"), {}, 0);
    EXPECT_EQ(boundary.fill, FillKind::None);
    EXPECT_EQ(boundary.dashPixels, 18.0F);
}

TEST(Legend, landUseTakesTheLongestCode) {
    const auto legend = Legend::builtIn();
    ASSERT_TRUE(legend);
    VectorLayer layer = layerNamed("parcels");
    layer.fields = {{"ydyhfldm"}};
    Feature residential;
    residential.values = {std::string("070101")};
    const DrapeStyle style = legend->styleOf(layer, residential, 0);
    EXPECT_EQ(style.fill, FillKind::Solid);
    EXPECT_NEAR(style.fillColour.r, 1.0, 1e-6);
    EXPECT_NEAR(style.fillColour.b, 45.0 / 255.0, 1e-6);
    EXPECT_EQ(style.mode, DrapeMode::Upward);
}

TEST(Legend, landUseGoesByNameToo) {
    const auto legend = Legend::builtIn();
    ASSERT_TRUE(legend);
    VectorLayer layer = layerNamed("landuse");
    layer.fields = {{"DLMC"}};
    Feature forest;
    forest.values = {std::string("林地")};
    EXPECT_NEAR(legend->styleOf(layer, forest, 0).fillColour.g, 177.0 / 255.0, 1e-6);
}

TEST(Legend, unknownLayersDiffer) {
    const auto legend = Legend::builtIn();
    ASSERT_TRUE(legend);
    EXPECT_NE(legend->styleOf(layerNamed("a"), {}, 0), legend->styleOf(layerNamed("b"), {}, 1));
}

TEST(Legend, otherTextIsRefused) {
    EXPECT_FALSE(Legend::parse("{}"));
    EXPECT_FALSE(Legend::parse("not json"));
}

} // namespace
} // namespace viewer::overlay
