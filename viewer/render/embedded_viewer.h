#pragma once

#include <osg/Node>
#include <osg/State>
#include <osg/ref_ptr>
#include <osgViewer/GraphicsWindow>
#include <osgViewer/Viewer>

namespace viewer::render {

/// An OSG viewer that draws into a framebuffer of the OpenGL context that is current in this
/// thread (EglContext). One per context at a time: its destructor ends the context's use by OSG.
class EmbeddedViewer {
public:
    EmbeddedViewer(osg::Node* scene, int widthPixels, int heightPixels, unsigned framebuffer);

    /// The next frames go into another framebuffer of that size.
    void resize(int widthPixels, int heightPixels, unsigned framebuffer);

    void draw() { viewer_.frame(); }
    osg::State& state() { return *window_->getState(); }

private:
    osgViewer::Viewer viewer_;
    osg::ref_ptr<osgViewer::GraphicsWindowEmbedded> window_;
};

} // namespace viewer::render
