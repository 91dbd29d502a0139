#include "viewer/render/still.h"

#include <fmt/format.h>

#include <filesystem>

namespace viewer::render {

namespace base = tiles3d::base;

base::Result<StillReport> renderStill(OffscreenCity& offscreen, const StillOptions& options) {
    CityView& city = offscreen.city();
    PictureView view = options.view;
    if (options.fit) {
        view.pose = offscreen.fittedPose(view, *options.fit);
    }
    const auto picture =
        savePicture(city, offscreen.canvas(), view, options.picture, options.drawing);
    if (!picture) {
        return picture.error();
    }
    const auto statistics = city.session().statistics();
    return StillReport{.pose = view.pose,
                       .picture = *picture,
                       .supersampling = options.drawing.supersampling,
                       .loadedTiles = statistics.loadedContents,
                       .readBytes = statistics.readBytes,
                       .cachedBytes = statistics.cachedBytes,
                       .failures = city.session().failures(),
                       .warnings = city.session().tree().warnings(),
                       .renderer = offscreen.rendererName()};
}

base::Json toJson(const StillReport& report) {
    base::Json failures = base::Json::array();
    for (const stream::TileFailure& failure : report.failures) {
        failures.push(base::Json::object({{"uri", failure.uri}, {"message", failure.message}}));
    }
    const auto count = [](std::uint64_t value) { return base::Json(value); };
    return base::Json::object({{"tilesDrawn", count(report.picture.drawnTiles)},
                               {"tilesLoaded", count(report.loadedTiles)},
                               {"tilesFailed", count(report.failures.size())},
                               {"triangles", count(report.picture.drawnTriangles)},
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
