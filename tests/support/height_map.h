#pragma once

#include "tests/support/level_mixture.h"
#include "tests/support/tile_painter.h"
#include "tiles3d/base/result.h"
#include "tiles3d/geo/enu_frame.h"
#include "tiles3d/tileset/bounding_volume.h"

#include <glm/vec2.hpp>

#include <cstddef>
#include <vector>

namespace tests {

/// The ground plan of a HeightMap, places and heights of the scene's frame.
struct MapExtent {
    glm::dvec2 middle{0.0};
    double sideMetres = 0.0;
    double lowestMetres = 0.0; ///< Nothing lies lower, nor much higher: both views start from here.
};

/// The square round the limits.
MapExtent mapExtent(const tiles3d::tileset::Limits& limits);

enum class Seen { FromAbove, FromBelow };

/// Heights of the highest or the lowest surface of tiles at each place: a picture from 50 km, so
/// that what stands 50 m tall leans by a thousandth of its distance from the middle. Heights are
/// within 2 cm.
class HeightMap {
public:
    /// Fails like TilePainter::draw().
    static tiles3d::base::Result<HeightMap> of(TilePainter& painter,
                                               const tiles3d::geo::EnuFrame& scene,
                                               const Tiles& tiles,
                                               const MapExtent& extent,
                                               Seen seen);

    /// NaN where there is nothing.
    float at(const glm::dvec2& place) const;

    /// The same without places less than `metres` (a square) from any that has nothing.
    HeightMap withoutRim(double metres) const;

    /// One per place, side x side, row 0 in the north; of the same extent at the same index.
    const std::vector<float>& heights() const { return heights_; }
    double stepMetres() const;

private:
    HeightMap(const MapExtent& extent, std::vector<float> heights)
        : extent_(extent), heights_(std::move(heights)) {}

    MapExtent extent_;
    std::vector<float> heights_;
};

} // namespace tests
