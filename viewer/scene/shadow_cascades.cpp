#include "viewer/scene/shadow_cascades.h"

#include <algorithm>
#include <cmath>

namespace viewer::scene {

namespace {

constexpr double kReachFactor = 3.0; // of a cascade against the one before
constexpr double kLeastReachMetres = 256.0;
/// Looking down, the first cascade reaches the ground.
constexpr double kReachPerHeight = 1.25;
constexpr double kVertical = 0.99;

double firstReach(double heightMetres) {
    const double wanted = std::max(heightMetres * kReachPerHeight, kLeastReachMetres);
    return std::exp2(std::ceil(std::log2(wanted)));
}

struct Ball {
    double distance = 0.0; // of the middle, along the view
    double radius = 0.0;
};

/// The smallest ball around a slice of the view. `spread` is the square of the tangent from the
/// axis to a corner.
Ball ballAround(double near, double far, double spread) {
    const double middle = std::min((far + near) * 0.5 * (1.0 + spread), far);
    return {middle, std::sqrt((far - middle) * (far - middle) + far * far * spread)};
}

osg::Matrixd reversedOrtho(double radius) {
    osg::Matrixd matrix = osg::Matrixd::scale(1.0 / radius, 1.0 / radius, 0.5 / radius);
    matrix.setTrans(0.0, 0.0, 1.0); // from 1 in the eye's plane to 0 behind the ball
    return matrix;
}

double snapped(double value, double step) {
    return std::floor(value / step) * step;
}

} // namespace

std::vector<Cascade> fitCascades(const ShadowView& view, const ShadowOptions& options) {
    const auto& [camera, height, toSun] = view;
    const osg::Matrixd eyeToScene = osg::Matrixd::inverse(camera.sceneToEye);
    const osg::Vec3d forward = osg::Matrixd::transform3x3(osg::Vec3d(0.0, 0.0, -1.0), eyeToScene);
    const osg::Matrixd eyeToClip = camera.eyeToWholeClip.value_or(camera.eyeToClip);
    const double tangentX = 1.0 / eyeToClip(0, 0);
    const double tangentY = 1.0 / eyeToClip(1, 1);
    const double spread = tangentX * tangentX + tangentY * tangentY;
    const osg::Vec3d up =
        std::abs(toSun.z()) < kVertical ? osg::Vec3d(0.0, 0.0, 1.0) : osg::Vec3d(0.0, 1.0, 0.0);
    const osg::Matrixd turn =
        osg::Matrixd::lookAt(toSun, osg::Vec3d(), up); // at the scene's origin

    std::vector<Cascade> cascades;
    double near = 0.0;
    double far = firstReach(height);
    for (int i = 0; i < std::clamp(options.cascades, 1, kMostCascades); ++i) {
        const Ball ball = ballAround(near, far, spread);
        const double texel = 2.0 * ball.radius / options.texels;
        osg::Vec3d middle = (camera.eyeInScene + forward * ball.distance) * turn;
        middle.x() = snapped(middle.x(), texel);
        middle.y() = snapped(middle.y(), texel);
        cascades.push_back(
            {.sceneToLight = turn * osg::Matrixd::translate(
                                        -middle.x(), -middle.y(), -middle.z() - ball.radius),
             .lightToClip = reversedOrtho(ball.radius),
             .radiusMetres = ball.radius,
             .texelMetres = texel});
        near = far;
        far *= kReachFactor;
    }
    return cascades;
}

} // namespace viewer::scene
