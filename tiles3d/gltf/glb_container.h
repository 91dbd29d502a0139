#pragma once

#include "tiles3d/base/bytes.h"
#include "tiles3d/base/result.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace tiles3d::gltf {

/// `bytes` with the padding that glTF wants between buffer views.
constexpr std::size_t alignedSize(std::size_t bytes) {
    constexpr std::size_t kAlignment = 4;
    return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

/// The binary chunk of a GLB: pieces at aligned offsets, copied once, into the finished file.
class BinaryChunk {
public:
    /// Returns the offset. `owner` keeps the bytes until the file is made; null if somebody else
    /// does.
    std::size_t append(base::ByteView bytes, std::shared_ptr<const void> owner);

    /// To a multiple of 8, as 3D Tiles wants contents.
    void pad() { size_ = (size_ + 7) / 8 * 8; }

    std::size_t size() const { return size_; }
    void appendTo(base::Bytes& file) const;

private:
    struct Piece {
        base::ByteView bytes;
        std::shared_ptr<const void> owner;
    };

    std::vector<Piece> pieces_;
    std::size_t size_ = 0;
};

/// The GLB file of a glTF's JSON and its binary chunk, if that has any bytes. Fails above 4 GiB.
/// Source: Khronos glTF 2.0, "GLB File Format Specification".
base::Result<base::Bytes> glbOf(std::string json, const BinaryChunk& binary);

} // namespace tiles3d::gltf
