#pragma once

#include "viewer/scene/frame_targets.h"

#include <osg/Matrixd>
#include <osg/Vec3d>

#include <vector>

namespace viewer::scene {

inline constexpr int kMostCascades = 3;

struct ShadowOptions {
    int cascades = 3;  ///< 1 to kMostCascades, each reaching 3 times as far as the one before.
    int texels = 2048; ///< Of a cascade's map along each side: 16 MB each at 2048.
    float surveyedLight = 0.62F; ///< Left of unlit content where the sun does not reach; 1: all.
};

/// One shadow map's camera. Depth is reversed, 1 towards the sun, for ZERO_TO_ONE clip control.
struct Cascade {
    osg::Matrixd sceneToLight;
    osg::Matrixd lightToClip;
    double radiusMetres = 0.0; ///< Of the ball around the part of the view that it serves.
    double texelMetres = 0.0;
};

struct ShadowView {
    FrameCamera camera;
    double heightMetres = 0.0;       ///< Of the eye above the ground.
    osg::Vec3d toSun{0.0, 0.0, 1.0}; ///< Scene axes, unit.
};

/// Shadow maps for a view, near to far. Each covers a ball around its slice of the view, so its
/// scale depends on neither where the camera looks nor where it is but for its height in powers of
/// two, and its texels stay on the same points of the scene: shadows do not swim.
std::vector<Cascade> fitCascades(const ShadowView& view, const ShadowOptions& options);

} // namespace viewer::scene
