#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/image/image.h"

#include <memory>
#include <string>

namespace viewer::render {

/// An OpenGL context (compatibility profile, 3.3 or later) without a window or display, current in
/// the thread that made it, with a framebuffer of its own. Works on GPUs and on Mesa's software
/// renderer alike.
class EglContext {
public:
    /// Tries every EGL device, GPUs before software, then the surfaceless platform. Fails with the
    /// reason of each if none gives a context.
    static tiles3d::base::Result<std::unique_ptr<EglContext>> create();

    EglContext(const EglContext&) = delete;
    EglContext& operator=(const EglContext&) = delete;
    ~EglContext();

    std::string rendererName() const; ///< GL_RENDERER
    std::string versionName() const;  ///< GL_VERSION
    int maxTextureSize() const;

    /// A framebuffer of 8-bit RGBA; replaces an earlier one. Returns its name, or the reason why
    /// the driver refuses the size.
    tiles3d::base::Result<unsigned> makeFramebuffer(int widthPixels, int heightPixels);

    /// Its colours as RGB, row 0 at the top. REQUIRES: makeFramebuffer() has succeeded.
    tiles3d::image::Raster readPixels() const;

private:
    struct State;
    explicit EglContext(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace viewer::render
