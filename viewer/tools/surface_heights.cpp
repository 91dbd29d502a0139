#include "viewer/tools/surface_heights.h"

#include <glm/mat3x3.hpp>

#include <utility>

namespace viewer::tools {

namespace geo = tiles3d::geo;

HeightAt surfaceHeights(camera::Pick pick, const geo::EnuFrame& scene) {
    return [pick = std::move(pick),
            scene](const geo::Cartographic& place) -> std::optional<double> {
        const glm::dvec3 down = -(glm::dmat3(scene.fromEcefMatrix()) * geo::surfaceNormal(place));
        const auto hit = pick({scene.fromEcef(geo::toEcef(place)).metres, down});
        return hit ? std::optional(geo::toCartographic(scene.toEcef({*hit})).heightMetres)
                   : std::nullopt;
    };
}

} // namespace viewer::tools
