#include "tiles3d/mesh/weld.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <bit>
#include <numeric>

namespace tiles3d::mesh {

namespace {

constexpr std::uint32_t kFree = UINT32_MAX;

std::uint64_t hashOf(const glm::vec3& position) {
    constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15ULL;
    std::uint64_t hash = 0;
    for (int axis = 0; axis < 3; ++axis) {
        const float value = position[axis] + 0.0F; // -0 becomes 0
        hash = (hash ^ std::bit_cast<std::uint32_t>(value)) * kMix;
        hash ^= hash >> 29U;
    }
    return hash;
}

/// Root of `item`, halving the way there.
std::uint32_t rootOf(std::vector<std::uint32_t>& parents, std::uint32_t item) {
    while (parents[item] != item) {
        parents[item] = parents[parents[item]];
        item = parents[item];
    }
    return item;
}

struct Extent {
    glm::vec3 low{1e30F};
    glm::vec3 high{-1e30F};
};

} // namespace

Weld weld(const std::vector<glm::vec3>& positions) {
    Weld result;
    result.pointOf.reserve(positions.size());
    std::vector<std::uint32_t> slots(std::bit_ceil(positions.size() * 2 + 1), kFree);
    const std::size_t mask = slots.size() - 1;
    for (const glm::vec3& position : positions) {
        std::size_t slot = hashOf(position) & mask;
        while (slots[slot] != kFree && result.points[slots[slot]] != position) {
            slot = (slot + 1) & mask;
        }
        if (slots[slot] == kFree) {
            slots[slot] = static_cast<std::uint32_t>(result.points.size());
            result.points.push_back(position);
        }
        result.pointOf.push_back(slots[slot]);
    }
    return result;
}

std::size_t dropSmallPiecesInPlace(TriangleMesh& mesh, double sizeMetres) {
    std::vector<std::uint32_t>& indices = mesh.indices;
    std::vector<std::uint32_t> parents(mesh.positions.size());
    std::iota(parents.begin(), parents.end(), 0U);
    for (std::size_t i = 0; i + 2 < indices.size(); i += 3) {
        const std::uint32_t root = rootOf(parents, indices[i]);
        parents[rootOf(parents, indices[i + 1])] = root;
        parents[rootOf(parents, indices[i + 2])] = root;
    }
    std::vector<Extent> extents(parents.size());
    for (const std::uint32_t index : indices) {
        Extent& extent = extents[rootOf(parents, index)];
        extent.low = glm::min(extent.low, mesh.positions[index]);
        extent.high = glm::max(extent.high, mesh.positions[index]);
    }
    const auto isSmall = [&](std::uint32_t index) {
        const Extent& extent = extents[rootOf(parents, index)];
        return static_cast<double>(glm::distance(extent.low, extent.high)) < sizeMetres;
    };
    std::vector<std::uint32_t> kept;
    kept.reserve(indices.size());
    for (std::size_t i = 0; i + 2 < indices.size(); i += 3) {
        if (!isSmall(indices[i])) {
            kept.insert(kept.end(), {indices[i], indices[i + 1], indices[i + 2]});
        }
    }
    if (kept.empty()) {
        return 0;
    }
    const std::size_t dropped = (indices.size() - kept.size()) / 3;
    indices = std::move(kept);
    return dropped;
}

} // namespace tiles3d::mesh
