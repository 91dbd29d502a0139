#pragma once

#include "tiles3d/base/result.h"
#include "viewer/camera/camera_pose.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace viewer::main {

/// --path: a flight through the city, as PNG frames or as a video; one of both is set.
struct FlightCommand {
    std::string path;                  ///< File of a flight path.
    std::optional<std::string> frames; ///< --frames, a folder.
    std::optional<std::string> video;  ///< --video, an MP4.
    bool resumes = false;              ///< --resume, with --frames.
    double framesPerSecond = 30.0;
    std::optional<double> fromSeconds; ///< --from; none: from the flight's beginning.
    std::optional<double> toSeconds;   ///< --to; none: to its end.
};

/// `city3d-viewer PATH...`: a window, or with --render a picture, or with --path a flight.
struct ViewCommand {
    std::vector<std::string> tilesets;   ///< Folders, files, archives, URLs; at least one.
    std::optional<std::string> picture;  ///< --render
    std::optional<FlightCommand> flight; ///< --path
    std::vector<std::string> layers;     ///< --layers, bottom to top.
    std::string layersCrs;               ///< --layers-crs, of layers that do not say theirs.
    int widthPixels = 1920;
    int heightPixels = 1080;
    std::optional<camera::CameraPose> pose; ///< --camera; none: fit the whole city.
    tiles3d::geo::Angle heading;            ///< --heading, for the fitted view.
    tiles3d::geo::Angle pitch = tiles3d::geo::Angle::degrees(-35.0);
    tiles3d::geo::Angle verticalFov = tiles3d::geo::Angle::degrees(60.0);
    double maxScreenSpaceErrorPixels = 16.0;
    std::uint64_t cacheMebibytes = 1024;
    std::string date; ///< --date, render::parseIsoTime() takes it; empty: light of no special hour.
    bool hasShadows = false; ///< --shadows
    bool hasHaze = true;     ///< --no-haze takes it away.
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
