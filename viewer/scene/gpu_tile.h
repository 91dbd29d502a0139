#pragma once

#include "viewer/scene/upload_pace.h"
#include "viewer/stream/mesh_pack.h"

#include <osg/State>

#include <cstddef>
#include <memory>
#include <span>
#include <variant>
#include <vector>

namespace viewer::scene {

/// True if the current context draws on the CPU, where smoothing and anisotropic filtering cost
/// more than they please. REQUIRES: a current context.
bool isSoftwareRenderer();

/// The GL objects of one tile, filled slice by slice from a pack: per part one buffer of vertices
/// and one of indices, and the textures with the mip levels that the pack brings. All members but
/// the questions need the one context that the objects live in to be current.
class GpuTile {
public:
    static constexpr std::size_t kMostTextureBytes = std::size_t{512} << 10U; ///< Of a slice.
    static constexpr std::size_t kMostBufferBytes = std::size_t{1} << 20U;    ///< Of a slice.

    /// The next slice: as large as it may be. Room cannot be made in parts.
    struct Slice {
        UploadKind kind = UploadKind::Room;
        std::size_t bytes = 0;
    };

    /// Plans the upload; makes no GL object and copies nothing. The pack is held until the last
    /// slice is up.
    explicit GpuTile(std::shared_ptr<const stream::MeshPack> pack);

    /// REQUIRES: !isComplete().
    Slice nextSlice() const;
    /// Uploads the next slice, or its first `mostBytes`; returns its bytes, 0 for room. Texture
    /// rows wider than that go one by one. REQUIRES: !isComplete().
    std::size_t uploadSlice(osg::State& state, std::size_t mostBytes = kMostBufferBytes);
    bool isComplete() const { return next_ == pieces_.size(); }

    /// Deletes all objects. What is half uploaded stays so.
    void release(osg::State& state);
    std::size_t livingObjects() const;

    /// Object names, 0 until their first slice is up.
    GLuint vertices(std::size_t part) const { return buffers_[2 * part].name; }
    GLuint indices(std::size_t part) const { return buffers_[2 * part + 1].name; }
    GLuint texture(std::size_t index) const { return textures_[index].name; }

private:
    struct Buffer {
        GLuint name = 0;
        GLenum target = 0;
        std::size_t bytes = 0;
    };
    struct Texture {
        GLuint name = 0;
        GLsizei width = 0;
        GLsizei height = 0;
        GLint levels = 0;
        GLenum format = 0;
        GLint wrap = 0;
        std::size_t bytes = 0;
    };
    struct BufferRoom {
        std::size_t buffer = 0;
    };
    struct TextureRoom {
        std::size_t texture = 0;
    };
    struct Array {
        std::size_t buffer = 0;
        std::size_t offsetBytes = 0;
        std::span<const std::byte> bytes;
    };
    struct Level {
        std::size_t texture = 0;
        GLint level = 0;
        GLsizei width = 0;
        std::size_t rowBytes = 0;
        std::span<const std::byte> bytes;
    };
    using Piece = std::variant<BufferRoom, TextureRoom, Array, Level>;

    void planPart(const stream::MeshPart& part);
    void planTexture(const stream::TexturePack& texture);
    void planBuffer(GLenum target, std::span<const std::span<const std::byte>> arrays);
    Slice sliceOf(const BufferRoom& room) const;
    Slice sliceOf(const TextureRoom& room) const;
    Slice sliceOf(const Array& array) const;
    Slice sliceOf(const Level& level) const;
    std::size_t upload(osg::State& state, const BufferRoom& room, std::size_t mostBytes);
    std::size_t upload(osg::State& state, const TextureRoom& room, std::size_t mostBytes);
    std::size_t upload(osg::State& state, const Array& array, std::size_t mostBytes);
    std::size_t upload(osg::State& state, const Level& level, std::size_t mostBytes);
    void endPiece();

    std::shared_ptr<const stream::MeshPack> pack_;
    std::vector<Buffer> buffers_; // of part i: 2i vertices, 2i + 1 indices
    std::vector<Texture> textures_;
    std::vector<Piece> pieces_;
    std::size_t next_ = 0;
    std::size_t doneBytes_ = 0; // of the next piece
};

} // namespace viewer::scene
