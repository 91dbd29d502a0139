#pragma once

#include "tiles3d/base/bytes.h"
#include "tiles3d/base/result.h"
#include "tiles3d/geo/angle.h"

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <cstdint>
#include <vector>

namespace pipeline::terrain {

/// A rectangle in longitude and latitude; west < east, south < north.
struct LonLatRectangle {
    tiles3d::geo::Angle west;
    tiles3d::geo::Angle south;
    tiles3d::geo::Angle east;
    tiles3d::geo::Angle north;
};

/// The triangles of one terrain tile, placed within a rectangle.
struct TileSurface {
    struct Vertex {
        glm::dvec2 uv{0.0};        ///< 0 to 1: west to east, south to north, linear in the angles.
        double heightMetres = 0.0; ///< Ellipsoidal.
        glm::vec3 normal{0.0F};    ///< ECEF, length 1.
    };
    LonLatRectangle rectangle;
    std::vector<Vertex> vertices;
    std::vector<std::uint32_t> indices; ///< Counter-clockwise seen from above.
};

/// The tile as a file of format quantized-mesh-1.0 with the extension octvertexnormals, not
/// gzipped. u and v are rounded to 1/32767 of the rectangle, heights to as much of their range; a
/// vertex on a border stays there. Vertices are put in the order in which triangles use them,
/// unused ones are left out. Normals are within 1.2 degrees. Fails if there is no triangle, an
/// index or uv is out of range, or a height is not finite. Source:
/// CesiumGS/quantized-mesh (README); Cigolle and others, "A survey of efficient representations for
/// independent unit vectors" (2014), oct encoding.
tiles3d::base::Result<tiles3d::base::Bytes> toQuantizedMesh(const TileSurface& surface);

/// The point, in ECEF divided by the ellipsoid's radii, such that whoever sees any of `positions`
/// (ECEF metres, on or below which the surface lies) over the horizon sees it too: in the direction
/// of `centre`, as low as can be. Of vertices spread over a quarter of the globe or more no point
/// does: then one 1,000 radii away, which is hidden from next to nowhere.
/// Source: Ring, "Computing the horizon occlusion point" (cesium.com/blog, 2013).
glm::dvec3 horizonOcclusionPoint(const glm::dvec3& centre,
                                 const std::vector<glm::dvec3>& positions);

} // namespace pipeline::terrain
