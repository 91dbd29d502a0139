#pragma once

#include "viewer/overlay/plane_fit.h"
#include "viewer/stream/mesh_pack.h"

#include <glm/vec2.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace viewer::overlay {

using Meshes = std::vector<std::shared_ptr<const stream::MeshPack>>;

/// A square of the plane.
struct GroundArea {
    glm::dvec2 low{0.0}; ///< South-western corner.
    double cellMetres = 4.0;
    std::size_t cellsAcross = 1024;

    bool operator==(const GroundArea&) const = default;
};

/// What is worth knowing for an eye so high above the land: 2 km around it by cells of 4 m, from
/// 500 m on 4 km by 8 m. Moves in steps of 64 cells.
GroundArea groundAreaAround(const glm::dvec2& eyeOnPlane, double metresAboveLand);

/// Heights of the ground above the ellipsoid, rows from the south; NaN where it is not known.
struct GroundGrid {
    GroundArea area;
    std::vector<float> heights;
};

/// The ground under what the meshes show: the lowest triangle over each cell's centre, less what is
/// narrower than 60 m. So roofs, trees and flyovers are no ground; but neither are dams and ridges
/// that narrow, and roofs that are wider are. Where roofs go on beyond the area they may stay
/// within 60 m of its rim. Same meshes, same grid, whatever their order.
GroundGrid groundUnder(const Meshes& meshes, const PlaneFit& plane, const GroundArea& area);

} // namespace viewer::overlay
