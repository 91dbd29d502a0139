#pragma once

#include "pipeline/planning/layer_store.h"
#include "pipeline/planning/site/site_finding.h"
#include "pipeline/planning/site/surface_grid.h"
#include "tiles3d/base/result.h"

#include <cstddef>

namespace pipeline::planning::site {

struct CheckOptions {
    std::size_t threads = 1;
    /// Of the city over the site, for height limits: see readSurface(); none: they are only listed.
    const SurfaceGrid* surface = nullptr;
};

/// Holds a site against every layer of a store: what it overlaps, by how much, and what the rules
/// say of it. Plane areas are those of GEOS's overlay to rounding (1e-6 m2). Only features near the
/// site are read. Fails if the site lies outside of all layers (its CRS is another, most often), on
/// a condition that is no SQL, and on a store that cannot be read.
/// Same input, same report, whatever the number of threads. Needs no GdalRuntime.
tiles3d::base::Result<SiteReport> checkSite(const LayerStore& store,
                                            const Site& site,
                                            const SiteRules& rules,
                                            const CheckOptions& options = {});

} // namespace pipeline::planning::site
