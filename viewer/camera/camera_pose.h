#pragma once

#include "tiles3d/geo/ellipsoid.h"
#include "tiles3d/geo/enu_frame.h"
#include "tiles3d/select/select.h"

#include <glm/vec3.hpp>

#include <optional>
#include <vector>

namespace viewer::camera {

/// Where a camera stands and looks, as a person would say it.
struct CameraPose {
    tiles3d::geo::Cartographic position; ///< Height above the ellipsoid.
    tiles3d::geo::Angle heading;         ///< Clockwise from north at the position.
    tiles3d::geo::Angle pitch;           ///< -90 degrees looks straight down, 0 at the horizon.
};

/// A rectangle of a picture's pixels; it may reach beyond the picture's edges.
struct PicturePart {
    double left = 0.0; ///< From the picture's upper left corner, as `top`.
    double top = 0.0;
    double widthPixels = 0.0;
    double heightPixels = 0.0;
};

/// What the lens and the picture add.
struct Lens {
    double verticalFovRadians = 1.0471975511965976; ///< 60 degrees.
    double widthPixels = 1280.0;
    double heightPixels = 720.0;
    /// Only this part of the picture is looked at and drawn: a picture too large for one piece is
    /// made of such. None: all of it.
    std::optional<PicturePart> part;

    double aspect() const { return widthPixels / heightPixels; }
};

/// The same in Cartesian form, in one frame (scene or ECEF): unit vectors, no roll.
struct CameraAxes {
    glm::dvec3 eye{0.0};
    glm::dvec3 direction{0.0, 1.0, 0.0};
    glm::dvec3 up{0.0, 0.0, 1.0};
};

/// Heading and pitch of axes in the frame that the axes are in; also straight up or down.
struct ViewAngles {
    tiles3d::geo::Angle heading; ///< Clockwise from the frame's y axis.
    tiles3d::geo::Angle pitch;
};
ViewAngles anglesOf(const CameraAxes& axes);
CameraAxes axesAt(const glm::dvec3& eye, const ViewAngles& angles);

/// In ECEF. Heading and pitch are taken at the camera's own position, which for a camera 30 km from
/// the city's centre differs from the centre's north and up by 0.3 degrees.
CameraAxes axesInEcef(const CameraPose& pose);
CameraAxes axesInScene(const CameraPose& pose, const tiles3d::geo::EnuFrame& scene);

/// The pose of axes in the scene's frame. A roll is lost.
CameraPose poseOf(const CameraAxes& axesInScene, const tiles3d::geo::EnuFrame& scene);

/// For the selection. That of a part looks at the part alone, by pixels of the same angle as the
/// whole picture's: what both see, both judge alike.
tiles3d::select::ViewState viewState(const CameraPose& pose, const Lens& lens);
/// viewState(), and for a part the whole picture in a small size besides: what stands beside the
/// part casts its shadow into it.
std::vector<tiles3d::select::ViewState> viewStates(const CameraPose& pose, const Lens& lens);

} // namespace viewer::camera
