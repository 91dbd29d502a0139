#pragma once

#include "viewer/scene/frame_targets.h"

#include <osg/Camera>
#include <osg/Group>

namespace viewer::scene {

/// Pixels of the picture, and how many samples of the scene go into each.
struct FrameSize {
    int widthPixels = 1280;
    int heightPixels = 720;
    int supersampling = 1; ///< Scene pixels per picture pixel along each side, 1 to 4.
};

/// The passes of a frame:
///   scene  -> targets().colour, targets().depth   tiles, then the sky where nothing was drawn
///   drape  -> targets().draped                    only if there is one
///   screen -> the window or the context's framebuffer: mean of the samples of each pixel
/// Reversed depth in 32-bit float with the far plane at infinity: planes 1 cm apart separate at 20
/// km.
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
    /// triangle or quad over all of clip space with its own program. It finds targets().colour at
    /// texture unit 0 as `u_colour`, targets().depth at unit 1 as `u_depth`, and the uniforms of
    /// FrameTargets; units 2 and above are free. Depth test and blending are off. It must write
    /// every pixel, the undraped ones with the colour they had.
    void setDrapePass(osg::Node* pass);

    /// One flat colour (sRGB, 0 to 1) instead of the sky, for pictures in which the city must be
    /// told from what lies behind it.
    void setFlatBackground(const osg::Vec3f& colour);

    /// New size for the next frame; the textures of targets() stay the same objects.
    void resize(const FrameSize& size);
    /// The camera of the next frame, for the scene and for the full-screen passes.
    void setCamera(const FrameCamera& camera);

private:
    void makeTargets();
    void applySize();

    FrameSize size_;
    FrameTargets targets_;
    osg::ref_ptr<osg::Group> root_;
    osg::ref_ptr<osg::Group> scene_;
    osg::ref_ptr<osg::Node> sky_;
    osg::ref_ptr<osg::Camera> scenePass_;
    osg::ref_ptr<osg::Camera> drapePass_;
    osg::ref_ptr<osg::Camera> screenPass_;
    osg::ref_ptr<osg::Uniform> usesDrape_;
};

/// Reversed perspective projection, far plane at infinity, near at kNearMetres; depth 1 at the near
/// plane. For osg::ClipControl(LOWER_LEFT, ZERO_TO_ONE).
osg::Matrixd reversedPerspective(double verticalFovRadians, double aspect);

inline constexpr double kNearMetres = 0.5;

} // namespace viewer::scene
