#pragma once

#include "pipeline/sample/facade.h"
#include "pipeline/sample/scenery.h"

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <array>
#include <cstddef>
#include <vector>

namespace pipeline::sample {

/// A convex polygon of three or four corners, counter-clockwise from outside.
struct Face {
    static constexpr int kTopDown = -1; ///< Textured from straight above.

    std::array<glm::dvec3, 4> corners{}; ///< Metres east, north, up.
    std::array<glm::dvec2, 4> onWall{};  ///< (s, t) per corner, for walls.
    int count = 3;
    int wall = kTopDown; ///< Index into the block's walls.
};

/// Walls of all volumes, four per volume in the order of `scenery.volumes`.
std::vector<Wall> allWalls(const Scenery& scenery);

/// Everything on the ground as faces, in the detail of a level (14 coarse to 20 fine). Wall indices
/// are those of allWalls(). Lean: plain boxes, and none that is lower than four pixels at the
/// level's handover (16 m at L14, 4 m at L16).
std::vector<Face> shapeThings(const Scenery& scenery, int level, Detail detail = Detail::Full);

/// The ground of a window as a grid of `divisions` squares each way.
std::vector<Face> shapeGround(const StreetPlan& plan, const Window& window, int divisions);

} // namespace pipeline::sample
