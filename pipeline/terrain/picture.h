#pragma once

#include "pipeline/terrain/lattice.h"
#include "tiles3d/image/image.h"

#include <array>

namespace pipeline::terrain {

/// How land without an orthophoto is drawn.
struct Relief {
    double metresPerStepEast = 1.0; ///< Between posts.
    double metresPerStepNorth = 1.0;
    /// Ellipsoidal height of the sea at the corners of the lattice's own posts: south-west,
    /// south-east, north-west, north-east. Flat land at this height is drawn as water.
    std::array<double, 4> seaLevelMetres{};
};

/// Fills what has no colour (alpha 0) with a shaded relief of the land: light from the north-west,
/// 45 degrees up, as maps have it; colours by height. The picture shows exactly the lattice's own
/// posts from edge to edge, row 0 in the north. Alpha is not changed: it goes on telling where the
/// orthophoto is. REQUIRES: RGBA; lattice.apron >= 1.
void drawReliefInPlace(tiles3d::image::Raster& picture,
                       const Lattice& lattice,
                       const Relief& relief);

/// Half the size: the mean of each 2 x 2 texels, alpha the largest of them: where any of them is of
/// an orthophoto. REQUIRES: RGBA, even sides.
tiles3d::image::Raster halved(const tiles3d::image::Raster& picture);

/// The square of `side` texels whose upper left corner is (column, row). REQUIRES: inside.
tiles3d::image::Raster cut(const tiles3d::image::Raster& picture,
                           std::uint32_t column,
                           std::uint32_t row,
                           std::uint32_t side);

/// Whether any texel of the square is of an orthophoto.
bool hasOrtho(const tiles3d::image::Raster& picture,
              std::uint32_t column,
              std::uint32_t row,
              std::uint32_t side);

} // namespace pipeline::terrain
