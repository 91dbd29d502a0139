#pragma once

#include "pipeline/overview/surface.h"
#include "tiles3d/image/image.h"
#include "tiles3d/mesh/mesh.h"

#include <glm/vec3.hpp>

namespace pipeline::overview {

inline constexpr glm::vec3 kGreen{60.0F, 160.0F, 40.0F};
inline constexpr glm::vec3 kRed{200.0F, 50.0F, 40.0F};
inline constexpr glm::vec3 kBlue{40.0F, 60.0F, 210.0F};

/// Two triangles, counter-clockwise from outside, with texture coordinates that stay half a texel
/// inside the coloured middle of paddedTexture().
void addQuad(tiles3d::mesh::TriangleMesh& mesh,
             const glm::vec3& a,
             const glm::vec3& b,
             const glm::vec3& c,
             const glm::vec3& d);

/// 8 x 8 texels: 4 x 4 of `colour` in the middle, black all round.
tiles3d::image::Raster paddedTexture(const glm::vec3& colour);

/// A box of 20 m by 20 m by 15 m on ground of 80 m by 80 m that has a hole under it.
struct House {
    tiles3d::mesh::TriangleMesh ground;
    tiles3d::mesh::TriangleMesh roof;
    tiles3d::mesh::TriangleMesh walls;
};
House house();

/// The house as a child: green ground, red roof, blue walls.
Surface surfaceOf(const House& house);

/// All parts as one mesh of welded positions: ground, roof, walls.
tiles3d::mesh::TriangleMesh meshOf(const House& house);

/// Positions made one where they are equal; no texture coordinates.
tiles3d::mesh::TriangleMesh welded(tiles3d::mesh::TriangleMesh mesh);

/// The pixel's colour.
glm::vec3 colourAt(const tiles3d::image::Raster& raster, int x, int y);

/// The darkest pixel's largest channel: 0 if there is any black.
float darkest(const tiles3d::image::Raster& raster);

} // namespace pipeline::overview
