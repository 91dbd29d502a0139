#pragma once

#include "pipeline/planning/layer_store.h"
#include "viewer/overlay/page_grid.h"

#include <array>
#include <cstdint>
#include <vector>

namespace viewer::overlay {

using Texel = std::array<std::uint32_t, 4>; ///< RGBA32UI.

/// Bits of a feature's row, above the number of its symbol.
inline constexpr std::uint32_t kShownBit = 1U << 24U;
inline constexpr std::uint32_t kSelectedBit = 1U << 25U;
inline constexpr std::uint32_t kHoveredBit = 1U << 26U;
inline constexpr std::uint32_t kSymbolMask = kShownBit - 1U;

/// What a shader looks up for the points of one square of the plane; offsets count texels from the
/// first one.
///   slots     kSlotTexels: of each cell, row by row from the south-west, its first group or 0
///   features  one texel each: symbol | state bits, zMin, zMax, width. The width is that of a
///             filled surface (the side of a square of its area, metres), endless for all else:
///             an outline fades where it would be wider than that
///   groups    of up to 32 features of a cell, bottom to top, one after the other:
///     header  features | kLast | kWide | edges << 12, mask of those that have the cell's middle
///             column's west end inside, metres per unit of the edges, mask of surfaces
///     four features' offsets per texel
///     edges   a, b: two signed 16-bit numbers each from the cell's middle; mask of the features it
///             belongs to; metres of line before a
///   shares    the first group of a cell may be one of kShares: of surfaces too small to be seen
///             one by one. Header: entries | kLast | kShares. Two texels per entry: (symbol, -, -,
///             -), and the share of 4 x 4 parts of the cell in a byte each, from the south-west
/// A point is inside a feature if the mask of its group, flipped by each edge that a ray to the
/// west crosses, has the feature's bit. An edge between two features of a group stands there once.
struct Page {
    static constexpr std::uint32_t kSlotTexels = kCellsAcross * kCellsAcross / 4;
    static constexpr std::uint32_t kLast = 1U << 8U;
    static constexpr std::uint32_t kWide = 1U << 9U; ///< Some lines reach as far as edges go.
    static constexpr std::uint32_t kShares = 1U << 10U;

    PageKey key;
    std::vector<pipeline::planning::FeatureRef> features; ///< In the order of their rows.
    std::vector<Texel> texels;                            ///< None: nothing is there.
};

} // namespace viewer::overlay
