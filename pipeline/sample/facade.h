#pragma once

#include "pipeline/sample/scenery.h"
#include "pipeline/sample/sunlight.h"
#include "tiles3d/image/image.h"

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <array>
#include <vector>

namespace pipeline::sample {

/// One upright side of a volume. s runs along it from left to right as seen from outside, t upwards
/// from the bottom; both in metres.
struct Wall {
    const Volume* volume = nullptr;
    glm::dvec2 start{0.0}; ///< World position at s = 0.
    glm::dvec2 along{1.0, 0.0};
    glm::dvec2 normal{0.0, -1.0}; ///< Outward.
    double length = 0.0;
    double bottom = 0.0;
    double height = 0.0; ///< With the parapet.

    glm::dvec3 at(double s, double t) const;
};

/// The four sides of a volume, in the order south, east, north, west of its own axes.
std::array<Wall, 4> wallsOf(const Volume& volume);

/// Albedo of a wall: windows, balconies, shop fronts, stains.
glm::vec3 facadeColour(const Wall& wall, double s, double t);

/// Part of a wall as pixels: column 0 at s = `from`, row 0 at the top.
struct WallFrame {
    double from = 0.0;
    double to = 0.0;
    double texel = 0.1; ///< Metres per pixel.
};

/// Painted with sun, sky and shadow. At least one pixel each way.
tiles3d::image::Raster
paintWall(const Wall& wall, const WallFrame& frame, const Sunlight& sunlight);

} // namespace pipeline::sample
