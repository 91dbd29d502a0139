#include "tiles3d/gltf/quantization.h"

#include <glm/common.hpp>

#include <algorithm>
#include <cmath>

namespace tiles3d::gltf {

double gridStep(double limitMetres) {
    return std::exp2(std::floor(std::log2(limitMetres)));
}

glm::uvec3 PositionGrid::indexOf(const glm::vec3& yUpPosition) const {
    return {glm::round((glm::dvec3(yUpPosition) - first) / step)};
}

glm::vec3 PositionGrid::positionOf(const glm::uvec3& index) const {
    return {first + glm::dvec3(index) * step};
}

std::optional<PositionGrid> positionGrid(const Model& model, double stepLimitMetres) {
    constexpr double kMostSteps = 16777216.0;
    glm::vec3 low(3e38F);
    glm::vec3 high(-3e38F);
    for (const Primitive& primitive : model.primitives) {
        for (const glm::vec3& position : primitive.mesh.positions) {
            low = glm::min(low, position);
            high = glm::max(high, position);
        }
    }
    if (low.x > high.x) {
        return std::nullopt;
    }
    PositionGrid grid;
    grid.step = gridStep(stepLimitMetres);
    const glm::dvec3 yUpLow(low.x, low.z, -high.y);
    const glm::dvec3 yUpHigh(high.x, high.z, -low.y);
    // Grid lines run through the tile frame's zero, so through the origin's own remainder too.
    const glm::dvec3 origin = yUp(model.origin);
    grid.first = glm::floor((yUpLow + origin) / grid.step) * grid.step - origin;
    const glm::dvec3 steps = glm::ceil((yUpHigh - grid.first) / grid.step);
    const double most = std::max({steps.x, steps.y, steps.z});
    if (!(most < kMostSteps)) {
        return std::nullopt;
    }
    grid.largestIndex = static_cast<std::uint32_t>(most);
    return grid;
}

UvRange uvRange(const std::vector<glm::vec2>& uvs) {
    glm::vec2 low(3e38F);
    glm::vec2 high(-3e38F);
    for (const glm::vec2& uv : uvs) {
        low = glm::min(low, uv);
        high = glm::max(high, uv);
    }
    return {low, std::max({high.x - low.x, high.y - low.y, 1e-6F})};
}

int bitsFor(double extent, double step) {
    constexpr int kMostBits = 30;
    const double bits = std::ceil(std::log2(extent / step + 1.0));
    return bits < kMostBits ? std::max(static_cast<int>(bits), 1) : kMostBits;
}

} // namespace tiles3d::gltf
