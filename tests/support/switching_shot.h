#pragma once

#include "tests/support/tile_painter.h"
#include "tiles3d/base/result.h"
#include "tiles3d/geo/angle.h"
#include "tiles3d/select/select.h"

namespace tests {

/// Ground size of a pixel at which the selection goes from a node to its children: geometric error
/// / 16.
double switchingMetresPerPixel(const tiles3d::select::Node& node);

/// Looks at the middle of the node's box from where the node takes over from its children: at the
/// nearest point of the box a pixel is switchingMetresPerPixel() large. Pixels per radian are those
/// of 720 pixels in 60 degrees; the picture is as large as the box needs, in `samples` x `samples`
/// pixels for each. `pitch`: -90 degrees looks straight down, else northwards.
/// Fails on volumes that are not boxes and on pictures of more than 4,096 pixels a side.
/// REQUIRES: the node's error is above 0.
tiles3d::base::Result<Shot>
switchingShot(const tiles3d::select::Node& node, tiles3d::geo::Angle pitch, int samples);

} // namespace tests
