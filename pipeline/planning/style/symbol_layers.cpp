#include "pipeline/planning/style/symbol_layers.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace pipeline::planning::style {

namespace {

constexpr float kLeastAlpha = 0.004F; // below one step of 255 nothing is seen

template <typename Paint>
std::vector<Paint> seen(const std::vector<Paint>& layers) {
    std::vector<Paint> out;
    std::ranges::copy_if(
        layers, std::back_inserter(out), [](const Paint& p) { return p.alpha >= kLeastAlpha; });
    return out;
}

void setFill(Symbol& symbol, const FillPaint& fill) {
    symbol.fill = fill.kind;
    symbol.fillColour = fill.colour;
    symbol.fillAlpha = std::clamp(fill.alpha, 0.0F, 1.0F);
    symbol.hatchDegrees = fill.hatchDegrees;
    symbol.hatchPixels = std::max(fill.hatchPixels, 1.0F);
}

void setLine(Symbol& symbol, const LinePaint& line, Remarks& remarks) {
    symbol.lineColour = line.colour;
    symbol.lineWidth = static_cast<float>(std::max(line.width.value, 0.0));
    symbol.lineUnit = line.width.unit;
    if (line.alpha < 1.0F - kLeastAlpha) {
        remarks.add("half-transparent lines are drawn opaque");
    }
    if (line.dashPixels.size() >= 2) {
        symbol.dash = static_cast<float>(line.dashPixels[0]);
        symbol.gap = static_cast<float>(line.dashPixels[1]);
    }
    if (line.dashPixels.size() > 2) {
        remarks.add("of a pattern of dashes the first dash and gap are repeated");
    }
}

/// A wider line right below the topmost one is its casing.
bool setCasing(Symbol& symbol, const LinePaint& below, const LinePaint& top) {
    const bool isCasing = below.width.unit == Unit::Pixels && top.width.unit == Unit::Pixels &&
                          below.width.value > top.width.value && below.dashPixels.empty();
    if (isCasing) {
        symbol.casingColour = below.colour;
        symbol.casingPixels = static_cast<float>((below.width.value - top.width.value) / 2.0);
    }
    return isCasing;
}

void setPoint(Symbol& symbol, const PointPaint& point, Remarks& remarks) {
    symbol.pointPixels = static_cast<float>(std::max(point.pixels, 0.0));
    setFill(symbol, point.fill);
    symbol.lineWidth = 0.0F;
    if (point.outline.alpha >= kLeastAlpha && point.outline.width.value > 0.0) {
        setLine(symbol, point.outline, remarks);
    }
}

} // namespace

Symbol flatten(const SymbolLayers& layers, Remarks& remarks) {
    Symbol symbol = invisibleSymbol();
    const std::vector<FillPaint> fills = seen(layers.fills);
    const std::vector<LinePaint> lines = seen(layers.lines);
    if (!fills.empty()) {
        setFill(symbol, fills.back());
    }
    if (fills.size() > 1) {
        remarks.add(fmt::format("of {} fills of one symbol the topmost is drawn", fills.size()));
    }
    if (!lines.empty()) {
        setLine(symbol, lines.back(), remarks);
    }
    const std::size_t cased =
        lines.size() > 1 && setCasing(symbol, lines[lines.size() - 2], lines.back()) ? 2 : 1;
    if (lines.size() > cased) {
        remarks.add(fmt::format("of {} lines of one symbol the topmost is drawn", lines.size()));
    }
    if (!layers.points.empty()) {
        setPoint(symbol, layers.points.back(), remarks);
    }
    if (layers.points.size() > 1) {
        remarks.add("of several markers of one symbol the topmost is drawn");
    }
    return symbol;
}

} // namespace pipeline::planning::style
