#include "viewer/render/embedded_viewer.h"

namespace viewer::render {

namespace {

constexpr int kAnySide = 16; // every target brings its own

} // namespace

EmbeddedViewer::EmbeddedViewer(osg::Node* scene) {
    viewer_.setThreadingModel(osgViewer::ViewerBase::SingleThreaded);
    window_ = viewer_.setUpViewerAsEmbeddedInWindow(0, 0, kAnySide, kAnySide);
    osg::Camera& camera = *viewer_.getCamera();
    camera.setComputeNearFarMode(osg::CullSettings::DO_NOT_COMPUTE_NEAR_FAR);
    camera.setCullingMode(osg::CullSettings::NO_CULLING);
    camera.setClearMask(GL_COLOR_BUFFER_BIT);
    viewer_.setLightingMode(osg::View::NO_LIGHT);
    viewer_.setSceneData(scene);
    viewer_.realize();
    state().initializeExtensionProcs(); // uploading starts before the first frame
}

void EmbeddedViewer::setTarget(const Framebuffer& target) {
    setTarget(target.name(), target.widthPixels(), target.heightPixels());
}

void EmbeddedViewer::setTarget(unsigned name, int widthPixels, int heightPixels) {
    window_->setDefaultFboId(name);
    window_->resized(0, 0, widthPixels, heightPixels);
    viewer_.getCamera()->setViewport(0, 0, widthPixels, heightPixels);
}

} // namespace viewer::render
