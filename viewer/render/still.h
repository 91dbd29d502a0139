#pragma once

#include "tiles3d/base/json.h"
#include "tiles3d/base/result.h"
#include "viewer/camera/camera_pose.h"
#include "viewer/camera/fit_view.h"
#include "viewer/render/city_view.h"
#include "viewer/stream/tileset_session.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace viewer::render {

struct StillOptions {
    std::string tileset; ///< OUT folder or tileset.json.
    std::string picture; ///< PNG to write.
    int widthPixels = 1920;
    int heightPixels = 1080;
    std::optional<camera::CameraPose> pose; ///< None: fit the whole city.
    camera::FitOptions fit;
    double verticalFovRadians = 1.0471975511965976;
    double maxScreenSpaceErrorPixels = 16.0;
    stream::SessionOptions session;
    /// Called once before drawing, to add what lies on the city (a drape pass). Null: nothing.
    Decorate decorate;
};

struct StillReport {
    camera::CameraPose pose;
    std::size_t drawnTiles = 0;
    std::size_t drawnTriangles = 0;
    std::size_t loadedTiles = 0;
    std::uint64_t readBytes = 0;
    std::uint64_t cachedBytes = 0;
    std::vector<stream::TileFailure> failures; ///< The picture lacks these tiles.
    std::vector<std::string> warnings;         ///< What the tileset itself made us leave out.
    std::string renderer;                      ///< GL_RENDERER
    int supersampling = 1;
};

/// Renders one picture without a display, once everything it needs is loaded: 2 x 2 samples per
/// pixel where the driver's texture limit allows. The file is written whole; a failed tile does not
/// keep it from being written. Same tileset, same options, same GL renderer: same bytes. Fails
/// without EGL, on a size below 16 or above 16,384 pixels a side, on a tileset that cannot be
/// opened, and on a picture that cannot be written.
tiles3d::base::Result<StillReport> renderStill(const StillOptions& options);

/// For --json: one object, camera as "lon,lat,height,heading,pitch".
tiles3d::base::Json toJson(const StillReport& report);

/// "lon,lat,height,heading,pitch", degrees and metres, as --camera takes it; within 0.1 mm.
std::string cameraText(const camera::CameraPose& pose);

} // namespace viewer::render
