#pragma once

#include "tiles3d/mesh/mesh.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tiles3d::mesh {

/// The vertices of a mesh that are one point in space.
struct Weld {
    std::vector<std::uint32_t> pointOf; ///< Per vertex of the mesh: its point.
    std::vector<glm::vec3> points;      ///< In the order of first use.
};

/// Joins vertices whose positions are equal to the bit (0 and -0 are equal). Atlas seams split a
/// point into 2 to 5 vertices; whatever works on the surface itself works on the points.
Weld weld(const std::vector<glm::vec3>& positions);

/// Removes connected pieces whose bounding box's diagonal is below `sizeMetres`, but never all of
/// the mesh. Vertices stay. Returns the number of triangles removed.
/// REQUIRES: welded positions, indices within them.
std::size_t dropSmallPiecesInPlace(TriangleMesh& mesh, double sizeMetres);

} // namespace tiles3d::mesh
