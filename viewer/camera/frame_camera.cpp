#include "viewer/camera/frame_camera.h"

#include "viewer/scene/frame_graph.h"

namespace viewer::camera {

namespace {

osg::Vec3d toOsg(const glm::dvec3& v) {
    return {v.x, v.y, v.z};
}

/// Stretches the part to all of clip space.
osg::Matrixd clipOfPart(const Lens& lens) {
    const PicturePart& part = *lens.part;
    const double across = lens.widthPixels / part.widthPixels;
    const double up = lens.heightPixels / part.heightPixels;
    const double middleX = (2.0 * part.left + part.widthPixels) / lens.widthPixels - 1.0;
    const double middleY = 1.0 - (2.0 * part.top + part.heightPixels) / lens.heightPixels;
    return osg::Matrixd::translate(-middleX, -middleY, 0.0) * osg::Matrixd::scale(across, up, 1.0);
}

} // namespace

scene::FrameCamera
frameCamera(const CameraPose& pose, const Lens& lens, const tiles3d::geo::EnuFrame& scene) {
    const CameraAxes axes = axesInScene(pose, scene);
    scene::FrameCamera camera;
    camera.eyeInScene = toOsg(axes.eye);
    camera.sceneToEye.makeLookAt(toOsg(axes.eye), toOsg(axes.eye + axes.direction), toOsg(axes.up));
    camera.eyeToClip = scene::reversedPerspective(lens.verticalFovRadians, lens.aspect());
    if (lens.part) {
        camera.eyeToWholeClip = camera.eyeToClip;
        camera.eyeToClip.postMult(clipOfPart(lens));
    }
    return camera;
}

} // namespace viewer::camera
