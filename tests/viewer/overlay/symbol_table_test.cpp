#include "viewer/overlay/symbol_table.h"

#include <gtest/gtest.h>

#include <bit>

namespace viewer::overlay {
namespace {

using pipeline::planning::style::DrapeMode;
using pipeline::planning::style::FillKind;
using pipeline::planning::style::LayerStyle;
using pipeline::planning::style::Symbol;

TEST(SymbolTable, aStyleHasARowForEachClassAndOneForTheRest) {
    SymbolTable table;
    LayerStyle style;
    style.classes.resize(70);
    EXPECT_EQ(table.add(style), 0U);
    EXPECT_EQ(table.add({}), 71U);
    EXPECT_EQ(table.rows().size() % SymbolTable::kSymbolsAcross, 0U);
    style.classes[3].symbol = {
        .fill = FillKind::Solid, .fillColour = {1.0F, 0.0F, 0.0F}, .fillAlpha = 1.0F};
    style.other = {.fill = FillKind::Solid, .fillColour = {0.0F, 0.0F, 1.0F}, .fillAlpha = 1.0F};
    table.set(0, style, 1.0F);
    EXPECT_EQ(table.rows()[3][0][0], 0xFF0000FFU);
    EXPECT_EQ(table.rows()[70][0][0], 0xFFFF0000U);
}

TEST(SymbolRow, saysModeBandAndWhetherItIsShown) {
    LayerStyle style{.mode = DrapeMode::NearGround};
    style.bandMetres = 2.5F;
    const SymbolRow shown = symbolRow({}, style, 1.0F);
    EXPECT_EQ(shown[0][3] & 3U, 2U);
    EXPECT_EQ(shown[0][3] & 32U, 32U);
    EXPECT_EQ(std::bit_cast<float>(shown[3][2]), 2.5F);
    EXPECT_EQ(symbolRow({}, style, 0.0F)[0][3] & 32U, 0U);
}

TEST(SymbolRow, widthsBeyondWhatFitsAreCutNotWrapped) {
    const SymbolRow row = symbolRow({.lineWidth = 1e9F, .casingPixels = 1e9F}, {}, 1.0F);
    EXPECT_EQ(row[0][3] >> 16U, 65535U);
    EXPECT_EQ(row[0][2] >> 24U, 255U);
}

} // namespace
} // namespace viewer::overlay
