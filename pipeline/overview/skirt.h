#pragma once

#include "tiles3d/mesh/mesh.h"

namespace pipeline::overview {

/// A strip along the rim of `mesh` that runs outward in the surface's own plane by half of
/// `depthMetres` and down by all of it: it lies under the neighbour's surface and closes the
/// crack between two nodes, seen from above and from the side. A lip of 0.3 of the depth stands up
/// and out above it, for neighbours that have no skirts (blocks) and lie higher. Each end takes the
/// texture coordinates of the border it hangs from. Front faces are outside; the lip shows either
/// side. Empty for a closed mesh.
/// The rim is every border beyond which, in plan, the mesh does not go on: not the foot of a wall
/// or of a tree that stands on the ground of the same node.
///
/// Why skirts and not shared border vertices: deliveries cut neighbouring blocks apart with an
/// overlap of some centimetres, so their borders differ from the start, and a node never sees its
/// neighbours, only its own children. A node and whatever is drawn beside it differ by at most
/// the sum of their errors, 3/4 of the coarser one's metres per pixel. The skirt is narrower than
/// that, because it shows where nothing lies beside it, and was chosen with the crack test: no gap
/// in any selection of 400 cameras, one pixel among cuts that no selection makes. REQUIRES:
/// positions of one point are equal to the bit; z up.
tiles3d::mesh::TriangleMesh skirtOf(const tiles3d::mesh::TriangleMesh& mesh, double depthMetres);

} // namespace pipeline::overview
