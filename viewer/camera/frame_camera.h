#pragma once

#include "tiles3d/geo/enu_frame.h"
#include "viewer/camera/camera_pose.h"
#include "viewer/scene/frame_targets.h"

namespace viewer::camera {

/// The pose as the frame graph draws it.
scene::FrameCamera
frameCamera(const CameraPose& pose, const Lens& lens, const tiles3d::geo::EnuFrame& scene);

} // namespace viewer::camera
