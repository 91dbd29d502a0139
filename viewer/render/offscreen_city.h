#pragma once

#include "tiles3d/base/result.h"
#include "viewer/camera/fit_view.h"
#include "viewer/render/city_view.h"
#include "viewer/render/egl_context.h"
#include "viewer/render/embedded_viewer.h"
#include "viewer/render/picture.h"
#include "viewer/stream/tileset_session.h"

#include <memory>
#include <string>
#include <vector>

namespace viewer::render {

struct OffscreenOptions {
    std::vector<std::string> tilesets; ///< What openTileset() takes; at least one.
    stream::SessionOptions session;    ///< Of each; its memory for all of them together.
};

/// An open city that is drawn without a display, for stills, frames, tests and benchmarks. Its
/// OpenGL context is current in the thread that opened it; one at a time in a thread.
class OffscreenCity {
public:
    /// Fails without EGL and on a tileset that cannot be opened.
    static tiles3d::base::Result<std::unique_ptr<OffscreenCity>>
    open(const OffscreenOptions& options);

    CityView& city() { return city_; }
    ICanvas& canvas() { return viewer_; }
    std::string rendererName() const { return context_->rendererName(); } ///< GL_RENDERER

    /// The view's pose moved to where it shows the whole city. What is known of the city at first
    /// may be one large box; what a look at that loads outlines it better.
    camera::CameraPose fittedPose(const PictureView& view, const camera::FitOptions& fit);

private:
    OffscreenCity(std::unique_ptr<EglContext> context,
                  std::unique_ptr<stream::TilesetSession> session);

    std::unique_ptr<EglContext> context_; // first: what follows lives in it
    CityView city_;
    EmbeddedViewer viewer_;
};

} // namespace viewer::render
