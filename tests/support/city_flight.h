#pragma once

#include "tests/support/silhouette.h"
#include "tiles3d/base/json.h"
#include "tiles3d/base/result.h"
#include "viewer/camera/flight_path.h"
#include "viewer/render/offscreen_city.h"
#include "viewer/stream/tileset_session.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace tests {

/// A descending spiral from above the whole city to its middle, then low passes to and fro over it.
/// REQUIRES: at least a second.
viewer::camera::FlightPath spiralAndPasses(const viewer::render::CityView& city, double seconds);

/// Through places drawn by a seeded generator, from 60 m above the ground to half the city's width.
viewer::camera::FlightPath
wanderings(const viewer::render::CityView& city, double seconds, unsigned seed);

/// What one frame of a flight was like. Times in ms, in the thread that draws.
struct FlownFrame {
    std::size_t number = 0;
    double updateMs = 0.0; ///< Taking in arrivals, selecting, scheduling, dropping.
    double uploadMs = 0.0;
    double workedMs = 0.0; ///< Of update and upload, without waiting for a core.
    double drawMs = 0.0;   ///< Cull and draw, to the end of the GPU's work.
    std::size_t drawnTiles = 0;
    std::size_t triangles = 0;
    std::size_t glObjects = 0;
    viewer::stream::SessionStatistics session;

    double outsideDrawMs() const { return updateMs + uploadMs; }
    double wholeMs() const { return outsideDrawMs() + drawMs; }
};

/// One line of JSON without its end.
std::string toJsonLine(const FlownFrame& frame);

struct FlightOptions {
    int widthPixels = 1280;
    int heightPixels = 720;
    double maxScreenSpaceErrorPixels = 16.0;
    double framesPerSecond = 30.0; ///< Of the flight's time: a slow frame does not make it jump.
    /// Told of each frame, with its picture over kBackground; reading that back is not timed.
    std::function<void(const FlownFrame&, const tiles3d::image::Raster&)> onFrame;
};

/// Flies frame by frame with whatever has been loaded, at most as fast as the flight's time runs,
/// from a first view that is fully loaded and drawn once.
/// Fails if there is no memory for the picture.
tiles3d::base::Status fly(viewer::render::OffscreenCity& city,
                          const viewer::camera::FlightPath& path,
                          const FlightOptions& options);

/// Pixels that show background in a picture made in flight, and the city where the same view is
/// fully loaded, three pixels around included: how far outlines of levels lie apart.
tiles3d::base::Result<std::size_t> holePixels(viewer::render::OffscreenCity& city,
                                              const viewer::camera::CameraPose& pose,
                                              const FlightOptions& options,
                                              const Silhouette& inFlight);

} // namespace tests
