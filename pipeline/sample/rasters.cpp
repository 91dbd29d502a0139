#include "pipeline/sample/rasters.h"

#include "pipeline/sample/atlas.h"
#include "pipeline/sample/delivery.h"
#include "pipeline/sample/sunlight.h"
#include "pipeline/sample/top_down.h"
#include "pipeline/sources/raster_writer.h"
#include "tiles3d/base/parallel.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace pipeline::sample {

namespace {

using sources::RasterSpec;
using sources::RasterWindow;
using sources::RasterWriter;
using tiles3d::base::Status;

constexpr int kEpsg = 4548;
constexpr std::uint32_t kStripe =
    2 * sources::kRasterTile; // pixels per side of what is made at once

RasterSpec specFor(const std::filesystem::path& file, const Window& area, double pixelSize) {
    const Window wide = area.grown(kRasterMargin);
    RasterSpec spec;
    spec.file = file;
    spec.width = static_cast<std::uint32_t>(std::lround((wide.high.x - wide.low.x) / pixelSize));
    spec.height = static_cast<std::uint32_t>(std::lround((wide.high.y - wide.low.y) / pixelSize));
    spec.west = kOrigin.x + wide.low.x;
    spec.north = kOrigin.y + wide.high.y;
    spec.pixelSize = pixelSize;
    spec.epsg = kEpsg;
    return spec;
}

std::vector<RasterWindow> windowsOf(const RasterSpec& spec) {
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

/// Makes `threads` windows at a time and writes them in order: memory stays the same and so do the
/// file's bytes, whatever the number of threads.
template <typename Value, typename Make, typename Write>
Status
streamWindows(const RasterSpec& spec, std::size_t threads, const Make& make, const Write& write) {
    auto writer = RasterWriter::create(spec);
    if (!writer) {
        return writer.error();
    }
    const std::vector<RasterWindow> windows = windowsOf(spec);
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

std::vector<float>
heights(const StreetPlan& plan, const RasterSpec& spec, const RasterWindow& window) {
    constexpr double kFarOut = -150.0;
    std::vector<float> values;
    values.reserve(std::size_t{window.columns} * window.rows);
    for (std::uint32_t row = 0; row < window.rows; ++row) {
        for (std::uint32_t column = 0; column < window.columns; ++column) {
            const glm::dvec2 at{spec.west - kOrigin.x +
                                    (window.column + column + 0.5) * spec.pixelSize,
                                spec.north - kOrigin.y - (window.row + row + 0.5) * spec.pixelSize};
            const bool isKnown = plan.land().inland(at) > kFarOut;
            values.push_back(static_cast<float>(isKnown ? plan.land().height(at) : *spec.noData));
        }
    }
    return values;
}

std::vector<std::byte>
picture(const StreetPlan& plan, const RasterSpec& spec, const RasterWindow& window, Detail detail) {
    MapFrame frame; // painted twice as fine and halved: markings are thinner than a pixel
    frame.texel = spec.pixelSize * 0.5;
    frame.width = window.columns * 2;
    frame.height = window.rows * 2;
    frame.west = spec.west - kOrigin.x + window.column * spec.pixelSize;
    frame.north = spec.north - kOrigin.y - window.row * spec.pixelSize;
    LightOptions light = lightOf(detail);
    light.cellMetres = std::max(light.cellMetres, spec.pixelSize);
    const Window wide = frame.window().grown(light.reachMetres + 4.0);
    const Scenery scenery = gatherScenery(plan, wide, detail);
    const Sunlight sunlight(plan, scenery, frame.window(), light);
    return halved(paintTopDown(plan, scenery, sunlight, frame)).pixels;
}

} // namespace

Status writeDem(const std::filesystem::path& file,
                const StreetPlan& plan,
                const Window& area,
                const RasterOptions& options) {
    constexpr double kNoData = -9999.0;
    RasterSpec spec = specFor(file, area, options.pixelMetres);
    spec.noData = kNoData;
    return streamWindows<float>(
        spec,
        options.threads,
        [&](const RasterWindow& window) { return heights(plan, spec, window); },
        [](RasterWriter& writer, const RasterWindow& window, const std::vector<float>& values) {
            return writer.writeFloats(window, values);
        });
}

Status writeOrtho(const std::filesystem::path& file,
                  const StreetPlan& plan,
                  const Window& area,
                  const RasterOptions& options) {
    RasterSpec spec = specFor(file, area, options.pixelMetres);
    spec.pixels = RasterSpec::Pixels::Rgb8;
    return streamWindows<std::byte>(
        spec,
        options.threads,
        [&](const RasterWindow& window) { return picture(plan, spec, window, options.detail); },
        [](RasterWriter& writer, const RasterWindow& window, const std::vector<std::byte>& pixels) {
            return writer.writeRgb(window, pixels);
        });
}

} // namespace pipeline::sample
