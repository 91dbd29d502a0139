#pragma once

#include <glm/common.hpp>
#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <algorithm>
#include <cmath>

namespace pipeline::overview {

/// Calls visit(x, y, weights) for every cell of a grid of `width` x `height` unit cells whose
/// centre lies in the triangle, its edges included; `weights` are those of a, b and c there. Either
/// orientation. A triangle without an area has no cells. Rows from small y to large.
template <typename Visit>
void rasterise(const glm::vec2& a,
               const glm::vec2& b,
               const glm::vec2& c,
               int width,
               int height,
               const Visit& visit) {
    const float area = (b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y);
    if (area == 0.0F || !std::isfinite(area)) {
        return;
    }
    const glm::vec2 low = glm::min(glm::min(a, b), c) - 0.5F;
    const glm::vec2 high = glm::max(glm::max(a, b), c) - 0.5F;
    const auto clamped = [](float value, int last) {
        return static_cast<int>(std::clamp(value, -1.0F, static_cast<float>(last)));
    };
    const int firstX = std::max(clamped(std::ceil(low.x), width), 0);
    const int firstY = std::max(clamped(std::ceil(low.y), height), 0);
    const int lastX = clamped(std::floor(high.x), width - 1);
    const int lastY = clamped(std::floor(high.y), height - 1);
    const float inverse = 1.0F / area;
    // Weights of b and c are affine in x and y: one step each along a row.
    const float stepB = (c.y - a.y) * inverse;
    const float stepC = (a.y - b.y) * inverse;
    constexpr float kEdge = -1e-5F;
    for (int y = firstY; y <= lastY; ++y) {
        const float dy = static_cast<float>(y) + 0.5F - a.y;
        const float rowB = -dy * (c.x - a.x) * inverse;
        const float rowC = dy * (b.x - a.x) * inverse;
        for (int x = firstX; x <= lastX; ++x) {
            const float dx = static_cast<float>(x) + 0.5F - a.x;
            const float weightB = rowB + dx * stepB;
            const float weightC = rowC + dx * stepC;
            const float weightA = 1.0F - weightB - weightC;
            if (weightA >= kEdge && weightB >= kEdge && weightC >= kEdge) {
                visit(x, y, glm::vec3(weightA, weightB, weightC));
            }
        }
    }
}

} // namespace pipeline::overview
