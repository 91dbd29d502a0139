#pragma once

#include "tests/support/tile_painter.h"
#include "tiles3d/image/image.h"

#include <string>
#include <vector>

namespace tests {

/// A picture from text, one character a pixel: '.' background, '0' to '9' grey of 0 to 225 in steps
/// of 25. REQUIRES: rows of equal length.
inline tiles3d::image::Raster drawnPicture(const std::vector<std::string>& rows) {
    tiles3d::image::Raster picture{.width = static_cast<std::uint32_t>(rows.front().size()),
                                   .height = static_cast<std::uint32_t>(rows.size())};
    for (const std::string& row : rows) {
        for (const char c : row) {
            for (const std::uint8_t background : kBackground) {
                picture.pixels.push_back(
                    static_cast<std::byte>(c == '.' ? background : 25 * (c - '0')));
            }
        }
    }
    return picture;
}

} // namespace tests
