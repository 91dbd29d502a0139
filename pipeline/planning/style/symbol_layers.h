#pragma once

#include "pipeline/planning/style/imported_style.h"

#include <string_view>
#include <vector>

namespace pipeline::planning::style {

struct Length {
    double value = 0.0;
    Unit unit = Unit::Pixels;
};

struct LinePaint {
    glm::vec3 colour{0.0F};
    float alpha = 1.0F;
    Length width{1.0};
    std::vector<double> dashPixels; ///< Dashes and gaps in turn; empty: solid.
};

struct FillPaint {
    FillKind kind = FillKind::Solid;
    glm::vec3 colour{0.5F};
    float alpha = 1.0F;
    float hatchDegrees = 45.0F;
    float hatchPixels = 8.0F;
};

struct PointPaint {
    FillPaint fill;
    LinePaint outline;
    double pixels = 6.0;
};

/// The layers of paint of another program's symbol, each kind from the lowest to the topmost.
struct SymbolLayers {
    std::vector<FillPaint> fills;
    std::vector<LinePaint> lines;
    std::vector<PointPaint> points;
};

/// The one symbol that comes nearest: the topmost fill that is seen; the topmost line, cased by a
/// wider one below it; the topmost point as a disc. Says what is lost.
Symbol flatten(const SymbolLayers& layers, Remarks& remarks);

} // namespace pipeline::planning::style
