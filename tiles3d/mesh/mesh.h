#pragma once

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tiles3d::mesh {

/// Indexed triangles as plain arrays. Metres in the frame its owner states.
struct TriangleMesh {
    std::vector<glm::vec3> positions;
    std::vector<glm::vec2> uvs; ///< Empty, or one per position; origin top left, v down (glTF).
    std::vector<std::uint32_t> indices; ///< Three per triangle, counter-clockwise from outside.
    /// Empty, or one per position, of length 1. Of design models only: what makes new vertices
    /// (simplify, weld, border) takes none.
    std::vector<glm::vec3> normals;
};

/// Removes triangles without an area: two equal indices, two equal positions, or corners on one
/// line (float32 cross product exactly zero). Keeps the order of the others; vertices stay. Returns
/// how many were removed. REQUIRES: indices within positions.
std::size_t dropDegenerateTrianglesInPlace(TriangleMesh& mesh);

/// Removes vertices that no triangle uses; the others keep their order. Does nothing, cheaply, if
/// all are used. REQUIRES: indices within positions.
void compactVerticesInPlace(TriangleMesh& mesh);

} // namespace tiles3d::mesh
