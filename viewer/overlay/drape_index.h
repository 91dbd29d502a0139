#pragma once

#include "pipeline/planning/vector_layer.h"
#include "tiles3d/base/result.h"
#include "viewer/overlay/drape_style.h"

#include <glm/vec2.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace viewer::overlay {

/// A feature to drape, in plane coordinates.
struct DrapeFeature {
    pipeline::planning::Geometry geometry; ///< Polygons and lines; points are not draped.
    DrapeStyle style;
    std::uint32_t layer = 0; ///< Layers are shown, hidden and faded by number (DrapeLayers).
};

/// A rectangle of plane coordinates, metres.
struct PlaneExtent {
    glm::dvec2 minimum{0.0};
    glm::dvec2 maximum{0.0};
};

using Texel = std::array<std::uint32_t, 4>;

/// One level of the index: square cells, 16 x 16 of them to a page.
struct DrapeLevel {
    float cellMetres = 16.0F;
    float padMetres = 4.0F; ///< How far outside a cell an edge is still listed for distances.
    float mostMetresPerPixel = 1.0F; ///< Coarser views use the next level.
    std::uint32_t tableStart = 0;    ///< First texel of the page table: one page start per entry.
    std::uint32_t pagesEast = 0;
    std::uint32_t pagesNorth = 0;
};

/// Vectors of one plane as a grid that a shader looks up: for a point, the few features whose edges
/// or inside are in its cell, bottom to top. Distances and insides are exact, at any zoom.
///
/// All of it is one array of texels (RGBA32UI, kTexelsAcross wide as a texture):
///   styles    kStyleTexels per style
///   per level page table: 4 entries per texel, first texel of the page or 0
///   pages     128 texels of 16 x 16 cells, two per texel: (first texel of the records, count)
///   records   header (kind << 28 | style, parity edges, distance edges, width), then the edges
///   edges     (ax, ay, bx, by) as float bits relative to the page's south-west corner; distance
///             edges of dashed styles take a second texel (arc length at a, -, -, -)
/// The width is that of a filled surface (the side of a square of its area, metres), endless for
/// all else: an outline fades where it would be wider than that.
/// kinds: 1 SOLID the cell is inside, 2 POLY even-odd by a ray to the west over the parity edges,
/// 3 LINE distance edges only.
struct DrapeIndex {
    static constexpr std::uint32_t kTexelsAcross = 4096;
    static constexpr std::uint32_t kStyleTexels = 5;
    static constexpr std::uint32_t kCellsAcross = 16;

    glm::dvec2 anchor{0.0};         ///< Plane coordinates of the south-west corner of all levels.
    std::vector<DrapeLevel> levels; ///< Finest first.
    std::vector<Texel> texels;
};

/// Builds the index of what lies within `extent`. Features are drawn in their order.
/// Fails if it would take more than `mostTexels` (64 M texels = 1 GiB).
/// Source: the cell lookup follows the idea of CesiumJS' vector tiles in a plane of our own.
tiles3d::base::Result<DrapeIndex> buildDrapeIndex(const std::vector<DrapeFeature>& features,
                                                  const PlaneExtent& extent,
                                                  std::size_t mostTexels = std::size_t{1} << 26U);

/// What the shader finds at a point for one record.
struct DrapeHit {
    std::uint32_t style = 0;
    bool isInside = false;
    std::optional<float> distanceMetres; ///< To the nearest listed edge.
};

/// The shader's lookup on the CPU, in the same float arithmetic; for tests and identify.
/// `point` is relative to the index's anchor.
std::vector<DrapeHit> lookUp(const DrapeIndex& index, std::size_t level, const glm::vec2& point);

} // namespace viewer::overlay
