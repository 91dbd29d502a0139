#include "viewer/scene/tile_geometry.h"

#include <osg/Geometry>
#include <osg/Image>
#include <osg/Texture2D>

#include <algorithm>
#include <utility>
#include <vector>

namespace viewer::scene {

namespace {

constexpr float kMaxAnisotropy = 8.0F;

/// Texels that stay in their pack. osg::Image has no way to borrow memory and keep its owner alive,
/// and a copy of every texture in the drawing thread would cost more than uploading it.
class PackImage final : public osg::Image {
public:
    PackImage(std::shared_ptr<const stream::MeshPack> pack, const stream::TexturePack& texture)
        : pack_(std::move(pack)) {
        const bool hasAlpha = texture.channels == 4;
        const GLint internalFormat = hasAlpha ? GL_RGBA8 : GL_RGB8;
        const GLenum format = hasAlpha ? GL_RGBA : GL_RGB;
        // osg::Image wants writable memory, but with NO_DELETE and no writer it only reads.
        auto* texels = const_cast<std::byte*>(texture.texels.data());
        setImage(static_cast<int>(texture.width),
                 static_cast<int>(texture.height),
                 1,
                 internalFormat,
                 format,
                 GL_UNSIGNED_BYTE,
                 reinterpret_cast<unsigned char*>(texels),
                 osg::Image::NO_DELETE);
        osg::Image::MipmapDataType offsets;
        std::transform(texture.levelOffsets.begin() + 1,
                       texture.levelOffsets.end(),
                       std::back_inserter(offsets),
                       [](std::size_t offset) { return static_cast<unsigned>(offset); });
        setMipmapLevels(offsets);
        setDataVariance(osg::Object::STATIC);
    }

private:
    std::shared_ptr<const stream::MeshPack> pack_;
};

osg::ref_ptr<osg::Texture2D> makeTexture(const std::shared_ptr<const stream::MeshPack>& pack,
                                         const stream::TexturePack& source) {
    const osg::ref_ptr<osg::Image> image(new PackImage(pack, source));
    osg::ref_ptr<osg::Texture2D> texture(new osg::Texture2D(image));
    texture->setFilter(osg::Texture::MIN_FILTER, osg::Texture::LINEAR_MIPMAP_LINEAR);
    texture->setFilter(osg::Texture::MAG_FILTER, osg::Texture::LINEAR);
    texture->setMaxAnisotropy(kMaxAnisotropy);
    const auto wrap = source.repeats ? osg::Texture::REPEAT : osg::Texture::CLAMP_TO_EDGE;
    texture->setWrap(osg::Texture::WRAP_S, wrap);
    texture->setWrap(osg::Texture::WRAP_T, wrap);
    texture->setResizeNonPowerOfTwoHint(false);
    texture->setUnRefImageDataAfterApply(true);
    return texture;
}

osg::ref_ptr<osg::Vec3Array> positionsOf(const stream::MeshPart& part) {
    osg::ref_ptr<osg::Vec3Array> array(new osg::Vec3Array);
    array->reserve(part.positions.size());
    std::ranges::transform(part.positions, std::back_inserter(*array), [](const glm::vec3& p) {
        return osg::Vec3f(p.x, p.y, p.z);
    });
    return array;
}

osg::ref_ptr<osg::Vec2Array> uvsOf(const stream::MeshPart& part) {
    osg::ref_ptr<osg::Vec2Array> array(new osg::Vec2Array);
    array->reserve(part.uvs.size());
    std::ranges::transform(part.uvs, std::back_inserter(*array), [](const glm::vec2& uv) {
        return osg::Vec2f(uv.x, uv.y);
    });
    return array;
}

osg::ref_ptr<osg::PrimitiveSet> trianglesOf(const stream::MeshPart& part) {
    if (!part.longIndices.empty()) {
        return new osg::DrawElementsUInt(
            GL_TRIANGLES, part.longIndices.begin(), part.longIndices.end());
    }
    return new osg::DrawElementsUShort(
        GL_TRIANGLES, part.shortIndices.begin(), part.shortIndices.end());
}

osg::ref_ptr<osg::Geometry> makeGeometry(const stream::MeshPart& part) {
    osg::ref_ptr<osg::Geometry> geometry(new osg::Geometry);
    geometry->setUseDisplayList(false);
    geometry->setUseVertexBufferObjects(true);
    geometry->setCullingActive(false);
    geometry->setVertexArray(positionsOf(part));
    if (part.texture) {
        geometry->setTexCoordArray(0, uvsOf(part));
    }
    geometry->addPrimitiveSet(trianglesOf(part));
    return geometry;
}

} // namespace

osg::ref_ptr<osg::MatrixTransform>
makeTileGeometry(const std::shared_ptr<const stream::MeshPack>& pack) {
    const glm::dvec3& centre = pack->centre;
    osg::ref_ptr<osg::MatrixTransform> tile(
        new osg::MatrixTransform(osg::Matrixd::translate(centre.x, centre.y, centre.z)));
    std::vector<osg::ref_ptr<osg::Texture2D>> textures;
    for (const stream::TexturePack& texture : pack->textures) {
        textures.push_back(makeTexture(pack, texture));
    }
    for (const stream::MeshPart& part : pack->parts) {
        if (part.triangleCount() == 0) {
            continue;
        }
        const osg::ref_ptr<osg::Geometry> geometry = makeGeometry(part);
        osg::StateSet& state = *geometry->getOrCreateStateSet();
        if (part.texture) {
            state.setTextureAttribute(0, textures[*part.texture]);
        }
        const glm::vec4& colour = part.baseColour;
        state.addUniform(
            new osg::Uniform("u_baseColour", osg::Vec4f(colour.r, colour.g, colour.b, colour.a)));
        state.addUniform(new osg::Uniform("u_isTextured", part.texture ? 1 : 0));
        const bool isShaded = !part.unlit || !part.texture;
        state.addUniform(new osg::Uniform("u_isShaded", isShaded ? 1 : 0));
        tile->addChild(geometry);
    }
    return tile;
}

} // namespace viewer::scene
