#include "viewer/scene/gpu_tile.h"

#include <osg/GLExtensions>
#include <osg/StateAttribute>
#include <osg/Texture>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace viewer::scene {

namespace {

constexpr GLfloat kAnisotropyGpu = 8.0F;
constexpr GLfloat kAnisotropySoftware = 2.0F;
constexpr GLint kDefaultUnpackAlignment = 4;

template <typename T>
std::span<const std::byte> bytesOf(const std::vector<T>& values) {
    return std::as_bytes(std::span(values));
}

GLsizei halved(GLsizei side) {
    return std::max(side / 2, 1);
}

void setFilter(osg::State& state, GLint levels, GLint wrap) {
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAX_LEVEL, levels - 1);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, wrap);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, wrap);
    if (osg::isGLExtensionSupported(state.getContextID(), "GL_EXT_texture_filter_anisotropic")) {
        glTexParameterf(GL_TEXTURE_2D,
                        GL_TEXTURE_MAX_ANISOTROPY_EXT,
                        isSoftwareRenderer() ? kAnisotropySoftware : kAnisotropyGpu);
    }
}

} // namespace

bool isSoftwareRenderer() {
    const GLubyte* renderer = glGetString(GL_RENDERER);
    if (renderer == nullptr) {
        return false;
    }
    const std::string_view name(reinterpret_cast<const char*>(renderer));
    constexpr std::array<std::string_view, 4> kSoftware{
        "llvmpipe", "softpipe", "swrast", "Software"};
    return std::ranges::any_of(kSoftware, [&](std::string_view word) {
        return name.find(word) != std::string_view::npos;
    });
}

GpuTile::GpuTile(std::shared_ptr<const stream::MeshPack> pack) : pack_(std::move(pack)) {
    std::ranges::for_each(pack_->parts, [this](const auto& part) { planPart(part); });
    std::ranges::for_each(pack_->textures, [this](const auto& texture) { planTexture(texture); });
}

void GpuTile::planPart(const stream::MeshPart& part) {
    const std::array vertices{bytesOf(part.positions), bytesOf(part.normals), bytesOf(part.uvs)};
    const std::array indices{bytesOf(part.shortIndices), bytesOf(part.longIndices)};
    planBuffer(GL_ARRAY_BUFFER_ARB, vertices);
    planBuffer(GL_ELEMENT_ARRAY_BUFFER_ARB, indices);
}

void GpuTile::planBuffer(GLenum target, std::span<const std::span<const std::byte>> arrays) {
    Buffer buffer{.target = target};
    for (std::span<const std::byte> rest : arrays) {
        while (!rest.empty()) {
            const auto bytes = rest.first(std::min(rest.size(), kMostBufferBytes));
            slices_.emplace_back(BufferSlice{buffers_.size(), buffer.bytes, bytes});
            buffer.bytes += bytes.size();
            rest = rest.subspan(bytes.size());
        }
    }
    buffers_.push_back(buffer);
}

void GpuTile::planTexture(const stream::TexturePack& texture) {
    GLsizei width = static_cast<GLsizei>(texture.width);
    GLsizei height = static_cast<GLsizei>(texture.height);
    const auto levels = static_cast<GLint>(texture.levelOffsets.size());
    for (GLint level = 0; level < levels; ++level) {
        const std::size_t rowBytes = static_cast<std::size_t>(width) * texture.channels;
        const auto mostRows =
            static_cast<GLsizei>(std::max<std::size_t>(kMostTextureBytes / rowBytes, 1));
        for (GLint row = 0; row < height; row += mostRows) {
            const GLsizei rows = std::min(mostRows, height - row);
            const std::size_t offset = texture.levelOffsets[static_cast<std::size_t>(level)] +
                                       static_cast<std::size_t>(row) * rowBytes;
            slices_.emplace_back(
                TextureSlice{textures_.size(),
                             level,
                             width,
                             row,
                             rows,
                             std::span(texture.texels)
                                 .subspan(offset, static_cast<std::size_t>(rows) * rowBytes)});
        }
        width = halved(width);
        height = halved(height);
    }
    textures_.push_back({.width = static_cast<GLsizei>(texture.width),
                         .height = static_cast<GLsizei>(texture.height),
                         .levels = levels,
                         .format = texture.channels == 4 ? GLenum{GL_RGBA} : GLenum{GL_RGB},
                         .wrap = texture.repeats ? GL_REPEAT : GL_CLAMP_TO_EDGE});
}

std::size_t GpuTile::uploadSlice(osg::State& state) {
    const auto& slice = slices_[next_++];
    std::size_t bytes = 0;
    if (const auto* ofBuffer = std::get_if<BufferSlice>(&slice)) {
        upload(state, *ofBuffer);
        bytes = ofBuffer->bytes.size();
    } else {
        const auto& ofTexture = std::get<TextureSlice>(slice);
        upload(state, ofTexture);
        bytes = ofTexture.texels.size();
    }
    if (isComplete()) {
        slices_.clear(); // they point into the pack
        next_ = 0;
        pack_.reset();
    }
    return bytes;
}

void GpuTile::upload(osg::State& state, const BufferSlice& slice) {
    auto& gl = *state.get<osg::GLExtensions>();
    Buffer& buffer = buffers_[slice.buffer];
    // What OSG believes to be bound must be so when it goes on.
    state.unbindVertexBufferObject();
    state.unbindElementBufferObject();
    const bool isNew = buffer.name == 0;
    if (isNew) {
        gl.glGenBuffers(1, &buffer.name);
    }
    gl.glBindBuffer(buffer.target, buffer.name);
    if (isNew) {
        gl.glBufferData(
            buffer.target, static_cast<GLsizeiptr>(buffer.bytes), nullptr, GL_STATIC_DRAW_ARB);
    }
    gl.glBufferSubData(buffer.target,
                       static_cast<GLintptr>(slice.offsetBytes),
                       static_cast<GLsizeiptr>(slice.bytes.size()),
                       slice.bytes.data());
    gl.glBindBuffer(buffer.target, 0);
}

void GpuTile::upload(osg::State& state, const TextureSlice& slice) {
    Texture& texture = textures_[slice.texture];
    state.setActiveTextureUnit(0);
    const bool isNew = texture.name == 0;
    if (isNew) {
        glGenTextures(1, &texture.name);
    }
    glBindTexture(GL_TEXTURE_2D, texture.name);
    if (isNew) {
        setFilter(state, texture.levels, texture.wrap);
        GLsizei width = texture.width;
        GLsizei height = texture.height;
        const GLint format = texture.format == GL_RGBA ? GL_RGBA8 : GL_RGB8;
        for (GLint level = 0; level < texture.levels; ++level) {
            glTexImage2D(GL_TEXTURE_2D,
                         level,
                         format,
                         width,
                         height,
                         0,
                         texture.format,
                         GL_UNSIGNED_BYTE,
                         nullptr);
            width = halved(width);
            height = halved(height);
        }
    }
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    glTexSubImage2D(GL_TEXTURE_2D,
                    slice.level,
                    0,
                    slice.firstRow,
                    slice.width,
                    slice.rows,
                    texture.format,
                    GL_UNSIGNED_BYTE,
                    slice.texels.data());
    glPixelStorei(GL_UNPACK_ALIGNMENT, kDefaultUnpackAlignment);
    glBindTexture(GL_TEXTURE_2D, 0);
    state.haveAppliedTextureAttribute(0, osg::StateAttribute::TEXTURE);
}

void GpuTile::release(osg::State& state) {
    auto& gl = *state.get<osg::GLExtensions>();
    for (Buffer& buffer : buffers_) {
        gl.glDeleteBuffers(buffer.name != 0 ? 1 : 0, &buffer.name);
        buffer.name = 0;
    }
    for (Texture& texture : textures_) {
        glDeleteTextures(texture.name != 0 ? 1 : 0, &texture.name);
        texture.name = 0;
    }
}

std::size_t GpuTile::livingObjects() const {
    const auto lives = [](const auto& object) { return object.name != 0; };
    return static_cast<std::size_t>(std::ranges::count_if(buffers_, lives) +
                                    std::ranges::count_if(textures_, lives));
}

} // namespace viewer::scene
