#include "pipeline/overview/skirt.h"

#include "tiles3d/mesh/border.h"
#include "tiles3d/mesh/raster_triangle.h"
#include "tiles3d/mesh/weld.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <cmath>
#include <cstdint>
#include <vector>

namespace pipeline::overview {

using tiles3d::mesh::BorderEdge;
using tiles3d::mesh::TriangleMesh;

namespace {

glm::vec3 unitOr(const glm::vec3& vector, const glm::vec3& fallback) {
    const float length = glm::length(vector);
    return length > 0.0F ? vector / length : fallback;
}

/// Where the surface lies, in plan, by cells as wide as the skirt.
class Coverage {
public:
    Coverage(const TriangleMesh& mesh, float cell) : cell_(cell) {
        glm::vec2 high(-1e30F);
        for (const glm::vec3& position : mesh.positions) {
            low_ = glm::min(low_, glm::vec2(position));
            high = glm::max(high, glm::vec2(position));
        }
        width_ = static_cast<int>((high.x - low_.x) / cell_) + 1;
        height_ = static_cast<int>((high.y - low_.y) / cell_) + 1;
        isCovered_.resize(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_));
        for (std::size_t i = 0; i + 2 < mesh.indices.size(); i += 3) {
            tiles3d::mesh::rasterise(
                toCells(mesh.positions[mesh.indices[i]]),
                toCells(mesh.positions[mesh.indices[i + 1]]),
                toCells(mesh.positions[mesh.indices[i + 2]]),
                {width_, height_},
                [&](int x, int y, const glm::vec3& /*weights*/) { isCovered_[at(x, y)] = 1; });
        }
    }

    bool covers(const glm::vec3& position) const {
        const glm::vec2 cell = glm::floor(toCells(position));
        return cell.x >= 0.0F && cell.y >= 0.0F && cell.x < static_cast<float>(width_) &&
               cell.y < static_cast<float>(height_) &&
               isCovered_[at(static_cast<int>(cell.x), static_cast<int>(cell.y))] != 0;
    }

private:
    glm::vec2 toCells(const glm::vec3& position) const {
        return (glm::vec2(position) - low_) / cell_;
    }
    std::size_t at(int x, int y) const {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
               static_cast<std::size_t>(x);
    }

    float cell_;
    glm::vec2 low_{1e30F};
    int width_ = 0;
    int height_ = 0;
    std::vector<std::uint8_t> isCovered_;
};

} // namespace

TriangleMesh skirtOf(const TriangleMesh& mesh, double depthMetres) {
    const tiles3d::mesh::Weld weld = tiles3d::mesh::weld(mesh.positions);
    std::vector<std::uint32_t> points;
    points.reserve(mesh.indices.size());
    for (const std::uint32_t index : mesh.indices) {
        points.push_back(weld.pointOf[index]);
    }
    std::vector<BorderEdge> edges = tiles3d::mesh::borderEdges(points);
    if (edges.empty()) {
        return {};
    }

    // Outward at a border's corner: between the directions of its two edges.
    std::vector<glm::vec3> outward(weld.points.size(), glm::vec3(0.0F));
    for (const BorderEdge& edge : edges) {
        const std::size_t first = std::size_t{3} * edge.triangle;
        const glm::vec3& a = weld.points[points[first]];
        const glm::vec3 normal =
            glm::cross(weld.points[points[first + 1]] - a, weld.points[points[first + 2]] - a);
        const glm::vec3 along = weld.points[edge.to] - weld.points[edge.from];
        const glm::vec3 away = unitOr(glm::cross(along, normal), glm::vec3(0.0F));
        outward[edge.from] += away;
        outward[edge.to] += away;
    }

    const auto depth = static_cast<float>(depthMetres);
    constexpr float kSlope = 0.5F; // flat enough to be seen from above, too steep to look out
    constexpr float kRise = 0.3F;  // of the depth: a neighbour without skirts may lie higher
    const glm::vec3 up(0.0F, 0.0F, 1.0F);
    const Coverage coverage(mesh, depth);
    constexpr float kBeyond = 2.0F; // cells: past the one that the border itself runs through
    std::erase_if(edges, [&](const BorderEdge& edge) {
        const glm::vec3 middle = 0.5F * (weld.points[edge.from] + weld.points[edge.to]);
        const glm::vec3 away = outward[edge.from] + outward[edge.to];
        return coverage.covers(middle + kBeyond * depth * unitOr(away, glm::vec3(0.0F)));
    });

    TriangleMesh skirt;
    const auto addEnd = [&](std::uint32_t triangle, std::uint32_t point) {
        std::size_t corner = std::size_t{3} * triangle;
        while (points[corner] != point) {
            ++corner;
        }
        const glm::vec3& top = weld.points[point];
        const glm::vec3 away = unitOr(outward[point], glm::vec3(0.0F));
        skirt.positions.push_back(top + depth * kRise * (away + up));
        skirt.positions.push_back(top);
        skirt.positions.push_back(top + depth * (kSlope * away - up));
        if (!mesh.uvs.empty()) {
            skirt.uvs.insert(skirt.uvs.end(), 3, mesh.uvs[mesh.indices[corner]]);
        }
    };
    for (const BorderEdge& edge : edges) {
        const auto from = static_cast<std::uint32_t>(skirt.positions.size());
        addEnd(edge.triangle, edge.from);
        const auto to = static_cast<std::uint32_t>(skirt.positions.size());
        addEnd(edge.triangle, edge.to);
        for (const std::uint32_t row : {0U, 1U}) { // from the top down, the outside in front
            const std::uint32_t a = from + row;
            const std::uint32_t b = to + row;
            skirt.indices.insert(skirt.indices.end(), {a, a + 1, b + 1, a, b + 1, b});
        }
    }
    tiles3d::mesh::dropDegenerateTrianglesInPlace(skirt);
    tiles3d::mesh::compactVerticesInPlace(skirt);
    return skirt;
}

} // namespace pipeline::overview
