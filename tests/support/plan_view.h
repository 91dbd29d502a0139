#pragma once

#include "tests/support/level_mixture.h"
#include "tests/support/tile_painter.h"
#include "tiles3d/base/result.h"
#include "tiles3d/geo/enu_frame.h"
#include "tiles3d/image/image.h"

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tests {

/// Which places tiles cover in plan: a picture from so high above that what stands 100 m tall
/// leans by a thousandth of its distance from the middle. Places are those of the scene's frame.
class PlanView {
public:
    /// Fails like TilePainter::draw().
    static tiles3d::base::Result<PlanView>
    of(TilePainter& painter, const tiles3d::geo::EnuFrame& scene, const Tiles& tiles);

    bool covers(const glm::dvec2& place) const;

    /// The same without places less than `metres` (a square) from any that is not covered.
    PlanView withoutRim(double metres) const;

    using Colour = std::array<std::uint8_t, 3>; ///< RGB
    tiles3d::image::Raster picture(const Colour& covered, const Colour& elsewhere) const;
    /// Where a place is in the picture, as a texture coordinate.
    glm::vec2 uvOf(const glm::dvec3& place) const;

private:
    PlanView() = default;

    glm::dvec2 low_{0.0}; ///< South-western corner.
    double metresPerPixel_ = 1.0;
    std::size_t side_ = 0;
    std::vector<std::uint8_t> isCovered_; ///< side_ x side_, row 0 in the north.
};

} // namespace tests
