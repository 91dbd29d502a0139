#pragma once

#include "pipeline/planning/check/check_rules.h"
#include "pipeline/planning/layer_store.h"
#include "tiles3d/base/json.h"
#include "tiles3d/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace pipeline::planning::check {

/// One kind of flaw in a layer.
struct Finding {
    std::string what; ///< "overlap", "missing field", ...
    std::uint64_t count = 0;
    std::vector<std::string> examples; ///< The first ten: "3 and 17: 12.50 m2".
};

struct LayerFindings {
    std::string table;
    std::string title;
    std::uint64_t features = 0;
    std::vector<Finding> findings; ///< None: clean.
};

/// The machine's review of all layers of a store, before a person's: required fields and values,
/// codes, values and geometries twice, broken geometry, features far from all others, slivers,
/// overlaps within a layer and gaps between its areas. Overlaps, gaps and slivers are looked for in
/// areas only; gaps in layers of at most 200,000 features. Layers are checked at once on `threads`
/// threads. Fails on a store that cannot be read.
tiles3d::base::Result<std::vector<LayerFindings>>
checkLayers(const LayerStore& store, const CheckRules& rules, std::size_t threads);

tiles3d::base::Json toJson(const std::vector<LayerFindings>& layers);
std::string toText(const std::vector<LayerFindings>& layers);

} // namespace pipeline::planning::check
