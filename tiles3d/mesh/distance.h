#pragma once

#include "tiles3d/mesh/mesh.h"

namespace tiles3d::mesh {

/// The point of triangle a, b, c nearest to p.
/// Source: Ericson, Real-Time Collision Detection (2005), 5.1.5.
glm::vec3
nearestOnTriangle(const glm::vec3& p, const glm::vec3& a, const glm::vec3& b, const glm::vec3& c);

/// How far the farthest of the mesh's vertices lies from `surface`; vertices that no triangle uses
/// do not count. Distances above `giveUpMetres` count as that.
double largestDistance(const TriangleMesh& mesh, const TriangleMesh& surface, double giveUpMetres);

} // namespace tiles3d::mesh
