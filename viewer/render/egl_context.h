#pragma once

#include "tiles3d/base/result.h"

#include <memory>
#include <string>

namespace viewer::render {

/// An OpenGL context (compatibility profile, 3.3 or later) without a window or display, current in
/// the thread that made it. Nothing can be drawn into but a Framebuffer. Works on GPUs and on
/// Mesa's software renderer alike.
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

private:
    struct State;
    explicit EglContext(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace viewer::render
