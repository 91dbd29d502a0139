#pragma once

#include "pipeline/planning/style/imported_style.h"
#include "tiles3d/base/result.h"

#include <string_view>

namespace pipeline::planning::style {

/// The style that a QGIS style file (QML, of QGIS 2 or 3) gives a vector layer. Understood: single,
/// categorized, graduated and rule-based renderers, rules on one field; simple and line-pattern
/// fills, simple lines and markers; opacities; the range of scales; a label field. All else is
/// named in the messages and drawn as what comes nearest.
/// Millimetres and points become pixels at 96 per inch, as on QGIS's screen; map units, metres.
/// Fails on what is no QML, as parseXml() says, and on a style without a renderer.
tiles3d::base::Result<ImportedStyle> readQml(std::string_view xml);

} // namespace pipeline::planning::style
