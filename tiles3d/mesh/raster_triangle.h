#pragma once

#include <glm/common.hpp>
#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <algorithm>
#include <cmath>

namespace tiles3d::mesh {

/// How far outside of an edge, in cells, a centre still counts as on it.
inline constexpr float kRim = 1e-3F;

/// Calls visit(x, y, weights) for every cell of a grid of `size` unit cells whose
/// centre lies in the triangle, its edges included; `weights` are those of a, b and c there. Either
/// orientation. A triangle without an area has no cells. Rows from small y to large.
template <typename Visit>
void rasterise(const glm::vec2& a,
               const glm::vec2& b,
               const glm::vec2& c,
               const glm::ivec2& size,
               const Visit& visit) {
    const float area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
    if (area == 0.0F || !std::isfinite(area)) {
        return;
    }
    const auto cellFrom = [](float value, int last) { // the first centre at or after it
        return static_cast<int>(std::clamp(value + 0.5F, 0.0F, static_cast<float>(last + 1)));
    };
    const int firstY = cellFrom(std::min({a.y, b.y, c.y}) - kRim, size.y - 1);
    const int endY = cellFrom(std::max({a.y, b.y, c.y}) + kRim, size.y - 1);
    const float inverse = 1.0F / area;
    // Each weight is affine in x: start and step along a row. Where it is positive bounds the row.
    const glm::vec3 step((b.y - c.y) * inverse, (c.y - a.y) * inverse, (a.y - b.y) * inverse);
    for (int y = firstY; y < endY; ++y) {
        const float dy = static_cast<float>(y) + 0.5F - a.y;
        const float rowB = -dy * (c.x - a.x) * inverse - a.x * step.y;
        const float rowC = dy * (b.x - a.x) * inverse - a.x * step.z;
        const glm::vec3 row(1.0F - rowB - rowC, rowB, rowC);
        float from = 0.0F;
        float to = static_cast<float>(size.x);
        for (int i = 0; i < 3; ++i) {
            const float edge = -row[i] / step[i];
            from = step[i] > 0.0F ? std::max(from, edge) : from;
            to = step[i] < 0.0F ? std::min(to, edge) : to;
            to = step[i] == 0.0F && row[i] < 0.0F ? -1.0F : to;
        }
        const int endX = cellFrom(to + kRim, size.x - 1);
        for (int x = cellFrom(from - kRim, size.x - 1); x < endX; ++x) {
            visit(x, y, row + step * (static_cast<float>(x) + 0.5F));
        }
    }
}

} // namespace tiles3d::mesh
