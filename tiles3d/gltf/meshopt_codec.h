#pragma once

#include "tiles3d/base/bytes.h"
#include "tiles3d/base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tiles3d::gltf {

/// Order of vertices and triangles that meshopt's codecs like: for the vertex cache, then vertices
/// in the order of their first use. Returns the new position of each old vertex; `indices` already
/// refer to the new ones. REQUIRES: every vertex is used.
std::vector<std::uint32_t> optimiseOrderInPlace(std::vector<std::uint32_t>& indices,
                                                std::size_t vertexCount);

/// EXT_meshopt_compression, mode ATTRIBUTES. REQUIRES: stride a multiple of 4, at most 256.
base::Bytes encodeVertices(base::ByteView vertices, std::size_t count, std::size_t stride);

/// EXT_meshopt_compression, mode TRIANGLES.
base::Bytes encodeIndices(const std::vector<std::uint32_t>& indices, std::size_t vertexCount);

/// The decoded bytes of a bufferView with the extension: count * stride.
/// Fails on unknown modes and filters and on damaged data.
struct MeshoptView {
    std::string mode = "ATTRIBUTES";
    std::string filter = "NONE";
    std::size_t count = 0;
    std::size_t stride = 0;
};
base::Result<base::Bytes> decodeMeshopt(base::ByteView encoded, const MeshoptView& view);

} // namespace tiles3d::gltf
