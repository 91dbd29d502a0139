#pragma once

#include "tiles3d/image/image.h"

#include <glm/vec3.hpp>

#include <cstdint>
#include <vector>

namespace pipeline::overview {

/// An atlas in the making: texels with a colour, and texels that still wait for one.
class Canvas {
public:
    Canvas(int width, int height);

    /// Colour 0 to 255 per channel. REQUIRES: inside the canvas.
    void set(int x, int y, const glm::vec3& colour);

    /// Raises each texel's difference from its neighbours in the rectangle: bilinear filtering and
    /// mip levels will take as much away again.
    void sharpen(int x, int y, int width, int height);

    /// Texels of the rectangle without a colour take the mean of their neighbours in it that have
    /// one, kGutterTexels times: a chart's rim grows outward and never from another chart.
    void growRim(int x, int y, int width, int height);

    /// The picture, every texel with a colour: what is still empty is interpolated from ever
    /// coarser means of what is round it. Grey if nothing has a colour.
    tiles3d::image::Raster filled() const;

private:
    std::size_t at(int x, int y) const {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
               static_cast<std::size_t>(x);
    }

    int width_;
    int height_;
    std::vector<glm::vec3> colours_;
    std::vector<std::uint8_t> isSet_;
};

} // namespace pipeline::overview
