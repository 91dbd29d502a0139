#pragma once

#include "viewer/scene/frame_targets.h"
#include "viewer/scene/shadow_pass.h"
#include "viewer/scene/sky_light.h"

#include <osg/Camera>
#include <osg/Group>

#include <memory>
#include <optional>

namespace viewer::scene {

/// Pixels of the picture, and how many samples of the scene go into each.
struct FrameSize {
    int widthPixels = 1280;
    int heightPixels = 720;
    int supersampling = 1; ///< Scene pixels per picture pixel along each side, 1 to 4.
};

/// Haze before the city: at the defaults 1 % at 2 km, 25 % at 10 km, 93 % at 30 km along the
/// ground, less from above, where the air is thinner.
struct HazeOptions {
    double densityPerMetre = 5.4e-5; ///< At the ground.
    double heightMetres = 5000.0;    ///< Up to which the density falls to 1/e.
};

/// What the frame adds to the tiles. As it stands nothing: photogrammetry comes out as its textures
/// have it, models are lit softly from nowhere.
struct FrameLook {
    SkyLight light;
    std::optional<HazeOptions> haze; ///< Also lies on what is draped.
    std::optional<ShadowOptions> shadows;
    bool smoothsEdges = false; ///< At supersampling 1 only. For GPUs: see isSoftwareRenderer().
    double groundHeightMetres = 0.0; ///< Scene frame: the land outside the city.
};

/// The passes of a frame:
///   shadow -> maps                                only if asked for
///   scene  -> targets().colour, targets().depth   tiles, then the sky where nothing was drawn
///   drape  -> targets().colour                    only if there is one
///   screen -> the window or the context's framebuffer: mean of the samples of each pixel
/// Reversed depth in 32-bit float with the far plane at infinity: planes 1 cm apart separate at
/// 20 km. Setters are for between frames.
class FrameGraph {
public:
    explicit FrameGraph(const FrameSize& size);

    /// What a viewer takes as scene data; holds all passes.
    osg::Group* root() { return root_.get(); }
    /// Tiles go here, in the scene's frame.
    osg::Group* scene() { return scene_.get(); }

    const FrameTargets& targets() const { return targets_; }
    const FrameSize& size() const { return size_; }

    /// Puts a full-screen pass between scene and screen; null takes it away. `pass` draws one
    /// triangle or quad over all of clip space with its own program, blended onto targets().colour,
    /// whose alpha it leaves. It finds targets().depth at texture unit 1 as `u_depth`, and the
    /// uniforms of FrameTargets; units 2 and above are free. Depth test is off, blending is up to it.
    void setDrapePass(osg::Node* pass);

    /// Draws marks (labels, points) over the finished picture, before anything else of the window;
    /// null takes them away. `marks` has its own program; pixels are the picture's. It finds
    /// targets().depth, of this frame, at texture unit 1 as `u_depth`; depth test and blending are
    /// off.
    void setMarks(osg::Node* marks);

    /// One flat colour (sRGB, 0 to 1) instead of the sky, for pictures in which the city must be
    /// told from what lies behind it; there is no haze then either.
    void setFlatBackground(const osg::Vec3f& colour);

    void setLook(const FrameLook& look);

    /// New size for the next frame; the textures of targets() stay the same objects.
    void resize(const FrameSize& size);
    /// The camera of the next frame, for the scene and for the full-screen passes.
    void setCamera(const FrameCamera& camera);

private:
    void makeTargets();
    void makeScreenPass();
    void applySize();
    void applySmoothing();
    void applyCamera();
    void setShadows(const std::optional<ShadowOptions>& options);

    FrameSize size_;
    FrameTargets targets_;
    FrameLook look_;
    FrameCamera camera_;
    bool isFlat_ = false; // no sky
    osg::ref_ptr<osg::Group> root_;
    osg::ref_ptr<osg::Group> scene_;
    osg::ref_ptr<osg::Node> sky_;
    osg::ref_ptr<osg::Camera> scenePass_;
    osg::ref_ptr<osg::Camera> drapePass_;
    osg::ref_ptr<osg::Camera> screenPass_;
    osg::ref_ptr<osg::Node> marks_;
    std::unique_ptr<ShadowPass> shadowPass_;
};

/// Reversed perspective projection, far plane at infinity, near at kNearMetres; depth 1 at the near
/// plane. For osg::ClipControl(LOWER_LEFT, ZERO_TO_ONE).
osg::Matrixd reversedPerspective(double verticalFovRadians, double aspect);

inline constexpr double kNearMetres = 0.5;

} // namespace viewer::scene
