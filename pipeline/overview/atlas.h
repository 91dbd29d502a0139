#pragma once

#include "pipeline/overview/charts.h"
#include "tiles3d/base/result.h"

namespace pipeline::overview {

/// Gives every chart its place in one atlas, as small as it gets within some percent, without
/// overlap. Sets x and y of the charts, width and height of the atlas: multiples of 4.
/// Fails if a side would exceed `mostTexels`.
tiles3d::base::Status packInPlace(Charts& charts, int mostTexels);

} // namespace pipeline::overview
