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
/// llvmpipe walks all of a pixel's footprint (Mesa 22.3): edge-on it took up to 50 s for a frame.
constexpr GLfloat kAnisotropySoftware = 1.0F;
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
    const std::array vertices{
        bytesOf(part.positions), bytesOf(part.normals), bytesOf(part.uvs), bytesOf(part.colours)};
    const std::array indices{bytesOf(part.shortIndices), bytesOf(part.longIndices)};
    planBuffer(GL_ARRAY_BUFFER_ARB, vertices);
    planBuffer(GL_ELEMENT_ARRAY_BUFFER_ARB, indices);
}

void GpuTile::planBuffer(GLenum target, std::span<const std::span<const std::byte>> arrays) {
    Buffer buffer{.target = target};
    pieces_.emplace_back(BufferRoom{buffers_.size()});
    for (const std::span<const std::byte> bytes : arrays) {
        if (!bytes.empty()) {
            pieces_.emplace_back(Array{buffers_.size(), buffer.bytes, bytes});
            buffer.bytes += bytes.size();
        }
    }
    buffers_.push_back(buffer);
}

void GpuTile::planTexture(const stream::TexturePack& texture) {
    GLsizei width = static_cast<GLsizei>(texture.width);
    GLsizei height = static_cast<GLsizei>(texture.height);
    const auto levels = static_cast<GLint>(texture.levelOffsets.size());
    pieces_.emplace_back(TextureRoom{textures_.size()});
    for (GLint level = 0; level < levels; ++level) {
        const std::size_t rowBytes = static_cast<std::size_t>(width) * texture.channels;
        const auto bytes = std::span(texture.texels)
                               .subspan(texture.levelOffsets[static_cast<std::size_t>(level)],
                                        static_cast<std::size_t>(height) * rowBytes);
        pieces_.emplace_back(Level{textures_.size(), level, width, rowBytes, bytes});
        width = halved(width);
        height = halved(height);
    }
    textures_.push_back({.width = static_cast<GLsizei>(texture.width),
                         .height = static_cast<GLsizei>(texture.height),
                         .levels = levels,
                         .format = texture.channels == 4 ? GLenum{GL_RGBA} : GLenum{GL_RGB},
                         .wrap = texture.repeats ? GL_REPEAT : GL_CLAMP_TO_EDGE,
                         .bytes = texture.texels.size()});
}

GpuTile::Slice GpuTile::nextSlice() const {
    return std::visit([this](const auto& piece) { return sliceOf(piece); }, pieces_[next_]);
}

GpuTile::Slice GpuTile::sliceOf(const BufferRoom& room) const {
    return {UploadKind::Room, buffers_[room.buffer].bytes};
}

GpuTile::Slice GpuTile::sliceOf(const TextureRoom& room) const {
    return {UploadKind::Room, textures_[room.texture].bytes};
}

GpuTile::Slice GpuTile::sliceOf(const Array& array) const {
    return {UploadKind::Vertices, std::min(array.bytes.size() - doneBytes_, kMostBufferBytes)};
}

GpuTile::Slice GpuTile::sliceOf(const Level& level) const {
    return {UploadKind::Texels, std::min(level.bytes.size() - doneBytes_, kMostTextureBytes)};
}

std::size_t GpuTile::uploadSlice(osg::State& state, std::size_t mostBytes) {
    const std::size_t most = std::min(mostBytes, nextSlice().bytes);
    const std::size_t bytes =
        std::visit([&](const auto& piece) { return upload(state, piece, most); }, pieces_[next_]);
    if (isComplete()) {
        pieces_.clear(); // they point into the pack
        next_ = 0;
        pack_.reset();
    }
    return bytes;
}

void GpuTile::endPiece() {
    ++next_;
    doneBytes_ = 0;
}

std::size_t GpuTile::upload(osg::State& state, const BufferRoom& room, std::size_t /*mostBytes*/) {
    auto& gl = *state.get<osg::GLExtensions>();
    Buffer& buffer = buffers_[room.buffer];
    if (buffer.bytes > 0) {
        // What OSG believes to be bound must be so when it goes on.
        state.unbindVertexBufferObject();
        state.unbindElementBufferObject();
        gl.glGenBuffers(1, &buffer.name);
        gl.glBindBuffer(buffer.target, buffer.name);
        gl.glBufferData(
            buffer.target, static_cast<GLsizeiptr>(buffer.bytes), nullptr, GL_STATIC_DRAW_ARB);
        gl.glBindBuffer(buffer.target, 0);
    }
    endPiece();
    return 0;
}

std::size_t GpuTile::upload(osg::State& state, const Array& array, std::size_t mostBytes) {
    auto& gl = *state.get<osg::GLExtensions>();
    const Buffer& buffer = buffers_[array.buffer];
    const auto bytes = array.bytes.subspan(doneBytes_, mostBytes);
    state.unbindVertexBufferObject();
    state.unbindElementBufferObject();
    gl.glBindBuffer(buffer.target, buffer.name);
    gl.glBufferSubData(buffer.target,
                       static_cast<GLintptr>(array.offsetBytes + doneBytes_),
                       static_cast<GLsizeiptr>(bytes.size()),
                       bytes.data());
    gl.glBindBuffer(buffer.target, 0);
    doneBytes_ += bytes.size();
    if (doneBytes_ == array.bytes.size()) {
        endPiece();
    }
    return bytes.size();
}

std::size_t GpuTile::upload(osg::State& state, const TextureRoom& room, std::size_t /*mostBytes*/) {
    Texture& texture = textures_[room.texture];
    state.setActiveTextureUnit(0);
    glGenTextures(1, &texture.name);
    glBindTexture(GL_TEXTURE_2D, texture.name);
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
    glBindTexture(GL_TEXTURE_2D, 0);
    state.haveAppliedTextureAttribute(0, osg::StateAttribute::TEXTURE);
    endPiece();
    return 0;
}

std::size_t GpuTile::upload(osg::State& state, const Level& level, std::size_t mostBytes) {
    const Texture& texture = textures_[level.texture];
    const std::size_t rows = std::max<std::size_t>(mostBytes / level.rowBytes, 1);
    const auto texels = level.bytes.subspan(doneBytes_, rows * level.rowBytes);
    state.setActiveTextureUnit(0);
    glBindTexture(GL_TEXTURE_2D, texture.name);
    glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
    glTexSubImage2D(GL_TEXTURE_2D,
                    level.level,
                    0,
                    static_cast<GLint>(doneBytes_ / level.rowBytes),
                    level.width,
                    static_cast<GLsizei>(rows),
                    texture.format,
                    GL_UNSIGNED_BYTE,
                    texels.data());
    glPixelStorei(GL_UNPACK_ALIGNMENT, kDefaultUnpackAlignment);
    glBindTexture(GL_TEXTURE_2D, 0);
    state.haveAppliedTextureAttribute(0, osg::StateAttribute::TEXTURE);
    doneBytes_ += texels.size();
    if (doneBytes_ == level.bytes.size()) {
        endPiece();
    }
    return texels.size();
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
