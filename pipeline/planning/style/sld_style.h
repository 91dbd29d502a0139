#pragma once

#include "pipeline/planning/style/imported_style.h"
#include "tiles3d/base/result.h"

#include <string_view>

namespace pipeline::planning::style {

/// The style of the first user layer in an SLD 1.0 or SE 1.1 document. Understood: rules with a
/// filter on one field (equal, unequal, less, greater, between, and, or, not) or ElseFilter;
/// polygon, line, point and text symbolizers with plain or hatched fills and marks; dashes; scales,
/// where a pixel is 0.28 mm; units of pixels, metres and feet. All else is named in the messages
/// and drawn as what comes nearest. Of several rules that fit a feature, the first draws it. Fails
/// on what is no SLD, as parseXml() says, and on one without a rule. Source: OGC 02-070 (SLD 1.0),
/// 05-077r4 (SE 1.1), 04-095 (filters).
tiles3d::base::Result<ImportedStyle> readSld(std::string_view xml);

} // namespace pipeline::planning::style
