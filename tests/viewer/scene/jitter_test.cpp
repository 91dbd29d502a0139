#include "viewer/scene/frame_graph.h"

#include <gtest/gtest.h>
#include <osg/Matrixf>

#include <cmath>
#include <random>

// The way of a vertex through the GPU, in its own arithmetic: matrices cast to float when OpenGL
// takes them, multiplied in float, applied to a float position.

namespace {

using viewer::scene::FrameCamera;

constexpr unsigned kSeed = 20260726;
constexpr double kFov = 1.0;
constexpr double kOrbitMetres = 50.0;
constexpr double kHalfTileMetres = 250.0;

FrameCamera orbit(const osg::Vec3d& vertex, double angle) {
    FrameCamera camera;
    camera.eyeInScene =
        vertex + osg::Vec3d(std::cos(angle) * 0.8, std::sin(angle) * 0.8, 0.6) * kOrbitMetres;
    camera.sceneToEye.makeLookAt(camera.eyeInScene, vertex, {0.0, 0.0, 1.0});
    camera.eyeToClip = viewer::scene::reversedPerspective(kFov, 1.5);
    return camera;
}

/// Metres on the plane through the vertex that faces the camera.
double metresOff(const osg::Vec3d& vertex, const osg::Vec3d& centre, const FrameCamera& camera) {
    const osg::Vec3f position(vertex - centre);
    const osg::Matrixf modelView(osg::Matrixd::translate(centre) * camera.sceneToEye);
    const osg::Matrixf projection(camera.eyeToClip);
    const osg::Vec4f drawn = osg::Vec4f(position, 1.0F) * (modelView * projection);
    const osg::Vec4d exact = osg::Vec4d(vertex, 1.0) * (camera.sceneToEye * camera.eyeToClip);
    const double x = double{drawn.x()} / drawn.w() - exact.x() / exact.w();
    const double y = double{drawn.y()} / drawn.w() - exact.y() / exact.w();
    return std::hypot(x * exact.w() / camera.eyeToClip(0, 0),
                      y * exact.w() / camera.eyeToClip(1, 1));
}

class Jitter : public ::testing::TestWithParam<double> {};

TEST_P(Jitter, isBelowAMillimetre) {
    std::mt19937 random(kSeed);
    std::uniform_real_distribution<double> inTile(-kHalfTileMetres, kHalfTileMetres);
    double worst = 0.0;
    for (int tile = 0; tile < 20; ++tile) {
        const double bearing = 0.3 * tile;
        const osg::Vec3d centre(
            GetParam() * std::cos(bearing), GetParam() * std::sin(bearing), 31.4159);
        const osg::Vec3d vertex =
            centre + osg::Vec3d(inTile(random), inTile(random), inTile(random) * 0.2);
        for (double angle = 0.0; angle < 6.28; angle += 0.01) {
            worst = std::max(worst, metresOff(vertex, centre, orbit(vertex, angle)));
        }
    }
    EXPECT_LE(worst, 0.001) << "seed " << kSeed;
    RecordProperty("worstMillimetres", std::to_string(worst * 1000.0));
    std::printf("%.0f km from the origin: at most %.4f mm\n", GetParam() / 1000.0, worst * 1000.0);
}

INSTANTIATE_TEST_SUITE_P(FromTheOrigin, Jitter, ::testing::Values(15000.0, 30000.0));

} // namespace
