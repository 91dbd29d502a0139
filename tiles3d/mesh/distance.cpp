#include "tiles3d/mesh/distance.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace tiles3d::mesh {

glm::vec3
nearestOnTriangle(const glm::vec3& p, const glm::vec3& a, const glm::vec3& b, const glm::vec3& c) {
    const glm::vec3 ab = b - a;
    const glm::vec3 ac = c - a;
    const float d1 = glm::dot(ab, p - a);
    const float d2 = glm::dot(ac, p - a);
    if (d1 <= 0.0F && d2 <= 0.0F) {
        return a;
    }
    const float d3 = glm::dot(ab, p - b);
    const float d4 = glm::dot(ac, p - b);
    if (d3 >= 0.0F && d4 <= d3) {
        return b;
    }
    const float vc = d1 * d4 - d3 * d2;
    if (vc <= 0.0F && d1 >= 0.0F && d3 <= 0.0F) {
        return a + ab * (d1 / (d1 - d3));
    }
    const float d5 = glm::dot(ab, p - c);
    const float d6 = glm::dot(ac, p - c);
    if (d6 >= 0.0F && d5 <= d6) {
        return c;
    }
    const float vb = d5 * d2 - d1 * d6;
    if (vb <= 0.0F && d2 >= 0.0F && d6 <= 0.0F) {
        return a + ac * (d2 / (d2 - d6));
    }
    const float va = d3 * d6 - d5 * d4;
    if (va <= 0.0F && d4 - d3 >= 0.0F && d5 - d6 >= 0.0F) {
        return b + (c - b) * ((d4 - d3) / (d4 - d3 + d5 - d6));
    }
    const float scale = 1.0F / (va + vb + vc);
    return a + ab * (vb * scale) + ac * (vc * scale);
}

namespace {

/// Triangles by the cell of a regular grid in plan, as one array.
class TriangleGrid {
public:
    explicit TriangleGrid(const TriangleMesh& mesh) : mesh_(mesh) {
        glm::vec2 high(-1e30F);
        for (const glm::vec3& position : mesh.positions) {
            low_ = glm::min(low_, glm::vec2(position));
            high = glm::max(high, glm::vec2(position));
        }
        const glm::vec2 size = glm::max(high - low_, glm::vec2(1e-3F));
        const std::size_t count = mesh.indices.size() / 3;
        const auto triangles = static_cast<float>(count);
        constexpr float kTrianglesPerCell = 2.0F;
        constexpr float kMostPerSide = 1024.0F;
        cell_ = std::sqrt(size.x * size.y * kTrianglesPerCell / std::max(triangles, 1.0F));
        cell_ = std::max(cell_, std::max(size.x, size.y) / kMostPerSide);
        columns_ = static_cast<int>(size.x / cell_) + 1;
        rows_ = static_cast<int>(size.y / cell_) + 1;
        fill();
    }

    float distanceTo(const glm::vec3& point, float giveUp) const {
        float best = giveUp * giveUp;
        const Cells cells = cellsOf(glm::vec2(point) - giveUp, glm::vec2(point) + giveUp);
        for (int row = cells.row; row <= cells.lastRow; ++row) {
            for (int column = cells.column; column <= cells.lastColumn; ++column) {
                best = std::min(best, nearestInCell(cellAt(column, row), point));
            }
        }
        return std::sqrt(best);
    }

private:
    struct Cells {
        int column, row, lastColumn, lastRow;
    };

    Cells cellsOf(const glm::vec2& low, const glm::vec2& high) const {
        const auto index = [&](float value, float first, int count) {
            return std::clamp(static_cast<int>(std::floor((value - first) / cell_)), 0, count - 1);
        };
        return {index(low.x, low_.x, columns_),
                index(low.y, low_.y, rows_),
                index(high.x, low_.x, columns_),
                index(high.y, low_.y, rows_)};
    }

    std::size_t cellAt(int column, int row) const {
        return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) +
               static_cast<std::size_t>(column);
    }

    const glm::vec3& corner(std::size_t triangle, std::size_t i) const {
        return mesh_.positions[mesh_.indices[3 * triangle + i]];
    }

    template <typename Take>
    void forCellsOf(std::size_t triangle, const Take& take) const {
        const glm::vec3& a = corner(triangle, 0);
        const glm::vec3& b = corner(triangle, 1);
        const glm::vec3& c = corner(triangle, 2);
        const Cells cells = cellsOf(glm::min(glm::min(a, b), c), glm::max(glm::max(a, b), c));
        for (int row = cells.row; row <= cells.lastRow; ++row) {
            for (int column = cells.column; column <= cells.lastColumn; ++column) {
                take(cellAt(column, row));
            }
        }
    }

    void fill() {
        starts_.assign(cellAt(0, rows_) + 1, 0);
        const std::size_t triangles = mesh_.indices.size() / 3;
        for (std::size_t i = 0; i < triangles; ++i) {
            forCellsOf(i, [&](std::size_t cell) { ++starts_[cell + 1]; });
        }
        for (std::size_t i = 1; i < starts_.size(); ++i) {
            starts_[i] += starts_[i - 1];
        }
        items_.resize(starts_.back());
        std::vector<std::uint32_t> next(starts_.begin(), starts_.end() - 1);
        for (std::size_t i = 0; i < triangles; ++i) {
            forCellsOf(
                i, [&](std::size_t cell) { items_[next[cell]++] = static_cast<std::uint32_t>(i); });
        }
    }

    float nearestInCell(std::size_t cell, const glm::vec3& point) const {
        float best = 1e30F;
        for (std::uint32_t i = starts_[cell]; i < starts_[cell + 1]; ++i) {
            const std::uint32_t triangle = items_[i];
            const glm::vec3 nearest = nearestOnTriangle(
                point, corner(triangle, 0), corner(triangle, 1), corner(triangle, 2));
            best = std::min(best, glm::dot(point - nearest, point - nearest));
        }
        return best;
    }

    const TriangleMesh& mesh_;
    glm::vec2 low_{1e30F};
    float cell_ = 1.0F;
    int columns_ = 1;
    int rows_ = 1;
    std::vector<std::uint32_t> starts_;
    std::vector<std::uint32_t> items_;
};

} // namespace

double largestDistance(const TriangleMesh& mesh, const TriangleMesh& surface, double giveUpMetres) {
    if (surface.indices.empty()) {
        return mesh.indices.empty() ? 0.0 : giveUpMetres;
    }
    const TriangleGrid grid(surface);
    std::vector<bool> isUsed(mesh.positions.size());
    for (const std::uint32_t index : mesh.indices) {
        isUsed[index] = true;
    }
    float largest = 0.0F;
    for (std::size_t i = 0; i < isUsed.size(); ++i) {
        if (isUsed[i]) {
            largest = std::max(
                largest, grid.distanceTo(mesh.positions[i], static_cast<float>(giveUpMetres)));
        }
    }
    return static_cast<double>(largest);
}

} // namespace tiles3d::mesh
