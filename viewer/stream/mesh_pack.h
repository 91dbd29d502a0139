#pragma once

#include "tiles3d/base/bytes.h"
#include "tiles3d/tileset/bounding_volume.h"

#include <glm/gtc/type_precision.hpp>
#include <glm/vec2.hpp>
#include <glm/vec3.hpp>
#include <glm/vec4.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace viewer::stream {

/// One texture with all its mip levels, as the GPU takes them: 8 bits a channel, row 0 at the top,
/// no row padding, level after level down to 1 x 1.
struct TexturePack {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::uint32_t channels = 3; ///< 3 RGB or 4 RGBA.
    tiles3d::base::Bytes texels;
    std::vector<std::size_t> levelOffsets; ///< Byte offset of each level, level 0 first.
    bool repeats = false; ///< A texture coordinate leaves [0, 1]: wrap, do not clamp.
};

/// How the alpha of texture and base colour is taken (glTF 2.0, 3.9.4).
enum class AlphaMode : std::uint8_t { Opaque, Mask, Blend };

/// One draw call.
struct MeshPart {
    std::vector<glm::vec3> positions; ///< Scene axes, metres, relative to MeshPack::centre.
    std::vector<glm::vec3> normals;   ///< Empty, or one per position; scene axes, unit.
    std::vector<glm::vec2> uvs;       ///< Empty, or one per position; v = 0 is texel row 0.
    /// Empty, or one per position: sRGB and alpha, to be multiplied with base colour and texture.
    std::vector<glm::u8vec4> colours;
    std::vector<std::uint16_t> shortIndices; ///< Used if there are at most 65,535 vertices.
    std::vector<std::uint32_t> longIndices;  ///< Used otherwise.
    std::optional<std::size_t> texture;      ///< Index into MeshPack::textures.
    glm::vec4 baseColour{1.0F};              ///< sRGB, to be multiplied with the texture's.
    bool unlit = true;                       ///< False: lit by sun and sky; faces' normals if none.
    AlphaMode alphaMode = AlphaMode::Opaque;
    float alphaCutoff = 0.5F; ///< Mask: less alpha than this is not drawn.

    std::size_t triangleCount() const { return (shortIndices.size() + longIndices.size()) / 3; }
};

/// A tile's content in its final form: what is copied to the GPU, and nothing else.
struct MeshPack {
    glm::dvec3 centre{0.0};          ///< Scene frame (local ENU), metres.
    tiles3d::tileset::Limits limits; ///< Of all vertices, scene frame.
    std::vector<MeshPart> parts;
    std::vector<TexturePack> textures;

    /// Bytes of the arrays above, which is also what the GPU will hold.
    std::uint64_t byteCount() const;
    std::size_t triangleCount() const;
};

} // namespace viewer::stream
