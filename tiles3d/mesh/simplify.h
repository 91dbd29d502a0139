#pragma once

#include "tiles3d/mesh/mesh.h"

namespace tiles3d::mesh {

struct Simplified {
    TriangleMesh mesh;
    double errorMetres = 0.0; ///< No vertex of the input lies farther from the mesh.
};

/// The surface with as few triangles as edge collapses reach while every vertex of the input stays
/// within `maxErrorMetres` of the result: checked for each collapse, not estimated. Texture
/// coordinates are left behind; unused vertices are removed.
/// Takes any set of triangles: edges of three and more triangles, pieces that touch, borders. Holes
/// and handles smaller than the error may close; a piece keeps at least one triangle. No triangle
/// turns by more than about 75 degrees in one collapse.
/// REQUIRES: welded positions, maxErrorMetres > 0. Same input, same output.
/// Source: Garland and Heckbert, "Surface Simplification Using Quadric Error Metrics" (1997), with
/// the one-sided Hausdorff bound of Klein, Liebich, Strasser, "Mesh Reduction with Error Control"
/// (1996), kept by lists of the input's vertices per triangle.
Simplified simplify(const TriangleMesh& mesh, double maxErrorMetres);

} // namespace tiles3d::mesh
