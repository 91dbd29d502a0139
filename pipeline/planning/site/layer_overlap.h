#pragma once

#include "pipeline/planning/layer_store.h"
#include "pipeline/planning/site/site_finding.h"
#include "tiles3d/base/result.h"

#include <cstdint>
#include <span>

namespace pipeline::planning::site {

/// What the site touches of one layer, and what the layer's rule says of it. `candidates`: features
/// of that layer whose boxes meet the site's, by id. Amounts are the plane's only: the ellipsoid's
/// are left 0. Height limits are read, not applied.
tiles3d::base::Result<LayerFinding> overlapLayer(const LayerStore& store,
                                                 std::uint32_t layer,
                                                 std::span<const FeatureRef> candidates,
                                                 const Site& site,
                                                 const SiteRules& rules);

/// From a field that names features (XMMC, MC, NAME, DLMC, ...), else "#id".
std::string nameOfFeature(const LayerInfo& layer, const StoredFeature& feature);

} // namespace pipeline::planning::site
