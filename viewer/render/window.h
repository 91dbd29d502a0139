#pragma once

#include "tiles3d/base/result.h"
#include "viewer/camera/camera_pose.h"
#include "viewer/camera/fit_view.h"
#include "viewer/render/city_view.h"
#include "viewer/stream/tileset_session.h"

#include <functional>
#include <optional>
#include <string>

namespace viewer::render {

struct WindowOptions {
    std::string tileset; ///< OUT folder or tileset.json.
    int widthPixels = 1280;
    int heightPixels = 720;
    std::optional<camera::CameraPose> pose; ///< None: fit the whole city.
    camera::FitOptions fit;
    double verticalFovRadians = 1.0471975511965976;
    double maxScreenSpaceErrorPixels = 16.0;
    stream::SessionOptions session;
    /// Called once before drawing, to add what lies on the city (a drape pass). Null: nothing.
    Decorate decorate;
    /// Lines for the user: help, where a screenshot went, which tile failed.
    std::function<void(const std::string&)> say;
};

/// Opens a window and runs until it is closed or Esc is pressed. Draws only when something changed.
/// Fails if there is no display to open a window on, or the tileset cannot be opened.
tiles3d::base::Status runWindow(const WindowOptions& options);

/// Keys and mouse, one line each.
std::string windowHelp();

} // namespace viewer::render
