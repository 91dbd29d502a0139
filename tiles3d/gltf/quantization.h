#pragma once

#include "tiles3d/gltf/model.h"

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace tiles3d::gltf {

/// The largest power of two not above `limitMetres`. REQUIRES: limitMetres > 0.
double gridStep(double limitMetres);

/// glTF's axes: (x, y, z) -> (x, z, -y).
inline glm::vec3 yUp(const glm::vec3& zUp) {
    return {zUp.x, zUp.z, -zUp.y};
}
inline glm::dvec3 yUp(const glm::dvec3& zUp) {
    return {zUp.x, zUp.z, -zUp.y};
}

/// Positions of all primitives as multiples of `step` above `first`, y-up, tile frame without the
/// model's origin.
struct PositionGrid {
    double step = 1.0;
    glm::dvec3 first{0.0};          ///< A multiple of step on each axis.
    std::uint32_t largestIndex = 0; ///< Over all axes and vertices.

    glm::uvec3 indexOf(const glm::vec3& yUpPosition) const;
    glm::vec3 positionOf(const glm::uvec3& index) const;
};

/// The grid that holds every vertex of the model, its origin's grid lines included, so that equal
/// positions in two tiles of one frame are equal on both grids. Nothing if it would take more than
/// 2^24 steps, which float32 cannot hold either.
std::optional<PositionGrid> positionGrid(const Model& model, double stepLimitMetres);

/// Texture coordinates of one primitive as a range that is cut into steps.
struct UvRange {
    glm::vec2 minimum{0.0F};
    float extent = 0.0F; ///< The larger of both axes.
};

UvRange uvRange(const std::vector<glm::vec2>& uvs);

/// Bits so that `extent` is cut into steps of at most `step`: from 1 to 30.
int bitsFor(double extent, double step);

} // namespace tiles3d::gltf
