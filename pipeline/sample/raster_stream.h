#pragma once

#include "pipeline/sources/raster_writer.h"
#include "tiles3d/base/parallel.h"
#include "tiles3d/base/result.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace pipeline::sample {

/// A raster in windows of 512 pixels a side, row by row of windows.
std::vector<sources::RasterWindow> windowsOf(const sources::RasterSpec& spec);

/// Writes a raster of which make(window) gives the values and write(writer, window, values) stores
/// them. Makes `threads` windows at a time and writes them in order: memory stays the same and so
/// do the file's bytes, whatever the number of threads.
template <typename Value, typename Make, typename Write>
tiles3d::base::Status streamWindows(const sources::RasterSpec& spec,
                                    std::size_t threads,
                                    const Make& make,
                                    const Write& write) {
    auto writer = sources::RasterWriter::create(spec);
    if (!writer) {
        return writer.error();
    }
    const std::vector<sources::RasterWindow> windows = windowsOf(spec);
    for (std::size_t first = 0; first < windows.size(); first += threads) {
        const std::size_t count = std::min(threads, windows.size() - first);
        std::vector<std::vector<Value>> made(count);
        tiles3d::base::parallelFor(
            count, threads, [&](std::size_t i) { made[i] = make(windows[first + i]); });
        for (std::size_t i = 0; i < count; ++i) {
            if (auto written = write(*writer, windows[first + i], made[i]); !written) {
                return written;
            }
        }
    }
    return writer->finish();
}

/// What streamWindows() takes to store heights, and colours.
inline tiles3d::base::Status storeFloats(sources::RasterWriter& writer,
                                         const sources::RasterWindow& window,
                                         const std::vector<float>& values) {
    return writer.writeFloats(window, values);
}
inline tiles3d::base::Status storeRgb(sources::RasterWriter& writer,
                                      const sources::RasterWindow& window,
                                      const std::vector<std::byte>& pixels) {
    return writer.writeRgb(window, pixels);
}

} // namespace pipeline::sample
