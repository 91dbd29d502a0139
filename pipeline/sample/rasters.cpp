#include "pipeline/sample/rasters.h"

#include "pipeline/sample/atlas.h"
#include "pipeline/sample/delivery.h"
#include "pipeline/sample/raster_stream.h"
#include "pipeline/sample/sunlight.h"
#include "pipeline/sample/top_down.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace pipeline::sample {

namespace {

using sources::RasterSpec;
using sources::RasterWindow;
using tiles3d::base::Status;

constexpr int kEpsg = 4548;

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
        storeFloats);
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
        storeRgb);
}

} // namespace pipeline::sample
