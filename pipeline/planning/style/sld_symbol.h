#pragma once

#include "pipeline/planning/style/imported_style.h"
#include "pipeline/planning/style/symbol_layers.h"
#include "pipeline/planning/style/xml_tree.h"

namespace pipeline::planning::style {

/// Adds what a PolygonSymbolizer, LineSymbolizer or PointSymbolizer paints.
void addSldPaint(const XmlElement& symbolizer, SymbolLayers& layers, Remarks& remarks);

/// Takes the field, size and colour of labels from a TextSymbolizer.
void readSldLabel(const XmlElement& symbolizer, LayerStyle& style, Remarks& remarks);

/// The text of an expression that is a literal: "5" of 5 and of <Literal>5</Literal>; else "".
std::string sldLiteral(const XmlElement& expression);

/// The number that the text is, or `otherwise`.
double sldNumber(const std::string& text, double otherwise);

} // namespace pipeline::planning::style
