#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/mesh/mesh.h"

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <cstdint>
#include <vector>

namespace pipeline::overview {

/// Empty texels round a chart, filled from its rim: what bilinear filtering and the first two mip
/// levels look at beyond an edge is of the chart's own colour.
inline constexpr int kGutterTexels = 2;

/// Part of a surface that is seen whole from one direction, with its place in the atlas.
struct Chart {
    std::vector<std::uint32_t> triangles; ///< Of the charted mesh.
    glm::vec3 right{1.0F, 0.0F, 0.0F};    ///< Atlas x; with `up` and `normal` a right-handed frame.
    glm::vec3 up{0.0F, 1.0F, 0.0F};       ///< Against atlas y.
    glm::vec3 normal{0.0F, 0.0F, 1.0F};   ///< Towards the eye.
    glm::vec2 corner{0.0F};               ///< Metres along right and up at the chart's top left.
    float texelMetres = 1.0F;
    int width = 0; ///< Texels, gutters included.
    int height = 0;
    int x = 0; ///< Of its top left texel in the atlas.
    int y = 0;

    /// Texels from the chart's top left, y down.
    glm::vec2 toTexels(const glm::vec3& position) const;
};

struct Charts {
    std::vector<Chart> charts; ///< The first is the plan: everything seen from straight above.
    int width = 0;             ///< Of the atlas, texels.
    int height = 0;
};

struct ChartOptions {
    double planTexelMetres = 1.0; ///< Of the plan.
    double sideTexelMetres = 1.0; ///< Of all other charts.
};

/// Cuts a surface into charts and packs them. What faces up and nothing covers makes one chart, the
/// plan: an orthophoto, without seams between roofs and ground and with the roofs in the holes that
/// they leave. The rest (façades, what lies under trees and eaves) is grown into charts of nearly
/// one direction that do not overlap themselves. What would make a chart of a few texels only joins
/// the plan: gutters would take most of its room.
/// Fails if the atlas would be larger than 8192 texels on a side.
/// REQUIRES: welded positions, z up, texels > 0. Deterministic.
tiles3d::base::Result<Charts> chart(const tiles3d::mesh::TriangleMesh& mesh,
                                    const ChartOptions& options);

} // namespace pipeline::overview
