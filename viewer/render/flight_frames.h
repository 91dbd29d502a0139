#pragma once

#include "tiles3d/base/result.h"
#include "viewer/camera/flight_path.h"
#include "viewer/render/canvas.h"
#include "viewer/render/city_view.h"
#include "viewer/render/picture.h"

#include <cstddef>
#include <filesystem>
#include <optional>

namespace viewer::render {

/// A flight as frames: number i shows the view i / framesPerSecond after the path's beginning,
/// whatever part of the flight is asked for.
struct FlightFrames {
    camera::FlightPath path;
    double framesPerSecond = 30.0;
    std::optional<double> fromSeconds; ///< In the path's time; none: from its beginning.
    std::optional<double> toSeconds;   ///< None: to its end. The last frame is at or before it.
    PictureView view; ///< Of every frame; its pose is not looked at, nor is its field of view if
                      ///< the path has one.
    PictureOptions drawing; ///< keepGoing is asked within frames, too.
};

/// Numbers of frames, the last included.
struct FrameNumbers {
    std::size_t first = 0;
    std::size_t last = 0;

    std::size_t count() const { return last - first + 1; }
};

/// Fails on a rate that is not above 0 and at most 1000, and on a part without a frame.
tiles3d::base::Result<FrameNumbers> frameNumbers(const FlightFrames& flight);

struct FrameFolder {
    std::filesystem::path folder; ///< Made if missing.
    /// Frames of the right size that are there already stay; otherwise they are made anew.
    bool resumes = false;
};

struct FramesReport {
    std::size_t made = 0;
    std::size_t kept = 0;
};

/// Writes FOLDER/frame_000000.png and so on, each with everything it needs loaded, each file whole
/// or absent. Removes nothing: fails on a folder with frames beyond the flight's last one, which
/// would become part of the film. Fails likewise as savePicture().
tiles3d::base::Result<FramesReport>
writeFrames(CityView& city, ICanvas& canvas, const FlightFrames& flight, const FrameFolder& folder);

/// The same frames as an MP4, whole or absent (VideoFile). Fails likewise as VideoFile and
/// drawPicture().
tiles3d::base::Result<FramesReport> writeVideo(CityView& city,
                                               ICanvas& canvas,
                                               const FlightFrames& flight,
                                               const std::filesystem::path& file);

} // namespace viewer::render
