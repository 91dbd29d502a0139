#pragma once

#include "pipeline/planning/style/layer_style.h"
#include "tiles3d/base/json.h"
#include "tiles3d/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace pipeline::planning::style {

/// The style of one layer, named as LayerInfo::table.
struct NamedStyle {
    std::string table;
    LayerStyle style;

    bool operator==(const NamedStyle&) const = default;
};

/// A style as JSON: what is as in LayerStyle{} is left out; colours are three numbers from 0 to
/// 255.
tiles3d::base::Json toJson(const LayerStyle& style);

/// Reads back the same value. Fails, naming place and value, on what is of a wrong type, not one of
/// the known words, or out of its range; members that it does not know are left alone.
tiles3d::base::Result<LayerStyle> layerStyleFrom(const tiles3d::base::Json& json);

/// A style file, styles.json: {"format": "city3d-styles", "version": 1, "layers": [{"table": ...,
/// "style": ...}, ...]}, for people, indented.
std::string writeStyles(const std::vector<NamedStyle>& styles);

/// Reads back the same values in their order. Fails as layerStyleFrom() does and on another format.
tiles3d::base::Result<std::vector<NamedStyle>> readStyles(std::string_view text);

} // namespace pipeline::planning::style
