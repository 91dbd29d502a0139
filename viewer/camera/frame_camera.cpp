#include "viewer/camera/frame_camera.h"

#include "viewer/scene/frame_graph.h"

namespace viewer::camera {

namespace {

osg::Vec3d toOsg(const glm::dvec3& v) {
    return {v.x, v.y, v.z};
}

} // namespace

scene::FrameCamera
frameCamera(const CameraPose& pose, const Lens& lens, const tiles3d::geo::EnuFrame& scene) {
    const CameraAxes axes = axesInScene(pose, scene);
    scene::FrameCamera camera;
    camera.eyeInScene = toOsg(axes.eye);
    camera.sceneToEye.makeLookAt(toOsg(axes.eye), toOsg(axes.eye + axes.direction), toOsg(axes.up));
    camera.eyeToClip = scene::reversedPerspective(lens.verticalFovRadians, lens.aspect());
    return camera;
}

} // namespace viewer::camera
