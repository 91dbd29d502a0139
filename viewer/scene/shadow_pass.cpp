#include "viewer/scene/shadow_pass.h"

#include "viewer/scene/scene_shaders.h"

#include <osg/ClipControl>
#include <osg/Depth>

#include <algorithm>

namespace viewer::scene {

namespace {

constexpr int kBeforeScene = -1;
/// Away from the surface before the lookup, in texels: neighbours on a slope of 45 degrees do not
/// shade each other.
constexpr double kOffsetTexels = 1.5;

osg::ref_ptr<osg::Texture2D> makeMaps(int texels, int cascades) {
    osg::ref_ptr<osg::Texture2D> maps(new osg::Texture2D);
    maps->setTextureSize(texels * cascades, texels);
    maps->setInternalFormat(GL_DEPTH_COMPONENT32F);
    maps->setSourceFormat(GL_DEPTH_COMPONENT);
    maps->setSourceType(GL_FLOAT);
    maps->setFilter(osg::Texture::MIN_FILTER, osg::Texture::LINEAR);
    maps->setFilter(osg::Texture::MAG_FILTER, osg::Texture::LINEAR);
    maps->setWrap(osg::Texture::WRAP_S, osg::Texture::CLAMP_TO_EDGE);
    maps->setWrap(osg::Texture::WRAP_T, osg::Texture::CLAMP_TO_EDGE);
    maps->setShadowComparison(true);
    maps->setShadowCompareFunc(osg::Texture::GEQUAL);
    maps->setResizeNonPowerOfTwoHint(false);
    return maps;
}

osg::ref_ptr<osg::Camera> makeCamera(osg::Texture2D* maps, int texels, int index) {
    osg::ref_ptr<osg::Camera> camera(new osg::Camera);
    camera->setReferenceFrame(osg::Transform::ABSOLUTE_RF);
    camera->setComputeNearFarMode(osg::CullSettings::DO_NOT_COMPUTE_NEAR_FAR);
    // The planes in front and behind assume depths of -1 to 1.
    camera->setCullingMode(osg::CullSettings::VIEW_FRUSTUM_SIDES_CULLING);
    camera->setRenderOrder(osg::Camera::PRE_RENDER, kBeforeScene);
    camera->setRenderTargetImplementation(osg::Camera::FRAME_BUFFER_OBJECT);
    camera->setImplicitBufferAttachmentMask(0, 0);
    camera->setDrawBuffer(GL_NONE);
    camera->setReadBuffer(GL_NONE);
    camera->attach(osg::Camera::DEPTH_BUFFER, maps);
    camera->setViewport(index * texels, 0, texels, texels);
    camera->setClearMask(GL_DEPTH_BUFFER_BIT);
    camera->setClearDepth(0.0);
    camera->setAllowEventFocus(false);
    return camera;
}

void setCasterState(osg::StateSet& state) {
    const auto above = osg::StateAttribute::ON | osg::StateAttribute::OVERRIDE;
    state.setAttributeAndModes(makeCasterProgram(), above);
    state.setAttributeAndModes(
        new osg::ClipControl(osg::ClipControl::LOWER_LEFT, osg::ClipControl::ZERO_TO_ONE));
    state.setAttributeAndModes(new osg::Depth(osg::Depth::GEQUAL, 0.0, 1.0, true), above);
    // What stands between the ball and the sun casts from the near plane.
    state.setMode(GL_DEPTH_CLAMP, osg::StateAttribute::ON);
    state.setMode(GL_CULL_FACE, osg::StateAttribute::OFF);
    state.setMode(GL_BLEND, osg::StateAttribute::OFF | osg::StateAttribute::OVERRIDE);
}

/// From clip space to the cascade's part of the texture; z stays.
osg::Matrixd clipToMap(int index, int cascades) {
    const double width = 1.0 / cascades;
    return osg::Matrixd::scale(0.5 * width, 0.5, 1.0) *
           osg::Matrixd::translate((index + 0.5) * width, 0.5, 0.0);
}

} // namespace

ShadowPass::ShadowPass(osg::Group* casters, const ShadowOptions& options)
    : options_(options), root_(new osg::Group) {
    options_.cascades = std::clamp(options.cascades, 1, kMostCascades);
    maps_ = makeMaps(options_.texels, options_.cascades);
    for (int i = 0; i < options_.cascades; ++i) {
        const osg::ref_ptr<osg::Camera> camera = makeCamera(maps_, options_.texels, i);
        camera->addChild(casters);
        root_->addChild(camera);
        cameras_.push_back(camera);
    }
    setCasterState(*root_->getOrCreateStateSet());
    eyeToShadow_ = new osg::Uniform(osg::Uniform::FLOAT_MAT4, "u_eyeToShadow", kMostCascades);
    offsets_ = new osg::Uniform(osg::Uniform::FLOAT_VEC2, "u_shadowOffsets", kMostCascades);
    count_ = new osg::Uniform("u_cascades", 0);
    uniforms_ = {eyeToShadow_,
                 offsets_,
                 count_,
                 new osg::Uniform("u_shadowMaps", kShadowUnit),
                 new osg::Uniform("u_surveyedLight", options_.surveyedLight)};
}

void ShadowPass::addTo(osg::StateSet& receivers) const {
    receivers.setDefine("SHADOWED");
    receivers.setTextureAttribute(kShadowUnit, maps_);
    for (const auto& uniform : uniforms_) {
        receivers.addUniform(uniform);
    }
}

void ShadowPass::removeFrom(osg::StateSet& receivers) const {
    receivers.removeDefine("SHADOWED");
    receivers.removeTextureAttribute(kShadowUnit, maps_);
    for (const auto& uniform : uniforms_) {
        receivers.removeUniform(uniform);
    }
}

void ShadowPass::update(const ShadowView& view) {
    const bool isDay = view.toSun.z() > 0.0;
    count_->set(isDay ? options_.cascades : 0);
    root_->setNodeMask(isDay ? ~0U : 0U);
    if (!isDay) {
        return;
    }
    const osg::Matrixd eyeToScene = osg::Matrixd::inverse(view.camera.sceneToEye);
    const std::vector<Cascade> cascades = fitCascades(view, options_);
    for (std::size_t i = 0; i < cascades.size(); ++i) {
        const Cascade& cascade = cascades[i];
        cameras_[i]->setViewMatrix(cascade.sceneToLight);
        cameras_[i]->setProjectionMatrix(cascade.lightToClip);
        const osg::Matrixd eyeToMap = eyeToScene * cascade.sceneToLight * cascade.lightToClip *
                                      clipToMap(static_cast<int>(i), options_.cascades);
        const auto element = static_cast<unsigned>(i);
        eyeToShadow_->setElement(element, osg::Matrixf(eyeToMap));
        const double depth = cascade.texelMetres / (2.0 * cascade.radiusMetres);
        offsets_->setElement(element,
                             osg::Vec2(static_cast<float>(kOffsetTexels * cascade.texelMetres),
                                       static_cast<float>(depth)));
    }
}

} // namespace viewer::scene
