#include "viewer/overlay/ground_grid.h"

#include "pipeline/planning/bare_ground.h"
#include "tiles3d/mesh/raster_triangle.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace viewer::overlay {

namespace {

/// A tile's edge is straight in the scene and all but straight on the plane.
bool isOver(const stream::MeshPack& mesh, const PlaneFit& plane, const GroundArea& area) {
    const glm::dvec3 centre = (mesh.limits.minimum + mesh.limits.maximum) / 2.0;
    const double reach = glm::distance(mesh.limits.minimum, mesh.limits.maximum) / 2.0;
    const double half = area.cellMetres * static_cast<double>(area.cellsAcross) / 2.0;
    const glm::dvec2 offset = glm::abs(glm::dvec2(plane.toPlane(centre)) - (area.low + half));
    constexpr double kBend = 1.01;
    return std::max(offset.x, offset.y) <= half + kBend * reach;
}

/// Cells from the area's corner, and the height.
std::vector<glm::vec3> placed(const stream::MeshPart& part,
                              const glm::dvec3& centre,
                              const PlaneFit& plane,
                              const GroundArea& area) {
    std::vector<glm::vec3> places;
    places.reserve(part.positions.size());
    for (const glm::vec3& position : part.positions) {
        const glm::dvec3 at = plane.toPlane(centre + glm::dvec3(position));
        places.emplace_back((glm::dvec2(at) - area.low) / area.cellMetres, at.z);
    }
    return places;
}

template <typename Index>
void drawLowest(const std::vector<glm::vec3>& places,
                const std::vector<Index>& indices,
                GroundGrid& grid) {
    const glm::ivec2 size(static_cast<int>(grid.area.cellsAcross));
    for (std::size_t i = 0; i + 2 < indices.size(); i += 3) {
        const glm::vec3& a = places[indices[i]];
        const glm::vec3& b = places[indices[i + 1]];
        const glm::vec3& c = places[indices[i + 2]];
        tiles3d::mesh::rasterise(
            glm::vec2(a), glm::vec2(b), glm::vec2(c), size, [&](int x, int y, const auto& w) {
                const auto place = static_cast<std::size_t>(y) * grid.area.cellsAcross +
                                   static_cast<std::size_t>(x);
                const float height = glm::dot(w, glm::vec3(a.z, b.z, c.z));
                grid.heights[place] = std::fmin(grid.heights[place], height); // passes over NaN
            });
    }
}

} // namespace

GroundArea groundAreaAround(const glm::dvec2& eyeOnPlane, double metresAboveLand) {
    constexpr double kLowMetres = 500.0;
    constexpr double kStepCells = 64.0;
    GroundArea area;
    area.cellMetres = metresAboveLand < kLowMetres ? 4.0 : 8.0;
    const double step = kStepCells * area.cellMetres;
    const double half = area.cellMetres * static_cast<double>(area.cellsAcross) / 2.0;
    area.low = glm::round(eyeOnPlane / step) * step - half;
    return area;
}

GroundGrid groundUnder(const Meshes& meshes, const PlaneFit& plane, const GroundArea& area) {
    GroundGrid grid{.area = area};
    grid.heights.assign(area.cellsAcross * area.cellsAcross,
                        std::numeric_limits<float>::quiet_NaN());
    for (const auto& mesh : meshes) {
        if (!isOver(*mesh, plane, area)) {
            continue;
        }
        for (const stream::MeshPart& part : mesh->parts) {
            const std::vector<glm::vec3> places = placed(part, mesh->centre, plane, area);
            drawLowest(places, part.shortIndices, grid);
            drawLowest(places, part.longIndices, grid);
        }
    }
    grid.heights =
        pipeline::planning::bareGround({grid.heights, area.cellsAcross, area.cellMetres});
    return grid;
}

} // namespace viewer::overlay
