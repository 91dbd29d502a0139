#pragma once

#include "tiles3d/base/result.h"
#include "viewer/camera/camera_pose.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace viewer::main {

/// `city3d-viewer PATH`: a window, or with --render a picture.
struct ViewCommand {
    std::string tileset;                ///< OUT folder or tileset.json.
    std::optional<std::string> picture; ///< --render; none: open a window.
    std::vector<std::string> layers;    ///< --layers, bottom to top.
    std::string layersCrs;              ///< --layers-crs, of layers that do not say theirs.
    int widthPixels = 1920;
    int heightPixels = 1080;
    std::optional<camera::CameraPose> pose; ///< --camera; none: fit the whole city.
    tiles3d::geo::Angle heading;            ///< --heading, for the fitted view.
    tiles3d::geo::Angle pitch = tiles3d::geo::Angle::degrees(-35.0);
    tiles3d::geo::Angle verticalFov = tiles3d::geo::Angle::degrees(60.0);
    double maxScreenSpaceErrorPixels = 16.0;
    std::uint64_t cacheMebibytes = 1024;
    bool asJson = false;
};

/// Text to print before ending: --help, --version.
struct PrintCommand {
    std::string text;
};

using Command = std::variant<ViewCommand, PrintCommand>;

/// What `args` (without the program's name) ask for. Neither prints nor exits. Fails with one
/// sentence and a pointer to --help.
tiles3d::base::Result<Command> parseArgs(const std::vector<std::string>& args);

} // namespace viewer::main
