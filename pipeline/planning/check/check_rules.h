#pragma once

#include "tiles3d/base/result.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace pipeline::planning::check {

/// What is asked of some layers.
struct LayerRule {
    std::string layer;                 ///< Its table or title, with '*'; "" = all.
    std::string category;              ///< Of the layer, or any category above it; "" = all.
    std::vector<std::string> required; ///< Fields that must be there and filled.
    std::vector<std::string> unique;   ///< Fields whose values must differ.
    /// Per field, what its values may start with; fields that a layer lacks do not count.
    std::map<std::string, std::vector<std::string>> codes;
};

struct CheckRules {
    std::vector<LayerRule> layers;
    double overlapSquareMetres = 1.0; ///< Smaller overlaps of two features are let pass.
    double gapSquareMetres = 1000.0;  ///< Larger holes between features are meant.
    double sliverSquareMetres = 1.0;  ///< Smaller features are slivers.
    double sliverWidthMetres = 0.1;   ///< So are narrower ones: twice the area by half the outline.
    double farMetres = 200'000.0;     ///< From the layer's middle, a median: farther is misplaced.
};

/// Land-use codes as the built-in legend knows them, identifiers (BSM) that differ.
tiles3d::base::Result<CheckRules> builtInRules();

/// Reads {"layers": [{"layer", "category", "required", "unique", "codes"}],
/// "overlap_square_metres", "gap_square_metres", "sliver_square_metres", "sliver_width_metres",
/// "far_metres"}; what is not there keeps its default. Fails on text that is no such JSON.
tiles3d::base::Result<CheckRules> readRules(const std::filesystem::path& file);

} // namespace pipeline::planning::check
