#pragma once

#include "tiles3d/geo/ellipsoid.h"
#include "tiles3d/geo/enu_frame.h"
#include "viewer/camera/pick.h"

#include <functional>
#include <optional>

namespace viewer::tools {

/// Ellipsoidal height of the first surface below a position, at its longitude and latitude; none
/// where there is no surface. May take milliseconds.
using HeightAt = std::function<std::optional<double>(const tiles3d::geo::Cartographic&)>;

/// Heights of the surface that `pick` meets, in the frame `scene`.
HeightAt surfaceHeights(camera::Pick pick, const tiles3d::geo::EnuFrame& scene);

} // namespace viewer::tools
