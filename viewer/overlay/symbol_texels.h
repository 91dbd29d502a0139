#pragma once

#include "pipeline/planning/style/layer_style.h"
#include "viewer/overlay/page.h"

#include <array>

namespace viewer::overlay {

inline constexpr std::uint32_t kSymbolTexels = 4;

/// A symbol of a layer as a row of the symbol table:
///   fill and line as RGBA bytes, casing as RGB and sixteenths of a pixel, flags: drape mode | 4
///   width in metres | 8 has a scale range | 16 hatched | 32 shown | 64 dashed | wall alpha << 8 |
///   width in 64ths of a pixel << 16 line width, casing pixels, least and most metres per pixel
///   east and north across the stripes, their period in pixels, - dash, gap, band above and below
///   the ground in metres, -
using SymbolRow = std::array<Texel, kSymbolTexels>;

/// `opacity`: 1 as the style says, 0 hidden.
SymbolRow symbolRow(const pipeline::planning::style::Symbol& symbol,
                    const pipeline::planning::style::LayerStyle& style,
                    float opacity);

} // namespace viewer::overlay
