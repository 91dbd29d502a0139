#include "pipeline/planning/style/symbol_layers.h"

#include <gtest/gtest.h>

namespace pipeline::planning::style {
namespace {

TEST(SymbolLayers, nothingDrawsNothing) {
    Remarks remarks;
    EXPECT_EQ(flatten({}, remarks), invisibleSymbol());
    EXPECT_TRUE(remarks.take().empty());
}

TEST(SymbolLayers, aWiderLineBelowIsTheCasing) {
    SymbolLayers layers;
    layers.lines = {{.colour = {1.0F, 0.0F, 0.0F}, .width = {6.0}}, {.width = {4.0}}};
    Remarks remarks;
    const Symbol symbol = flatten(layers, remarks);
    EXPECT_EQ(symbol.lineWidth, 4.0F);
    EXPECT_EQ(symbol.casingPixels, 1.0F);
    EXPECT_EQ(symbol.casingColour, glm::vec3(1.0F, 0.0F, 0.0F));
    EXPECT_TRUE(remarks.take().empty());
}

TEST(SymbolLayers, whatIsLostIsSaidOnce) {
    SymbolLayers layers;
    layers.fills = {{}, {.colour = {0.0F, 1.0F, 0.0F}}, {.alpha = 0.0F}};
    layers.lines = {{.width = {1.0}}, {.alpha = 0.5F, .width = {2.0}, .dashPixels = {1, 2, 3, 4}}};
    Remarks remarks;
    const Symbol symbol = flatten(layers, remarks);
    flatten(layers, remarks);
    EXPECT_EQ(symbol.fillColour, glm::vec3(0.0F, 1.0F, 0.0F));
    EXPECT_EQ(symbol.dash, 1.0F);
    EXPECT_EQ(symbol.gap, 2.0F);
    EXPECT_EQ(remarks.take().size(), 4U);
}

} // namespace
} // namespace pipeline::planning::style
