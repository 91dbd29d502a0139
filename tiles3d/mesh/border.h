#pragma once

#include "tiles3d/mesh/mesh.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tiles3d::mesh {

/// A directed edge of one triangle that no other triangle has in the opposite direction: the
/// surface lies on its left, seen from outside.
struct BorderEdge {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    std::uint32_t triangle = 0; ///< Index of the triangle, not of its first corner.
};

/// All border edges in the order of their triangles. REQUIRES: welded positions.
std::vector<BorderEdge> borderEdges(const std::vector<std::uint32_t>& indices);

/// Joins the borders of pieces that were made apart and nearly meet: a border vertex joins the
/// nearest border vertices of other pieces, or splits the nearest border edge of another piece, if
/// that lies within `toleranceMetres`; joined vertices meet in their middle. A piece is never
/// joined to itself, and nothing but border vertices moves, by at most the tolerance. Holes that
/// are left along the seam are filled, however long, if no corner lies farther than the tolerance
/// from the line through the hole's ends; gaps wider than the tolerance stay. Triangles without an
/// area afterwards are removed, unused vertices stay. `pieceOf` has one entry per position. Returns
/// how many border edges are left. REQUIRES: positions welded within each piece, no vertex used by
/// two. Same input, same output.
std::size_t zipBordersInPlace(TriangleMesh& mesh,
                              const std::vector<std::uint32_t>& pieceOf,
                              double toleranceMetres);

} // namespace tiles3d::mesh
