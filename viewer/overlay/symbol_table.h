#pragma once

#include "viewer/overlay/symbol_texels.h"

#include <cstddef>
#include <vector>

namespace viewer::overlay {

/// The rows of all layers' symbols: of each style its classes in order, then `other`.
class SymbolTable {
public:
    /// Room for a style's rows; returns the first.
    std::uint32_t add(const pipeline::planning::style::LayerStyle& style);
    /// Rewrites a style's rows. REQUIRES: no more classes than the style that was added there.
    void
    set(std::uint32_t first, const pipeline::planning::style::LayerStyle& style, float opacity);

    /// A multiple of kSymbolsAcross.
    const std::vector<SymbolRow>& rows() const { return rows_; }

    static constexpr std::size_t kSymbolsAcross = 64; ///< Of a row of the texture.

private:
    std::vector<SymbolRow> rows_;
    std::size_t used_ = 0;
};

} // namespace viewer::overlay
