#pragma once

#include "tiles3d/base/json.h"
#include "tiles3d/base/result.h"
#include "viewer/camera/camera_pose.h"

#include <optional>
#include <string>

namespace viewer::camera {

/// A pose with its lens, as files keep it.
struct StoredView {
    CameraPose pose;
    std::optional<tiles3d::geo::Angle> verticalFov; ///< None: whatever the window has.
};

/// A number of `object` from `least` to `most`.
/// Fails if it is missing, no number or outside; the message names it, its value and the limits.
tiles3d::base::Result<double>
numberIn(const tiles3d::base::Json& object, const std::string& name, double least, double most);

/// From "lon", "lat" (degrees), "h" (metres above the ellipsoid), "heading", "pitch" and, if there,
/// "fovy" (degrees). Fails as numberIn(): lat and pitch -90 to 90, lon and heading -360 to 360, h
/// -20 km to 10,000 km, fovy 1 to 170.
tiles3d::base::Result<StoredView> viewFromJson(const tiles3d::base::Json& object);

/// Sets the members that viewFromJson() reads.
void setView(tiles3d::base::Json& object, const StoredView& view);

} // namespace viewer::camera
