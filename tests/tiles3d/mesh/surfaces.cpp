#include "surfaces.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace tiles3d::mesh {

namespace {

double distanceToSegment(const glm::dvec3& p, const glm::dvec3& a, const glm::dvec3& b) {
    const glm::dvec3 along = b - a;
    const double square = glm::dot(along, along);
    const double t = square > 0.0 ? std::clamp(glm::dot(p - a, along) / square, 0.0, 1.0) : 0.0;
    return glm::distance(p, a + t * along);
}

/// Not the method of the library: the plane where the foot lies inside, else the three sides.
double distanceToTriangle(const glm::dvec3& p,
                          const glm::dvec3& a,
                          const glm::dvec3& b,
                          const glm::dvec3& c) {
    const glm::dvec3 normal = glm::cross(b - a, c - a);
    const auto isInside = [&](const glm::dvec3& from, const glm::dvec3& to) {
        return glm::dot(glm::cross(to - from, p - from), normal) >= 0.0;
    };
    if (glm::length(normal) > 0.0 && isInside(a, b) && isInside(b, c) && isInside(c, a)) {
        return std::abs(glm::dot(p - a, normal)) / glm::length(normal);
    }
    return std::min(
        {distanceToSegment(p, a, b), distanceToSegment(p, b, c), distanceToSegment(p, c, a)});
}

} // namespace

TriangleMesh grid(const GridOptions& options) {
    std::mt19937_64 random(options.seed);
    std::uniform_real_distribution<float> noise(-options.noiseMetres, options.noiseMetres);
    TriangleMesh mesh;
    for (int row = 0; row <= options.rows; ++row) {
        for (int column = 0; column <= options.columns; ++column) {
            const float height = options.noiseMetres > 0.0F ? noise(random) : 0.0F;
            mesh.positions.push_back(options.low +
                                     glm::vec3(static_cast<float>(column) * options.cellMetres,
                                               static_cast<float>(row) * options.cellMetres,
                                               height));
        }
    }
    const auto at = [&](int column, int row) {
        return static_cast<std::uint32_t>(row * (options.columns + 1) + column);
    };
    for (int row = 0; row < options.rows; ++row) {
        for (int column = 0; column < options.columns; ++column) {
            mesh.indices.insert(mesh.indices.end(),
                                {at(column, row),
                                 at(column + 1, row),
                                 at(column + 1, row + 1),
                                 at(column, row),
                                 at(column + 1, row + 1),
                                 at(column, row + 1)});
        }
    }
    return mesh;
}

TriangleMesh sphere(float radiusMetres, std::uint32_t rings) {
    constexpr float kPi = 3.14159265F;
    TriangleMesh mesh;
    mesh.positions.emplace_back(0.0F, 0.0F, radiusMetres);
    for (std::uint32_t ring = 1; ring < rings; ++ring) {
        const float theta = kPi * static_cast<float>(ring) / static_cast<float>(rings);
        for (std::uint32_t i = 0; i < rings; ++i) {
            const float phi = 2.0F * kPi * static_cast<float>(i) / static_cast<float>(rings);
            mesh.positions.push_back(radiusMetres * glm::vec3(std::sin(theta) * std::cos(phi),
                                                              std::sin(theta) * std::sin(phi),
                                                              std::cos(theta)));
        }
    }
    mesh.positions.emplace_back(0.0F, 0.0F, -radiusMetres);
    const auto last = static_cast<std::uint32_t>(mesh.positions.size() - 1);
    for (std::uint32_t i = 0; i < rings; ++i) {
        const std::uint32_t next = (i + 1) % rings;
        mesh.indices.insert(mesh.indices.end(), {0, 1 + i, 1 + next});
        mesh.indices.insert(mesh.indices.end(), {last, last - rings + next, last - rings + i});
        for (std::uint32_t ring = 0; ring + 2 < rings; ++ring) {
            const std::uint32_t upper = 1 + ring * rings;
            const std::uint32_t lower = upper + rings;
            mesh.indices.insert(
                mesh.indices.end(),
                {upper + i, lower + i, lower + next, upper + i, lower + next, upper + next});
        }
    }
    return mesh;
}

TriangleMesh soup(std::size_t points, std::size_t triangles, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<float> place(0.0F, 10.0F);
    std::uniform_int_distribution<std::uint32_t> pick(0, static_cast<std::uint32_t>(points - 1));
    TriangleMesh mesh;
    for (std::size_t i = 0; i < points; ++i) {
        const float x = place(random);
        const float y = place(random);
        mesh.positions.emplace_back(x, y, 0.1F * place(random));
    }
    for (std::size_t i = 0; i < 3 * triangles; ++i) {
        mesh.indices.push_back(pick(random));
    }
    dropDegenerateTrianglesInPlace(mesh);
    return mesh;
}

TriangleMesh together(const TriangleMesh& a, const TriangleMesh& b) {
    TriangleMesh mesh = a;
    const auto first = static_cast<std::uint32_t>(a.positions.size());
    mesh.positions.insert(mesh.positions.end(), b.positions.begin(), b.positions.end());
    for (const std::uint32_t index : b.indices) {
        mesh.indices.push_back(first + index);
    }
    return mesh;
}

double distanceFrom(const TriangleMesh& surface, const glm::vec3& point) {
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i + 2 < surface.indices.size(); i += 3) {
        best = std::min(best,
                        distanceToTriangle(point,
                                           surface.positions[surface.indices[i]],
                                           surface.positions[surface.indices[i + 1]],
                                           surface.positions[surface.indices[i + 2]]));
    }
    return best;
}

double farthest(const TriangleMesh& mesh, const TriangleMesh& surface) {
    double result = 0.0;
    TriangleMesh used = mesh;
    compactVerticesInPlace(used);
    for (const glm::vec3& position : used.positions) {
        result = std::max(result, distanceFrom(surface, position));
    }
    return result;
}

double areaOf(const TriangleMesh& mesh) {
    double area = 0.0;
    for (std::size_t i = 0; i + 2 < mesh.indices.size(); i += 3) {
        const glm::dvec3 a(mesh.positions[mesh.indices[i]]);
        area += glm::length(glm::cross(glm::dvec3(mesh.positions[mesh.indices[i + 1]]) - a,
                                       glm::dvec3(mesh.positions[mesh.indices[i + 2]]) - a)) /
                2.0;
    }
    return area;
}

} // namespace tiles3d::mesh
