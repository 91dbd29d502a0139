#pragma once

#include "pipeline/planning/plane_box.h"
#include "tiles3d/crs/transform.h"
#include "viewer/render/viewport.h"

#include <optional>

namespace viewer::app {

/// Where a camera sees all of `box` on the city, looking as it looks now but not flatter than is
/// useful. None where the plane does not reach. REQUIRES: !viewport.isEmpty(), !box.isEmpty().
std::optional<camera::CameraPose> poseOver(const pipeline::planning::PlaneBox& box,
                                           const tiles3d::crs::Transform& plane,
                                           const render::Viewport& viewport);

} // namespace viewer::app
