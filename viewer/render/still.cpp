#include "viewer/render/still.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

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
    return StillReport{.pose = view.pose,
                       .picture = *picture,
                       .load = loadReport(city),
                       .supersampling = options.drawing.supersampling,
                       .renderer = offscreen.rendererName()};
}

base::Json toJson(const StillReport& report) {
    const auto count = [](std::uint64_t value) { return base::Json(value); };
    base::Json::Object members = {{"tilesDrawn", count(report.picture.drawnTiles)},
                                  {"triangles", count(report.picture.drawnTriangles)},
                                  {"samplesPerPixel", report.supersampling * report.supersampling},
                                  {"renderer", report.renderer},
                                  {"camera", cameraText(report.pose)}};
    std::ranges::copy(toMembers(report.load), std::back_inserter(members));
    return base::Json::object(std::move(members));
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
