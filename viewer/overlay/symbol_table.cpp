#include "viewer/overlay/symbol_table.h"

namespace viewer::overlay {

using pipeline::planning::style::LayerStyle;

std::uint32_t SymbolTable::add(const LayerStyle& style) {
    const std::size_t first = used_;
    used_ += style.classes.size() + 1;
    rows_.resize((used_ + kSymbolsAcross - 1) / kSymbolsAcross * kSymbolsAcross);
    return static_cast<std::uint32_t>(first);
}

void SymbolTable::set(std::uint32_t first, const LayerStyle& style, float opacity) {
    for (std::size_t place = 0; place <= style.classes.size(); ++place) {
        rows_[first + place] = symbolRow(symbolAt(style, place), style, opacity);
    }
}

} // namespace viewer::overlay
