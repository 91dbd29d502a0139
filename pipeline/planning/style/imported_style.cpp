#include "pipeline/planning/style/imported_style.h"

#include <algorithm>

namespace pipeline::planning::style {

namespace {

constexpr std::size_t kMostRemarks = 100;

} // namespace

void Remarks::add(std::string message) {
    if (messages_.size() < kMostRemarks &&
        std::ranges::find(messages_, message) == messages_.end()) {
        messages_.push_back(std::move(message));
    }
}

Symbol invisibleSymbol() {
    Symbol symbol;
    symbol.lineWidth = 0.0F;
    symbol.casingPixels = 0.0F;
    symbol.pointPixels = 0.0F;
    return symbol;
}

} // namespace pipeline::planning::style
