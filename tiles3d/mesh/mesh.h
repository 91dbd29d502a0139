#pragma once

#include <cstdint>
#include <vector>

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

namespace tiles3d::mesh {

/// Indexed triangles as plain arrays. Metres in the frame its owner states.
struct TriangleMesh {
    std::vector<glm::vec3> positions;
    std::vector<glm::vec2> uvs; ///< Empty, or one per position; origin top left, v down (glTF).
    std::vector<std::uint32_t> indices; ///< Three per triangle, counter-clockwise from outside.
};

} // namespace tiles3d::mesh
