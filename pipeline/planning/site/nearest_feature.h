#pragma once

#include "pipeline/planning/layer_store.h"
#include "pipeline/planning/site/plane_geodesy.h"
#include "pipeline/planning/site/site_finding.h"
#include "tiles3d/base/result.h"

namespace pipeline::planning::site {

/// The feature of the target's layers that is nearest to `area`, among those that meet its
/// condition. Looks in boxes of doubling size around the area and reads only what lies in them.
/// Fails on a condition that a layer's fields do not answer, naming target and layer.
tiles3d::base::Result<NearestFeature> nearestFeature(const LayerStore& store,
                                                     const Geometry& area,
                                                     const DistanceTarget& target,
                                                     const PlaneGeodesy& geodesy);

} // namespace pipeline::planning::site
