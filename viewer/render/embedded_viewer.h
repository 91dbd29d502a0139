#pragma once

#include "viewer/render/canvas.h"

#include <osg/Node>
#include <osg/ref_ptr>
#include <osgViewer/GraphicsWindow>
#include <osgViewer/Viewer>

namespace viewer::render {

/// An OSG viewer for the OpenGL context that is current in this thread (EglContext). One per
/// context at a time: its destructor ends the context's use by OSG.
class EmbeddedViewer final : public ICanvas {
public:
    /// REQUIRES: setTarget() before the first draw().
    explicit EmbeddedViewer(osg::Node* scene);

    void setTarget(const Framebuffer& target) override;
    /// A framebuffer of somebody else's, by OpenGL's name.
    void setTarget(unsigned name, int widthPixels, int heightPixels);
    void draw() override { viewer_.frame(); }
    osg::State& state() override { return *window_->getState(); }

private:
    osgViewer::Viewer viewer_;
    osg::ref_ptr<osgViewer::GraphicsWindowEmbedded> window_;
};

} // namespace viewer::render
