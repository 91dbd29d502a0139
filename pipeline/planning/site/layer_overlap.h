#pragma once

#include "pipeline/planning/layer_store.h"
#include "pipeline/planning/site/site_finding.h"
#include "tiles3d/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace pipeline::planning::site {

struct OverlapOptions {
    std::vector<std::uint32_t> layers; ///< Places of those to look at; empty: all.
    std::size_t threads = 1;
};

/// What the site touches of each layer, and what the layer's rule says of it; in the order of the
/// store, layers that it neither touches nor should lie in left out. Reads only features whose
/// boxes meet the site's. Amounts are the plane's only: the ellipsoid's are left 0. Height limits
/// are read, not applied. Fails on a store that cannot be read and where an overlay fails, naming
/// layer and feature.
tiles3d::base::Result<std::vector<LayerFinding>> overlapLayers(const LayerStore& store,
                                                               const Site& site,
                                                               const SiteRules& rules,
                                                               const OverlapOptions& options = {});

/// From a field that names features (XMMC, MC, NAME, DLMC, ...), else "#id".
std::string nameOfFeature(const LayerInfo& layer, const StoredFeature& feature);

} // namespace pipeline::planning::site
