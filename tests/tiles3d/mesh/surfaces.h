#pragma once

#include "tiles3d/mesh/mesh.h"

#include <cstdint>

namespace tiles3d::mesh {

/// A rectangle of `columns` x `rows` cells of `cellMetres`, two triangles each, from `low` on.
struct GridOptions {
    int columns = 10;
    int rows = 10;
    float cellMetres = 1.0F;
    glm::vec3 low{0.0F};
    float noiseMetres = 0.0F; ///< Heights differ by up to this much.
    std::uint64_t seed = 1;
};

TriangleMesh grid(const GridOptions& options);

/// A closed surface of about 2 * rings * rings triangles.
TriangleMesh sphere(float radiusMetres, std::uint32_t rings);

/// Triangles between points at random: edges of many triangles, folds, thin ones.
TriangleMesh soup(std::size_t points, std::size_t triangles, std::uint64_t seed);

/// One mesh after the other. Nothing is joined.
TriangleMesh together(const TriangleMesh& a, const TriangleMesh& b);

/// Distance of `point` from the nearest of all triangles, in double, one after the other.
double distanceFrom(const TriangleMesh& surface, const glm::vec3& point);

/// The farthest that a vertex in use lies from `surface`, by distanceFrom().
double farthest(const TriangleMesh& mesh, const TriangleMesh& surface);

/// In square metres; overlapping triangles count each.
double areaOf(const TriangleMesh& mesh);

} // namespace tiles3d::mesh
