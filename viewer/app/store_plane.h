#pragma once

#include "pipeline/planning/layer_store.h"
#include "tiles3d/base/result.h"
#include "tiles3d/crs/transform.h"

namespace viewer::app {

/// From a store's plane to places on the ellipsoid. Fails if the plane cannot be understood.
tiles3d::base::Result<tiles3d::crs::Transform> planeOf(const pipeline::planning::LayerStore& store);

} // namespace viewer::app
