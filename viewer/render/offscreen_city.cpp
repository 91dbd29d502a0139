#include "viewer/render/offscreen_city.h"

#include "viewer/stream/open_tileset.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace viewer::render {

namespace {

namespace base = tiles3d::base;

/// A larger picture fits the city no better, and would load all of its detail.
constexpr double kFittingPixels = 1024.0;

} // namespace

OffscreenCity::OffscreenCity(std::unique_ptr<EglContext> context,
                             std::unique_ptr<stream::TilesetSession> session)
    : context_(std::move(context)), city_(std::move(session), {kFewestPixels, kFewestPixels, 1}),
      viewer_(city_.frame().root()) {}

base::Result<std::unique_ptr<OffscreenCity>> OffscreenCity::open(const OffscreenOptions& options) {
    stream::SessionOptions sessionOptions = options.session;
    sessionOptions.cacheBytes /= options.tilesets.size();
    auto session = stream::openTileset(options.tilesets.front(), sessionOptions);
    if (!session) {
        return session.error();
    }
    auto context = EglContext::create();
    if (!context) {
        return context.error();
    }
    std::unique_ptr<OffscreenCity> opened(
        new OffscreenCity(*std::move(context), *std::move(session)));
    CityView& city = opened->city();
    sessionOptions.sceneFrame = city.sceneFrame();
    for (auto path = options.tilesets.begin() + 1; path != options.tilesets.end(); ++path) {
        auto another = stream::openTileset(*path, sessionOptions);
        if (!another) {
            return another.error();
        }
        city.add(*std::move(another));
    }
    return opened;
}

camera::CameraPose OffscreenCity::fittedPose(const PictureView& view,
                                             const camera::FitOptions& options) {
    camera::Lens lens = view.lens();
    const double reduction =
        std::min(1.0, kFittingPixels / std::max(lens.widthPixels, lens.heightPixels));
    lens.widthPixels *= reduction;
    lens.heightPixels *= reduction;
    const auto fit = [&] {
        return camera::fitView(outlineOf(city_), city_.sceneFrame(), lens, options);
    };
    settle(city_, viewer_, fit(), lens, {view.maxScreenSpaceErrorPixels});
    return fit();
}

} // namespace viewer::render
