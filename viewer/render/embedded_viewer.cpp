#include "viewer/render/embedded_viewer.h"

namespace viewer::render {

EmbeddedViewer::EmbeddedViewer(osg::Node* scene,
                               int widthPixels,
                               int heightPixels,
                               unsigned framebuffer) {
    viewer_.setThreadingModel(osgViewer::ViewerBase::SingleThreaded);
    window_ = viewer_.setUpViewerAsEmbeddedInWindow(0, 0, widthPixels, heightPixels);
    window_->setDefaultFboId(framebuffer);
    osg::Camera& camera = *viewer_.getCamera();
    camera.setComputeNearFarMode(osg::CullSettings::DO_NOT_COMPUTE_NEAR_FAR);
    camera.setCullingMode(osg::CullSettings::NO_CULLING);
    camera.setClearMask(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
    viewer_.setLightingMode(osg::View::NO_LIGHT);
    viewer_.setSceneData(scene);
    viewer_.realize();
    state().initializeExtensionProcs(); // uploading starts before the first frame
}

void EmbeddedViewer::resize(int widthPixels, int heightPixels, unsigned framebuffer) {
    window_->setDefaultFboId(framebuffer);
    window_->resized(0, 0, widthPixels, heightPixels);
    viewer_.getCamera()->setViewport(0, 0, widthPixels, heightPixels);
}

} // namespace viewer::render
