#include "viewer/scene/tile_geometry.h"

#include <osg/BlendFunc>
#include <osg/Depth>
#include <osg/Drawable>
#include <osg/GLExtensions>

#include <utility>

namespace viewer::scene {

namespace {

/// Where the arrays lie in the part's buffer of vertices.
struct PartLayout {
    std::size_t vertices = 0;
    bool hasNormals = false;
    bool hasUvs = false;
    bool hasColours = false;
    GLsizei indices = 0;
    GLenum indexType = GL_UNSIGNED_SHORT;
};

PartLayout layoutOf(const stream::MeshPart& part) {
    return {.vertices = part.positions.size(),
            .hasNormals = !part.normals.empty(),
            .hasUvs = !part.uvs.empty(),
            .hasColours = !part.colours.empty(),
            .indices = static_cast<GLsizei>(part.triangleCount() * 3),
            .indexType =
                part.longIndices.empty() ? GLenum{GL_UNSIGNED_SHORT} : GLenum{GL_UNSIGNED_INT}};
}

/// One draw call out of a tile's buffers. osg::Geometry would want the arrays in its own vectors, a
/// copy in the drawing thread, and uploads a buffer in one piece.
class TilePart final : public osg::Drawable {
public:
    TilePart(std::shared_ptr<const GpuTile> gpu, std::size_t part, const PartLayout& layout)
        : gpu_(std::move(gpu)), part_(part), layout_(layout) {
        setSupportsDisplayList(false);
        setDataVariance(osg::Object::STATIC);
    }

    void drawImplementation(osg::RenderInfo& info) const override {
        if (!gpu_->isComplete() || gpu_->vertices(part_) == 0) {
            return;
        }
        osg::State& state = *info.getState();
        auto& gl = *state.get<osg::GLExtensions>();
        // Arrays off and buffers unbound as OSG knows them, and so again afterwards.
        state.lazyDisablingOfVertexAttributes();
        state.applyDisablingOfVertexAttributes();
        state.unbindVertexBufferObject();
        state.unbindElementBufferObject();
        gl.glBindBuffer(GL_ARRAY_BUFFER_ARB, gpu_->vertices(part_));
        gl.glBindBuffer(GL_ELEMENT_ARRAY_BUFFER_ARB, gpu_->indices(part_));
        enableArrays(state);
        glDrawElements(GL_TRIANGLES, layout_.indices, layout_.indexType, nullptr);
        disableArrays();
        gl.glBindBuffer(GL_ELEMENT_ARRAY_BUFFER_ARB, 0);
        gl.glBindBuffer(GL_ARRAY_BUFFER_ARB, 0);
    }

private:
    void enableArrays(osg::State& state) const {
        std::size_t offset = 0;
        const auto next = [&](std::size_t vertexBytes) {
            return reinterpret_cast<const void*>(
                std::exchange(offset, offset + layout_.vertices * vertexBytes));
        };
        glEnableClientState(GL_VERTEX_ARRAY);
        glVertexPointer(3, GL_FLOAT, 0, next(sizeof(glm::vec3)));
        if (layout_.hasNormals) {
            glEnableClientState(GL_NORMAL_ARRAY);
            glNormalPointer(GL_FLOAT, 0, next(sizeof(glm::vec3)));
        }
        if (layout_.hasUvs) {
            state.setClientActiveTextureUnit(0);
            glEnableClientState(GL_TEXTURE_COORD_ARRAY);
            glTexCoordPointer(2, GL_FLOAT, 0, next(sizeof(glm::vec2)));
        }
        if (layout_.hasColours) {
            glEnableClientState(GL_COLOR_ARRAY);
            glColorPointer(4, GL_UNSIGNED_BYTE, 0, next(sizeof(glm::u8vec4)));
        }
    }

    void disableArrays() const {
        glDisableClientState(GL_VERTEX_ARRAY);
        if (layout_.hasNormals) {
            glDisableClientState(GL_NORMAL_ARRAY);
        }
        if (layout_.hasUvs) {
            glDisableClientState(GL_TEXTURE_COORD_ARRAY);
        }
        if (layout_.hasColours) {
            glDisableClientState(GL_COLOR_ARRAY);
            glColor4f(1.0F, 1.0F, 1.0F, 1.0F); // the array leaves it undefined
        }
    }

    std::shared_ptr<const GpuTile> gpu_;
    std::size_t part_;
    PartLayout layout_;
};

/// Binds one of a tile's textures.
class TileTexture final : public osg::StateAttribute {
public:
    TileTexture() = default;
    TileTexture(std::shared_ptr<const GpuTile> gpu, std::size_t index)
        : gpu_(std::move(gpu)), index_(index) {}
    TileTexture(const TileTexture& other, const osg::CopyOp& copyop)
        : osg::StateAttribute(other, copyop), gpu_(other.gpu_), index_(other.index_) {}
    META_StateAttribute(viewer, TileTexture, TEXTURE)

        bool isTextureAttribute() const override {
        return true;
    }
    int compare(const osg::StateAttribute& other) const override {
        COMPARE_StateAttribute_Types(TileTexture, other) COMPARE_StateAttribute_Parameter(gpu_)
            COMPARE_StateAttribute_Parameter(index_) return 0;
    }
    void apply(osg::State& /*state*/) const override {
        // OSG makes one without a tile to stand for "no texture".
        glBindTexture(GL_TEXTURE_2D, gpu_ ? gpu_->texture(index_) : 0);
    }

private:
    std::shared_ptr<const GpuTile> gpu_;
    std::size_t index_ = 0;
};

/// The tile's bounds do for culling casters of shadows; what is blended is sorted by its own.
osg::BoundingBox boundsOf(const stream::MeshPack& pack, const stream::MeshPart& part) {
    osg::BoundingBox box;
    if (part.alphaMode == stream::AlphaMode::Blend) {
        for (const glm::vec3& p : part.positions) {
            box.expandBy(p.x, p.y, p.z);
        }
        return box;
    }
    for (const glm::dvec3& corner : {pack.limits.minimum, pack.limits.maximum}) {
        const glm::vec3 p(corner - pack.centre);
        box.expandBy(p.x, p.y, p.z);
    }
    return box;
}

/// Drawn after everything else, the farthest part first; the surface behind keeps its depth, so a
/// drape lies on that.
void blend(osg::StateSet& state) {
    state.setMode(GL_BLEND, osg::StateAttribute::ON);
    state.setAttribute(new osg::BlendFunc(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ZERO, GL_ONE));
    state.setAttributeAndModes(new osg::Depth(osg::Depth::GEQUAL, 0.0, 1.0, false));
    state.setRenderBinDetails(kBlendBin, "DepthSortedBin");
    state.setNestRenderBins(false);
}

void setMaterial(osg::StateSet& state, const stream::MeshPart& part) {
    const glm::vec4& colour = part.baseColour;
    state.addUniform(
        new osg::Uniform("u_baseColour", osg::Vec4f(colour.r, colour.g, colour.b, colour.a)));
    if (part.texture) {
        state.setDefine("TEXTURED");
    }
    if (!part.colours.empty()) {
        state.setDefine("COLOURED");
    }
    const bool isPlain = !part.texture && part.colours.empty(); // its shape would not be seen
    if (!part.unlit || isPlain) {
        state.setDefine("SHADED");
        if (!part.normals.empty()) {
            state.setDefine("HAS_NORMALS");
        }
    }
    if (part.alphaMode == stream::AlphaMode::Mask) {
        state.setDefine("HOLED");
        state.addUniform(new osg::Uniform("u_alphaCutoff", part.alphaCutoff));
    }
    if (part.alphaMode == stream::AlphaMode::Blend) {
        state.setDefine("BLENDED");
        blend(state);
    }
}

} // namespace

osg::ref_ptr<osg::MatrixTransform> makeTileGeometry(const stream::MeshPack& pack,
                                                    const std::shared_ptr<const GpuTile>& gpu) {
    const glm::dvec3& centre = pack.centre;
    osg::ref_ptr<osg::MatrixTransform> tile(
        new osg::MatrixTransform(osg::Matrixd::translate(centre.x, centre.y, centre.z)));
    std::vector<osg::ref_ptr<TileTexture>> textures;
    for (std::size_t i = 0; i < pack.textures.size(); ++i) {
        textures.emplace_back(new TileTexture(gpu, i));
    }
    for (std::size_t i = 0; i < pack.parts.size(); ++i) {
        const stream::MeshPart& part = pack.parts[i];
        if (part.triangleCount() == 0) {
            continue;
        }
        const osg::ref_ptr<TilePart> drawable(new TilePart(gpu, i, layoutOf(part)));
        drawable->setInitialBound(boundsOf(pack, part));
        osg::StateSet& state = *drawable->getOrCreateStateSet();
        if (part.texture) {
            state.setTextureAttribute(0, textures[*part.texture]);
        }
        setMaterial(state, part);
        tile->addChild(drawable);
    }
    return tile;
}

} // namespace viewer::scene
