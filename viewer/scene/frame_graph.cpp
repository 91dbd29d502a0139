#include "viewer/scene/frame_graph.h"

#include "viewer/scene/scene_shaders.h"
#include "viewer/scene/tile_geometry.h"

#include <osg/ClipControl>
#include <osg/Depth>
#include <osg/Geometry>

#include <algorithm>
#include <cmath>

namespace viewer::scene {

namespace {

constexpr int kMaxSupersampling = 4;

osg::ref_ptr<osg::Texture2D>
makeTarget(GLint internalFormat, GLenum format, GLenum type, osg::Texture::FilterMode filter) {
    osg::ref_ptr<osg::Texture2D> texture(new osg::Texture2D);
    texture->setInternalFormat(internalFormat);
    texture->setSourceFormat(format);
    texture->setSourceType(type);
    texture->setFilter(osg::Texture::MIN_FILTER, filter);
    texture->setFilter(osg::Texture::MAG_FILTER, filter);
    texture->setWrap(osg::Texture::WRAP_S, osg::Texture::CLAMP_TO_EDGE);
    texture->setWrap(osg::Texture::WRAP_T, osg::Texture::CLAMP_TO_EDGE);
    texture->setResizeNonPowerOfTwoHint(false);
    return texture;
}

/// Common to all passes: no near and far from float bounds, no culling (the selection has done it),
/// own clear mask (a nested camera inherits its parent's otherwise).
osg::ref_ptr<osg::Camera> makePass(osg::Camera::RenderOrder order, int orderNumber) {
    osg::ref_ptr<osg::Camera> camera(new osg::Camera);
    camera->setReferenceFrame(osg::Transform::ABSOLUTE_RF);
    camera->setComputeNearFarMode(osg::CullSettings::DO_NOT_COMPUTE_NEAR_FAR);
    camera->setCullingMode(osg::CullSettings::NO_CULLING);
    camera->setRenderOrder(order, orderNumber);
    camera->setClearMask(0);
    camera->setAllowEventFocus(false);
    return camera;
}

osg::ref_ptr<osg::Geometry> makeFullScreenTriangle() {
    osg::ref_ptr<osg::Vec3Array> corners(new osg::Vec3Array);
    corners->push_back({-1.0F, -1.0F, 0.0F});
    corners->push_back({3.0F, -1.0F, 0.0F});
    corners->push_back({-1.0F, 3.0F, 0.0F});
    osg::ref_ptr<osg::Geometry> triangle(new osg::Geometry);
    triangle->setVertexArray(corners);
    triangle->addPrimitiveSet(new osg::DrawArrays(GL_TRIANGLES, 0, 3));
    triangle->setUseDisplayList(false);
    triangle->setUseVertexBufferObjects(true);
    triangle->setCullingActive(false);
    return triangle;
}

void switchOffDepth(osg::StateSet& state) {
    state.setMode(GL_DEPTH_TEST, osg::StateAttribute::OFF | osg::StateAttribute::OVERRIDE);
    state.setMode(GL_BLEND, osg::StateAttribute::OFF);
    state.setMode(GL_CULL_FACE, osg::StateAttribute::OFF);
}

osg::ref_ptr<osg::Geometry> makeSky() {
    osg::ref_ptr<osg::Geometry> sky = makeFullScreenTriangle();
    osg::StateSet& state = *sky->getOrCreateStateSet();
    state.setAttributeAndModes(makeSkyProgram());
    // Depth 0 passes GEQUAL only where the buffer still holds the 0 it was cleared to.
    state.setAttributeAndModes(new osg::Depth(osg::Depth::GEQUAL, 0.0, 1.0, false));
    state.setRenderBinDetails(kSkyBin, "TraversalOrderBin");
    return sky;
}

osg::ref_ptr<osg::Camera> makeScenePass(const FrameTargets& targets) {
    osg::ref_ptr<osg::Camera> camera = makePass(osg::Camera::PRE_RENDER, 0);
    camera->setRenderTargetImplementation(osg::Camera::FRAME_BUFFER_OBJECT);
    camera->attach(osg::Camera::COLOR_BUFFER, targets.colour);
    camera->attach(osg::Camera::DEPTH_BUFFER, targets.depth);
    camera->setClearMask(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
    camera->setClearColor({0.0F, 0.0F, 0.0F, 0.0F});
    camera->setClearDepth(0.0);
    osg::StateSet& state = *camera->getOrCreateStateSet();
    state.setAttributeAndModes(
        new osg::ClipControl(osg::ClipControl::LOWER_LEFT, osg::ClipControl::ZERO_TO_ONE));
    state.setAttributeAndModes(new osg::Depth(osg::Depth::GEQUAL, 0.0, 1.0, true));
    state.setMode(GL_CULL_FACE, osg::StateAttribute::OFF);
    state.setMode(GL_BLEND, osg::StateAttribute::OFF);
    state.setMode(GL_LIGHTING, osg::StateAttribute::OFF);
    return camera;
}

template <typename Value>
void setUniform(osg::StateSet& state,
                const char* name,
                osg::Uniform::Type type,
                const Value& value) {
    state.getOrCreateUniform(name, type)->set(value);
}

void setDefine(osg::StateSet& state, const char* name, bool isDefined) {
    if (isDefined) {
        state.setDefine(name);
    } else {
        state.removeDefine(name);
    }
}

void setLight(osg::StateSet& state, const SkyLight& light) {
    const auto set = [&](const char* name, const osg::Vec3f& value) {
        setUniform(state, name, osg::Uniform::FLOAT_VEC3, value);
    };
    set("u_toSun", light.toSun);
    set("u_sunLight", light.sunLight);
    set("u_skyLight", light.skyLight);
    set("u_groundLight", light.groundLight);
    set("u_zenith", light.zenith);
    set("u_horizon", light.horizon);
    set("u_ground", light.ground);
    set("u_glow", light.glow);
}

} // namespace

osg::Matrixd reversedPerspective(double verticalFovRadians, double aspect) {
    const double f = 1.0 / std::tan(verticalFovRadians / 2.0);
    osg::Matrixd matrix(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    matrix(0, 0) = f / aspect;
    matrix(1, 1) = f;
    matrix(2, 3) = -1.0;
    matrix(3, 2) = kNearMetres;
    return matrix;
}

FrameGraph::FrameGraph(const FrameSize& size)
    : size_(size), root_(new osg::Group), scene_(new osg::Group), sky_(makeSky()) {
    makeTargets();
    scenePass_ = makeScenePass(targets_);
    scenePass_->addChild(scene_);
    scenePass_->addChild(sky_);
    makeScreenPass();

    osg::StateSet& common = *root_->getOrCreateStateSet();
    for (const auto& uniform : {targets_.clipToEye,
                                targets_.eyeToScene,
                                targets_.eyeInScene,
                                targets_.viewportPixels,
                                targets_.supersampling}) {
        common.addUniform(uniform);
    }
    root_->addChild(scenePass_);
    root_->addChild(screenPass_);
    setLook({});
    applySize();
}

void FrameGraph::makeScreenPass() {
    screenPass_ = makePass(osg::Camera::NESTED_RENDER, 0);
    screenPass_->addChild(makeFullScreenTriangle());
    osg::StateSet& screen = *screenPass_->getOrCreateStateSet();
    screen.setAttributeAndModes(makeScreenProgram());
    screen.setTextureAttribute(0, targets_.colour);
    screen.setTextureAttribute(1, targets_.depth);
    screen.addUniform(new osg::Uniform("u_colour", 0));
    screen.addUniform(new osg::Uniform("u_depth", 1));
    switchOffDepth(screen);
}

void FrameGraph::makeTargets() {
    constexpr auto kBetween = osg::Texture::LINEAR; // for smoothing; the other passes fetch texels
    targets_.colour = makeTarget(GL_RGBA8, GL_RGBA, GL_UNSIGNED_BYTE, kBetween);
    targets_.depth =
        makeTarget(GL_DEPTH_COMPONENT32F, GL_DEPTH_COMPONENT, GL_FLOAT, osg::Texture::NEAREST);
    targets_.clipToEye = new osg::Uniform("u_clipToEye", osg::Matrixf());
    targets_.eyeToScene = new osg::Uniform("u_eyeToScene", osg::Matrixf());
    targets_.eyeInScene = new osg::Uniform("u_eyeInScene", osg::Vec3f());
    targets_.viewportPixels = new osg::Uniform("u_viewportPixels", osg::Vec2f());
    targets_.supersampling = new osg::Uniform("u_supersampling", 1);
}

void FrameGraph::setDrapePass(osg::Node* pass) {
    if (drapePass_) {
        root_->removeChild(drapePass_);
        drapePass_ = nullptr;
    }
    if (pass == nullptr) {
        return;
    }
    drapePass_ = makePass(osg::Camera::PRE_RENDER, 1);
    drapePass_->setRenderTargetImplementation(osg::Camera::FRAME_BUFFER_OBJECT);
    drapePass_->attach(osg::Camera::COLOR_BUFFER, targets_.colour);
    drapePass_->setImplicitBufferAttachmentMask(0, 0);
    osg::StateSet& state = *drapePass_->getOrCreateStateSet();
    state.setTextureAttribute(1, targets_.depth);
    state.addUniform(new osg::Uniform("u_depth", 1));
    switchOffDepth(state);
    drapePass_->addChild(pass);
    root_->addChild(drapePass_);
    applySize();
}

void FrameGraph::setMarks(osg::Node* marks) {
    if (marks_) {
        screenPass_->removeChild(marks_);
    }
    marks_ = marks;
    if (marks_) {
        screenPass_->addChild(marks_);
    }
}

void FrameGraph::setFlatBackground(const osg::Vec3f& colour) {
    scenePass_->setClearColor({colour, 0.0F});
    scenePass_->removeChild(sky_);
    isFlat_ = true;
    setLook(look_);
}

void FrameGraph::setLook(const FrameLook& look) {
    look_ = look;
    osg::StateSet& common = *root_->getOrCreateStateSet();
    setLight(common, look.light);
    const HazeOptions haze = look.haze.value_or(HazeOptions{}); // the sky's land has it always
    setUniform(
        common, "u_hazeDensity", osg::Uniform::FLOAT, static_cast<float>(haze.densityPerMetre));
    setUniform(common, "u_hazeHeight", osg::Uniform::FLOAT, static_cast<float>(haze.heightMetres));
    osg::StateSet& screen = *screenPass_->getOrCreateStateSet();
    setDefine(screen, "HAZED", look.haze && !isFlat_);
    applySmoothing();
    setShadows(look.shadows);
    applyCamera();
}

void FrameGraph::setShadows(const std::optional<ShadowOptions>& options) {
    osg::StateSet& receivers = *scene_->getOrCreateStateSet();
    if (shadowPass_) {
        shadowPass_->removeFrom(receivers);
        root_->removeChild(shadowPass_->node());
        shadowPass_.reset();
    }
    if (options) {
        shadowPass_ = std::make_unique<ShadowPass>(scene_.get(), *options);
        shadowPass_->addTo(receivers);
        root_->insertChild(0, shadowPass_->node());
    }
}

void FrameGraph::resize(const FrameSize& size) {
    size_ = size;
    applySize();
}

void FrameGraph::applySize() {
    size_.supersampling = std::clamp(size_.supersampling, 1, kMaxSupersampling);
    targets_.widthPixels = size_.widthPixels * size_.supersampling;
    targets_.heightPixels = size_.heightPixels * size_.supersampling;
    for (const auto& texture : {targets_.colour, targets_.depth}) {
        texture->setTextureSize(targets_.widthPixels, targets_.heightPixels);
        texture->dirtyTextureObject();
    }
    for (const auto& pass : {scenePass_, drapePass_}) {
        if (pass) {
            pass->setViewport(0, 0, targets_.widthPixels, targets_.heightPixels);
            pass->dirtyAttachmentMap();
        }
    }
    screenPass_->setViewport(0, 0, size_.widthPixels, size_.heightPixels);
    targets_.supersampling->set(size_.supersampling);
    applySmoothing();
    targets_.viewportPixels->set(osg::Vec2f(static_cast<float>(targets_.widthPixels),
                                            static_cast<float>(targets_.heightPixels)));
}

void FrameGraph::applySmoothing() {
    setDefine(*screenPass_->getOrCreateStateSet(),
              "SMOOTHED",
              look_.smoothsEdges && size_.supersampling == 1);
}

void FrameGraph::setCamera(const FrameCamera& camera) {
    camera_ = camera;
    applyCamera();
}

void FrameGraph::applyCamera() {
    constexpr double kLeastHeightMetres = 1.0; // of the eye above the land, for its haze
    scenePass_->setViewMatrix(camera_.sceneToEye);
    scenePass_->setProjectionMatrix(camera_.eyeToClip);
    // A point of the near plane has clip z = near and w = near: the inverse takes (x, y, depth, 1).
    targets_.clipToEye->set(osg::Matrixf(osg::Matrixd::inverse(camera_.eyeToClip)));
    osg::Matrixd eyeToScene = osg::Matrixd::inverse(camera_.sceneToEye);
    eyeToScene.setTrans(0.0, 0.0, 0.0);
    targets_.eyeToScene->set(osg::Matrixf(eyeToScene));
    targets_.eyeInScene->set(osg::Vec3f(camera_.eyeInScene));
    const double height = camera_.eyeInScene.z() - look_.groundHeightMetres;
    setUniform(*root_->getOrCreateStateSet(),
               "u_eyeHeight",
               osg::Uniform::FLOAT,
               static_cast<float>(std::max(height, kLeastHeightMetres)));
    if (shadowPass_) {
        shadowPass_->update({camera_, height, look_.light.toSun});
    }
}

} // namespace viewer::scene
