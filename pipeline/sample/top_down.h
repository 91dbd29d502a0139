#pragma once

#include "pipeline/sample/scenery.h"
#include "pipeline/sample/sunlight.h"
#include "tiles3d/image/image.h"

#include <cstdint>

namespace pipeline::sample {

/// A north-up picture of the plane: row 0 in the north, pixels as areas.
struct MapFrame {
    double west = 0.0;  ///< Easting of the left edge, metres.
    double north = 0.0; ///< Northing of the upper edge.
    double texel = 0.1; ///< Metres per pixel.
    std::uint32_t width = 0;
    std::uint32_t height = 0;

    Window window() const;
};

/// The city from straight above, with sunlight and shadows: a true orthophoto, and the texture of
/// everything that faces upwards. `scenery` and `sunlight` must cover the frame.
tiles3d::image::Raster paintTopDown(const StreetPlan& plan,
                                    const Scenery& scenery,
                                    const Sunlight& sunlight,
                                    const MapFrame& frame);

} // namespace pipeline::sample
