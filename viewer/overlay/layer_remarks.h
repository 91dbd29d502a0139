#pragma once

#include "pipeline/planning/layer_store.h"

#include <string>
#include <vector>

namespace viewer::overlay {

/// What explains that a layer is missed in the picture, a sentence each: it is empty, or all of it
/// lies off the city, the usual sign of a wrong CRS. `city`: where the city lies on the plane.
std::vector<std::string> remarksOn(const pipeline::planning::LayerInfo& layer,
                                   const pipeline::planning::PlaneBox& city);

} // namespace viewer::overlay
