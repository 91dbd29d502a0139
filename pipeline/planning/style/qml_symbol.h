#pragma once

#include "pipeline/planning/style/imported_style.h"
#include "pipeline/planning/style/xml_tree.h"

#include <optional>

namespace pipeline::planning::style {

/// The symbol of a QML's <symbol>. `opacity`: of the layer that it belongs to.
Symbol qmlSymbol(const XmlElement& symbol, float opacity, Remarks& remarks);

/// The pixels of a length in one of QML's units, at 96 per inch; none for map units.
std::optional<double> qmlPixels(double length, const std::string& unit);

struct QmlColour {
    glm::vec3 rgb{0.0F};
    float alpha = 1.0F;
};

/// Of "r,g,b" or "r,g,b,a", whatever follows; none for other text.
std::optional<QmlColour> qmlColour(const std::string& text);

/// The number that the text begins with, or `otherwise`.
double qmlNumber(const std::string& text, double otherwise);

} // namespace pipeline::planning::style
