#pragma once

#include "pipeline/terrain/cells.h"
#include "pipeline/terrain/triangulate.h"

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

namespace pipeline::terrain {

/// Normals of the land at a grid's posts, from the posts beside each: central differences, or
/// one-sided beside a hole.
class PostNormals {
public:
    /// `land` outlives the normals. REQUIRES: `extent` is that of the grid's own posts.
    PostNormals(const PostGrid& land, const Extent& extent);

    /// ECEF, length 1.
    glm::vec3 at(const glm::ivec2& post) const;

private:
    double slope(const glm::ivec2& post, const glm::ivec2& step, double metres) const;

    const PostGrid& land_;
    Extent extent_;
};

} // namespace pipeline::terrain
