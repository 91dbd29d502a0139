#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/image/image.h"
#include "viewer/camera/camera_pose.h"
#include "viewer/render/canvas.h"
#include "viewer/render/city_view.h"

#include <cstddef>
#include <filesystem>
#include <functional>

namespace viewer::render {

/// Sides that a picture may have.
inline constexpr int kFewestPixels = 16;
inline constexpr int kMostPixels = 16384;

/// What is to be seen, and how well.
struct PictureView {
    camera::CameraPose pose;
    int widthPixels = 1920;
    int heightPixels = 1080;
    double verticalFovRadians = 1.0471975511965976;
    double maxScreenSpaceErrorPixels = 16.0; ///< Pixels of the whole picture.

    camera::Lens lens() const;
};

struct PictureProgress {
    std::size_t partsDone = 0;
    std::size_t parts = 1;
    std::size_t tilesWaiting = 0; ///< That the part in work still lacks.
    std::size_t framesDone = 0;   ///< Of a film's frames, of which this picture is one.
    std::size_t frames = 1;
};

/// Asked whenever there is progress; false ends the work.
using KeepGoing = std::function<bool(const PictureProgress&)>;

struct PictureOptions {
    /// A picture with a longer side is drawn in parts. Costs about 50 bytes of video memory per
    /// pixel of a part and 3 bytes of memory per pixel of a row of parts.
    int mostPartPixels = 2048;
    int supersampling = 2; ///< Samples per pixel along each side, 1 to 4.
    KeepGoing keepGoing;   ///< Null: to the end.
};

struct PictureReport {
    std::size_t drawnTiles = 0;
    std::size_t drawnTriangles = 0; ///< Those in several parts once for each.
};

/// The picture's next rows, from the top. A failure ends the drawing.
using TakeRows = std::function<tiles3d::base::Status(const tiles3d::image::Raster& rows)>;

/// Updates and uploads until the city has all that the view needs, drawing nothing. Returns false
/// if `keepGoing` did. REQUIRES: the canvas' context is current; likewise below.
bool settle(CityView& city,
            ICanvas& canvas,
            const camera::CameraPose& pose,
            const camera::Lens& lens,
            const ViewQuality& quality,
            const KeepGoing& keepGoing = {});

/// Draws the view with everything it needs loaded, part by part. The parts overlap by a few pixels
/// that are thrown away, and each selects by the pixels of the whole picture: no level of detail,
/// filter or line changes at a seam. Against one piece a few pixels on edges may differ.
/// Works in a window's context between its frames; afterwards `city.frame()` has its old size, and
/// whoever owns the canvas gives it its old target.
/// Fails on a size outside kFewestPixels to kMostPixels, when the driver has no memory for a part,
/// when the sessions' memory holds less detail than is asked for, with what `take` says, and when
/// told to stop.
tiles3d::base::Result<PictureReport> drawPicture(CityView& city,
                                                 ICanvas& canvas,
                                                 const PictureView& view,
                                                 const TakeRows& take,
                                                 const PictureOptions& options = {});

/// The same into a PNG, whole or absent.
tiles3d::base::Result<PictureReport> savePicture(CityView& city,
                                                 ICanvas& canvas,
                                                 const PictureView& view,
                                                 const std::filesystem::path& file,
                                                 const PictureOptions& options = {});

} // namespace viewer::render
