#pragma once

#include <osg/Matrixd>
#include <osg/Texture2D>
#include <osg/Uniform>
#include <osg/ref_ptr>

#include <optional>

namespace viewer::scene {

/// What the scene pass leaves for full-screen passes (the copy to the screen, the drape).
/// Pixel (0, 0) is at the lower left in both textures, which have one texel per pixel of the pass.
///
/// `colour`: RGBA8, sRGB as stored, alpha 1 where a tile was drawn, 0 where the sky is.
/// `depth`: DEPTH_COMPONENT32F, reversed: 1 at the near plane, towards 0 at infinity, exactly 0
/// where nothing was drawn. A pixel takes a drape only where depth > 0.
///
/// A pass rebuilds a pixel's place in the scene frame (metres east, north, up of the city's centre)
/// from uv in [0, 1] and depth d:
///   vec4 p = u_clipToEye * vec4(uv * 2.0 - 1.0, d, 1.0);   // z is d as it is: ZERO_TO_ONE
///   vec3 eyeToPoint = mat3(u_eyeToScene) * (p.xyz / p.w);   // metres, scene axes, small numbers
///   vec3 point = u_eyeInScene + eyeToPoint;                 // float: +-2 mm at 30 km
/// Full precision near the eye needs only eyeToPoint, with the eye's place kept in double on the
/// CPU.
struct FrameTargets {
    osg::ref_ptr<osg::Texture2D> colour;
    osg::ref_ptr<osg::Texture2D> depth;
    int widthPixels = 0;
    int heightPixels = 0;
    osg::ref_ptr<osg::Uniform> clipToEye;      ///< mat4 u_clipToEye
    osg::ref_ptr<osg::Uniform> eyeToScene;     ///< mat4 u_eyeToScene, rotation only
    osg::ref_ptr<osg::Uniform> eyeInScene;     ///< vec3 u_eyeInScene, metres
    osg::ref_ptr<osg::Uniform> viewportPixels; ///< vec2 u_viewportPixels
    osg::ref_ptr<osg::Uniform> supersampling;  ///< int u_supersampling: FrameSize::supersampling
};

/// The camera of the frame to come, in double. Frame: scene ENU, metres.
struct FrameCamera {
    osg::Matrixd sceneToEye; ///< View matrix (OSG: row vectors).
    osg::Matrixd eyeToClip;  ///< Projection, reversed, far plane at infinity.
    /// That of the whole picture, if `eyeToClip` is of a part: shadows are the same in all parts.
    std::optional<osg::Matrixd> eyeToWholeClip;
    osg::Vec3d eyeInScene;
};

} // namespace viewer::scene
