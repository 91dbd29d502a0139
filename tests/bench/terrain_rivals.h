#pragma once

#include "pipeline/terrain/triangulate.h"

#include <cstddef>

namespace tests::bench {

/// Other ways to come within a tolerance of a grid of posts without holes: vertices that each
/// needs. Simple and slow; none shares code with pipeline/terrain.

/// Every 2^k-th post, the largest k that does. REQUIRES: intervals is a power of 2.
std::size_t uniformVertices(const pipeline::terrain::PostGrid& grid, double toleranceMetres);

/// Right-angled triangles halved where a post is out of tolerance, without cracks.
/// Source: Evans, Kirkpatrick, Townsend, "Right-triangulated irregular networks" (2001).
/// REQUIRES: intervals is a power of 2.
std::size_t rtinVertices(const pipeline::terrain::PostGrid& grid, double toleranceMetres);

/// Greedy insertion as in the textbook: in each step the worst post of all, borders alike, into a
/// Delaunay triangulation by Bowyer and Watson. Time grows with the square of the vertices.
std::size_t greedyVertices(const pipeline::terrain::PostGrid& grid, double toleranceMetres);

} // namespace tests::bench
