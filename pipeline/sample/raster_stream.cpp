#include "pipeline/sample/raster_stream.h"

namespace pipeline::sample {

using sources::RasterWindow;

std::vector<RasterWindow> windowsOf(const sources::RasterSpec& spec) {
    constexpr std::uint32_t kStripe = 2 * sources::kRasterTile;
    std::vector<RasterWindow> windows;
    for (std::uint32_t row = 0; row < spec.height; row += kStripe) {
        for (std::uint32_t column = 0; column < spec.width; column += kStripe) {
            windows.push_back({column,
                               row,
                               std::min(kStripe, spec.width - column),
                               std::min(kStripe, spec.height - row)});
        }
    }
    return windows;
}

} // namespace pipeline::sample
