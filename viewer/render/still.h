#pragma once

#include "tiles3d/base/json.h"
#include "tiles3d/base/result.h"
#include "viewer/camera/camera_pose.h"
#include "viewer/camera/fit_view.h"
#include "viewer/render/load_report.h"
#include "viewer/render/offscreen_city.h"
#include "viewer/render/picture.h"

#include <optional>
#include <string>

namespace viewer::render {

struct StillOptions {
    std::string picture;                   ///< PNG to write.
    PictureView view;                      ///< Its pose is taken only without `fit`.
    std::optional<camera::FitOptions> fit; ///< Show the whole city.
    PictureOptions drawing;
};

struct StillReport {
    camera::CameraPose pose;
    PictureReport picture;
    LoadReport load;
    int supersampling = 1;
    std::string renderer; ///< GL_RENDERER
};

/// Renders one picture without a display, once everything it needs is loaded. The file is written
/// whole; a failed tile does not keep it from being written. Same tileset, same options, same GL
/// renderer: same bytes. Fails like savePicture().
tiles3d::base::Result<StillReport> renderStill(OffscreenCity& city, const StillOptions& options);

/// For --json: one object, camera as "lon,lat,height,heading,pitch".
tiles3d::base::Json toJson(const StillReport& report);

/// "lon,lat,height,heading,pitch", degrees and metres, as --camera takes it; within 0.1 mm.
std::string cameraText(const camera::CameraPose& pose);

} // namespace viewer::render
