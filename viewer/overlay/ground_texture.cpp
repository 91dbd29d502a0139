#include "viewer/overlay/ground_texture.h"

#include <osg/Image>

#include <algorithm>
#include <cmath>

namespace viewer::overlay {

namespace {

constexpr float kNoGround = -1e30F; // so low that no mean with it is a height

osg::ref_ptr<osg::Image> imageOf(const GroundGrid& ground) {
    osg::ref_ptr<osg::Image> image = new osg::Image;
    const auto across = static_cast<int>(ground.area.cellsAcross);
    image->allocateImage(across, across, 1, GL_RED, GL_FLOAT);
    image->setInternalTextureFormat(GL_R32F);
    std::ranges::transform(ground.heights, reinterpret_cast<float*>(image->data()), [](float h) {
        return std::isnan(h) ? kNoGround : h;
    });
    return image;
}

} // namespace

osg::ref_ptr<osg::Texture2D> groundTexture() {
    osg::ref_ptr<osg::Texture2D> texture = new osg::Texture2D;
    texture->setInternalFormat(GL_R32F);
    texture->setFilter(osg::Texture::MIN_FILTER, osg::Texture::LINEAR);
    texture->setFilter(osg::Texture::MAG_FILTER, osg::Texture::LINEAR);
    texture->setWrap(osg::Texture::WRAP_S, osg::Texture::CLAMP_TO_EDGE);
    texture->setWrap(osg::Texture::WRAP_T, osg::Texture::CLAMP_TO_EDGE);
    texture->setResizeNonPowerOfTwoHint(false);
    texture->setImage(imageOf({.area = {.cellsAcross = 1}, .heights = {kNoGround}}));
    return texture;
}

void setHeights(osg::Texture2D& texture, const GroundGrid& ground) {
    texture.setImage(imageOf(ground));
    texture.dirtyTextureObject();
}

} // namespace viewer::overlay
