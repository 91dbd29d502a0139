#include "viewer/stream/mesh_pack.h"

namespace viewer::stream {

std::uint64_t MeshPack::byteCount() const {
    std::uint64_t total = 0;
    for (const MeshPart& part : parts) {
        total += (part.positions.size() + part.normals.size()) * sizeof(glm::vec3) +
                 part.uvs.size() * sizeof(glm::vec2) + part.colours.size() * sizeof(glm::u8vec4) +
                 part.shortIndices.size() * sizeof(std::uint16_t) +
                 part.longIndices.size() * sizeof(std::uint32_t);
    }
    for (const TexturePack& texture : textures) {
        total += texture.texels.size();
    }
    return total;
}

std::size_t MeshPack::triangleCount() const {
    std::size_t total = 0;
    for (const MeshPart& part : parts) {
        total += part.triangleCount();
    }
    return total;
}

} // namespace viewer::stream
