#include "tiles3d/gltf/glb_container.h"

#include <fmt/format.h>

#include <cstdint>
#include <utility>

namespace tiles3d::gltf {

using base::Bytes;
using base::ByteView;
using base::Error;
using base::Result;

std::size_t BinaryChunk::append(ByteView bytes, std::shared_ptr<const void> owner) {
    const std::size_t offset = size_;
    pieces_.push_back({bytes, std::move(owner)});
    size_ += alignedSize(bytes.size());
    return offset;
}

void BinaryChunk::appendTo(Bytes& file) const {
    const std::size_t start = file.size();
    for (const Piece& piece : pieces_) {
        file.insert(file.end(), piece.bytes.begin(), piece.bytes.end());
        file.resize(start + alignedSize(file.size() - start));
    }
    file.resize(start + size_);
}

Result<Bytes> glbOf(std::string json, const BinaryChunk& binary) {
    constexpr std::uint64_t kMostBytes = 0xFFFFFFFFULL; // GLB's lengths have 32 bits
    constexpr std::size_t kTextStart = 20;
    json.resize((kTextStart + json.size() + 7) / 8 * 8 - kTextStart, ' ');
    const std::size_t binaryChunk = binary.size() == 0 ? 0 : 8 + binary.size();
    const std::uint64_t length = kTextStart + json.size() + binaryChunk;
    if (length > kMostBytes) {
        return Error{fmt::format("a GLB of {} bytes; the format holds {}", length, kMostBytes)};
    }
    constexpr std::uint32_t kMagic = 0x46546C67;
    constexpr std::uint32_t kJsonChunk = 0x4E4F534A;
    constexpr std::uint32_t kBinaryChunk = 0x004E4942;
    Bytes glb;
    glb.reserve(length);
    const auto put = [&](std::uint64_t number) {
        for (unsigned shift = 0; shift < 32; shift += 8) {
            glb.push_back(static_cast<std::byte>(number >> shift & 0xFFU));
        }
    };
    put(kMagic);
    put(2);
    put(length);
    put(json.size());
    put(kJsonChunk);
    const ByteView text = base::asBytes(json);
    glb.insert(glb.end(), text.begin(), text.end());
    if (binary.size() > 0) {
        put(binary.size());
        put(kBinaryChunk);
        binary.appendTo(glb);
    }
    return glb;
}

} // namespace tiles3d::gltf
