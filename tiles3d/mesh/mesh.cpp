#include "tiles3d/mesh/mesh.h"

#include <glm/geometric.hpp>

#include <algorithm>

namespace tiles3d::mesh {

namespace {

bool isDegenerate(const TriangleMesh& mesh, std::size_t first) {
    const std::uint32_t a = mesh.indices[first];
    const std::uint32_t b = mesh.indices[first + 1];
    const std::uint32_t c = mesh.indices[first + 2];
    if (a == b || b == c || c == a) {
        return true;
    }
    const glm::vec3& origin = mesh.positions[a];
    const glm::vec3 normal = glm::cross(mesh.positions[b] - origin, mesh.positions[c] - origin);
    return normal == glm::vec3(0.0F);
}

} // namespace

std::size_t dropDegenerateTrianglesInPlace(TriangleMesh& mesh) {
    std::vector<std::uint32_t>& indices = mesh.indices;
    std::size_t kept = 0;
    for (std::size_t i = 0; i + 2 < indices.size(); i += 3) {
        if (!isDegenerate(mesh, i)) {
            std::copy_n(indices.begin() + static_cast<std::ptrdiff_t>(i),
                        3,
                        indices.begin() + static_cast<std::ptrdiff_t>(kept));
            kept += 3;
        }
    }
    const std::size_t dropped = indices.size() / 3 - kept / 3;
    indices.resize(kept);
    return dropped;
}

void compactVerticesInPlace(TriangleMesh& mesh) {
    constexpr std::uint32_t kUnused = UINT32_MAX;
    std::vector<std::uint32_t> target(mesh.positions.size(), kUnused);
    for (const std::uint32_t index : mesh.indices) {
        target[index] = 0;
    }
    if (std::ranges::find(target, kUnused) == target.end()) {
        return;
    }
    std::uint32_t next = 0;
    for (std::size_t i = 0; i < target.size(); ++i) {
        if (target[i] == kUnused) {
            continue;
        }
        mesh.positions[next] = mesh.positions[i];
        if (!mesh.uvs.empty()) {
            mesh.uvs[next] = mesh.uvs[i];
        }
        if (!mesh.normals.empty()) {
            mesh.normals[next] = mesh.normals[i];
        }
        target[i] = next++;
    }
    mesh.positions.resize(next);
    if (!mesh.uvs.empty()) {
        mesh.uvs.resize(next);
    }
    if (!mesh.normals.empty()) {
        mesh.normals.resize(next);
    }
    for (std::uint32_t& index : mesh.indices) {
        index = target[index];
    }
}

} // namespace tiles3d::mesh
