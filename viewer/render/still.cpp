#include "viewer/render/still.h"

#include "tiles3d/base/file.h"
#include "tiles3d/image/image.h"
#include "viewer/render/city_view.h"
#include "viewer/render/egl_context.h"
#include "viewer/render/embedded_viewer.h"
#include "viewer/stream/open_tileset.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace viewer::render {

namespace {

namespace base = tiles3d::base;

constexpr int kFewestPixels = 16;
constexpr int kMostPixels = 16384;
constexpr int kWantedSupersampling = 2;
/// 2 x 2 samples of more than this (8K) would take gigabytes.
constexpr std::int64_t kMostSamples = std::int64_t{4} * 7680 * 4320;

int supersamplingFor(const StillOptions& options, int maxTextureSize) {
    const int longest = std::max(options.widthPixels, options.heightPixels);
    const std::int64_t samples = std::int64_t{kWantedSupersampling} * kWantedSupersampling *
                                 options.widthPixels * options.heightPixels;
    const bool fits = longest * kWantedSupersampling <= maxTextureSize && samples <= kMostSamples;
    return fits ? kWantedSupersampling : 1;
}

base::Status checkSize(const StillOptions& options) {
    for (const int side : {options.widthPixels, options.heightPixels}) {
        if (side < kFewestPixels || side > kMostPixels) {
            return base::Error{fmt::format("picture of {} x {} pixels: each side must be {} to {}",
                                           options.widthPixels,
                                           options.heightPixels,
                                           kFewestPixels,
                                           kMostPixels)};
        }
    }
    return base::ok();
}

/// Loads and uploads until the view has all it needs, without drawing what is not wanted yet.
void settle(CityView& city,
            EmbeddedViewer& viewer,
            const camera::CameraPose& pose,
            const camera::Lens& lens,
            const ViewQuality& quality) {
    while (true) {
        city.update(pose, lens, quality);
        city.uploadArrivals(viewer.state());
        if (city.isSettled()) {
            return;
        }
        city.session().waitForLoad();
    }
}

StillReport reportOf(CityView& city, const camera::CameraPose& pose) {
    const auto statistics = city.session().statistics();
    return {.pose = pose,
            .drawnTiles = city.drawnTiles().size(),
            .drawnTriangles = city.tiles().shownTriangles(),
            .loadedTiles = statistics.loadedContents,
            .readBytes = statistics.readBytes,
            .cachedBytes = statistics.cachedBytes,
            .failures = city.session().failures(),
            .warnings = city.session().tree().warnings()};
}

base::Status writePicture(const tiles3d::image::Raster& raster, const std::string& file) {
    const auto encoded =
        tiles3d::image::encode(raster, {.format = tiles3d::image::ImageFormat::Png});
    if (!encoded) {
        return base::within(file, encoded.error());
    }
    return base::writeFile(file, encoded->bytes);
}

/// The whole city. What is known of it at first may be one large box; what a look at that loads
/// outlines it better.
camera::CameraPose fittedPose(CityView& city,
                              EmbeddedViewer& viewer,
                              const camera::Lens& lens,
                              const StillOptions& options) {
    const auto fit = [&] {
        return camera::fitView(camera::outlineOf(city.session().tree()),
                               city.session().sceneFrame(),
                               lens,
                               options.fit);
    };
    settle(city, viewer, fit(), lens, {options.maxScreenSpaceErrorPixels});
    return fit();
}

} // namespace

base::Result<StillReport> renderStill(const StillOptions& options) {
    if (const auto checked = checkSize(options); !checked) {
        return checked.error();
    }
    auto session = stream::openTileset(options.tileset, options.session);
    if (!session) {
        return session.error();
    }
    auto context = EglContext::create();
    if (!context) {
        return context.error();
    }
    const auto framebuffer = (*context)->makeFramebuffer(options.widthPixels, options.heightPixels);
    if (!framebuffer) {
        return framebuffer.error();
    }
    const int supersampling = supersamplingFor(options, (*context)->maxTextureSize());
    CityView city(*std::move(session), {options.widthPixels, options.heightPixels, supersampling});
    const camera::Lens lens{options.verticalFovRadians,
                            static_cast<double>(options.widthPixels),
                            static_cast<double>(options.heightPixels)};
    if (options.decorate) {
        if (const auto decorated = options.decorate(city.frame(), city.session()); !decorated) {
            return decorated.error();
        }
    }

    EmbeddedViewer viewer(
        city.frame().root(), options.widthPixels, options.heightPixels, *framebuffer);
    const ViewQuality quality{options.maxScreenSpaceErrorPixels};
    const camera::CameraPose pose =
        options.pose ? *options.pose : fittedPose(city, viewer, lens, options);
    settle(city, viewer, pose, lens, quality);
    viewer.draw();
    StillReport report = reportOf(city, pose);
    report.renderer = (*context)->rendererName();
    report.supersampling = supersampling;
    if (const auto written = writePicture((*context)->readPixels(), options.picture); !written) {
        return written.error();
    }
    return report;
}

base::Json toJson(const StillReport& report) {
    base::Json failures = base::Json::array();
    for (const stream::TileFailure& failure : report.failures) {
        failures.push(base::Json::object({{"uri", failure.uri}, {"message", failure.message}}));
    }
    const auto count = [](std::uint64_t value) { return base::Json(value); };
    return base::Json::object({{"tilesDrawn", count(report.drawnTiles)},
                               {"tilesLoaded", count(report.loadedTiles)},
                               {"tilesFailed", count(report.failures.size())},
                               {"triangles", count(report.drawnTriangles)},
                               {"bytesRead", count(report.readBytes)},
                               {"bytesInMemory", count(report.cachedBytes)},
                               {"samplesPerPixel", report.supersampling * report.supersampling},
                               {"renderer", report.renderer},
                               {"camera", cameraText(report.pose)},
                               {"failures", failures}});
}

std::string cameraText(const camera::CameraPose& pose) {
    return fmt::format("{:.9f},{:.9f},{:.4f},{:.6f},{:.6f}",
                       pose.position.longitude.degrees(),
                       pose.position.latitude.degrees(),
                       pose.position.heightMetres,
                       pose.heading.degrees(),
                       pose.pitch.degrees());
}

} // namespace viewer::render
