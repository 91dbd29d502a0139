#pragma once

#include "viewer/scene/shadow_cascades.h"

#include <osg/Camera>
#include <osg/Group>
#include <osg/StateSet>
#include <osg/Texture2D>
#include <osg/Uniform>

#include <vector>

namespace viewer::scene {

/// Draws what casts shadows into one map per cascade, side by side in one texture, before the scene
/// pass; tiles look it up (makeTileProgram()).
class ShadowPass {
public:
    ShadowPass(osg::Group* casters, const ShadowOptions& options);

    /// Child of the frame's root, before its other passes.
    osg::Node* node() { return root_.get(); }
    /// Gives `receivers` the map and its uniforms.
    void addTo(osg::StateSet& receivers) const;
    void removeFrom(osg::StateSet& receivers) const;
    /// The shadows of the next frame; none if the sun is below the horizon.
    void update(const ShadowView& view);

private:
    ShadowOptions options_;
    osg::ref_ptr<osg::Group> root_;
    std::vector<osg::ref_ptr<osg::Camera>> cameras_;
    osg::ref_ptr<osg::Texture2D> maps_;
    std::vector<osg::ref_ptr<osg::Uniform>> uniforms_;
    osg::ref_ptr<osg::Uniform> eyeToShadow_;
    osg::ref_ptr<osg::Uniform> offsets_;
    osg::ref_ptr<osg::Uniform> count_;
};

} // namespace viewer::scene
