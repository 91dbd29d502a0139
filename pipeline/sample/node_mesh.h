#pragma once

#include "pipeline/sample/block_textures.h"
#include "pipeline/sample/shapes.h"
#include "tiles3d/image/image.h"

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace pipeline::sample {

/// One node of a block's tree: a square of it in one level of detail.
struct NodeMesh {
    std::vector<glm::vec3> positions; ///< Metres relative to SRSOrigin.
    std::vector<glm::vec2> uvs;       ///< Origin bottom left, as OSG stores them.
    std::vector<std::uint32_t> indices;
    tiles3d::image::Raster atlas;
    glm::dvec3 low{0.0}; ///< Box of the positions.
    glm::dvec3 high{0.0};
};

/// Which node of a level: column and row of its square, from the block's south-west corner.
struct NodeSquare {
    int level = 14;
    int column = 0;
    int row = 0;

    Window window(const Window& block) const;
};

/// Squares per side of a block at a level: 1 up to level 17, then 2, 4, 8.
int squaresPerSide(int level);

/// Cuts `faces` to the square (plus the overlap), lays out its atlas and joins equal vertices.
NodeMesh meshNode(const BlockTextures& textures,
                  std::span<const Face> faces,
                  const NodeSquare& square,
                  const Window& block);

} // namespace pipeline::sample
