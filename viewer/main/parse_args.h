#pragma once

#include "tiles3d/base/result.h"
#include "viewer/render/view_file.h"

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

/// `city3d-viewer [PATH...]`: a window, or with --render a picture, or with --path a flight.
struct ViewCommand {
    /// Paths, --layers, --camera, --date, --shadows and --no-haze.
    render::ViewFile view;
    std::string viewFile;                ///< --view, "" for none: `view` comes on top of it.
    std::optional<std::string> picture;  ///< --render
    std::optional<FlightCommand> flight; ///< --path
    std::optional<int> widthPixels;      ///< --size
    std::optional<int> heightPixels;
    tiles3d::geo::Angle heading; ///< --heading, of the fitted view.
    tiles3d::geo::Angle pitch = tiles3d::geo::Angle::degrees(-35.0);
    tiles3d::geo::Angle verticalFov = tiles3d::geo::Angle::degrees(60.0);
    double maxScreenSpaceErrorPixels = 16.0;
    std::uint64_t cacheMebibytes = 1024;
    bool asJson = false;
    bool saysProgress = false;  ///< --progress, with --render or --path.
    std::string settingsFolder; ///< --settings, of the window.
    std::string language;       ///< --lang, of the window.
};

/// Text to print before ending: --help, --version.
struct PrintCommand {
    std::string text;
};

using Command = std::variant<ViewCommand, PrintCommand>;

/// What `args` (without the program's name) ask for. Neither prints nor exits. Fails with one
/// sentence and a pointer to --help.
tiles3d::base::Result<Command> parseArgs(const std::vector<std::string>& args);

/// What is to be seen: the command's view file, if it names one, with the command's own tilesets
/// and layers added, its camera, date and light before the file's. Fails as readViewFile() does.
tiles3d::base::Result<render::ViewFile> completeView(const ViewCommand& command);

} // namespace viewer::main
