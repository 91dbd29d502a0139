#pragma once

#include "viewer/render/framebuffer.h"

#include <osg/State>

namespace viewer::render {

/// Draws one scene into whatever framebuffer it is given, in the OpenGL context that is current:
/// a viewer without a window, or that of a window which also makes large pictures.
class ICanvas {
public:
    ICanvas() = default;
    ICanvas(const ICanvas&) = delete;
    ICanvas& operator=(const ICanvas&) = delete;
    virtual ~ICanvas() = default;

    /// The next frames fill `target`, which outlives them.
    virtual void setTarget(const Framebuffer& target) = 0;
    /// Draws a frame; all of it stands in the target on return.
    virtual void draw() = 0;
    /// Of the context, for uploads between frames.
    virtual osg::State& state() = 0;
};

} // namespace viewer::render
