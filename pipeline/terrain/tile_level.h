#pragma once

#include "pipeline/terrain/cells.h"
#include "pipeline/terrain/lattice.h"
#include "pipeline/terrain/tile.h"
#include "tiles3d/base/result.h"
#include "tiles3d/image/image.h"

#include <glm/vec2.hpp>

#include <optional>

namespace pipeline::terrain {

/// The tolerances of meshes, in pixels of the level: half of one with what sampling lost, and half
/// of that where nothing finer follows. The bound that the geometric error states is a whole one.
inline constexpr double kTolerancePixels = 0.5;

/// How far terrain goes on below photogrammetry, and as much again behind roofs there, so that no
/// view past its edge, and through the floors that its buildings do not have, meets nothing.
inline constexpr double kBandMetres = 24.0;

/// Intervals of a tile's mesh at most: posts as far apart as texels.
inline constexpr int kMostIntervals = kTexels;

/// One level of a unit's tiles: its lattice ready to be meshed, what errors are measured against,
/// and the picture.
struct TileLevel {
    int intervals = 0;         ///< Of each tile's mesh.
    int measuredIntervals = 0; ///< Of each tile in `plain`: the same or twice as many.
    PostGrid land;
    PostGrid plain;
    tiles3d::image::Raster picture; ///< RGBA, kTexels per tile.
};

/// The tolerance where nothing finer follows, above a DEM's depth or below it. On borders all tiles
/// of a level have that of the finest DEM, so that neighbours share them, whatever lies below.
double leafTolerance(const CellGrid& grid, int demDepth, int depth);

/// With what sampling lost half a pixel, as far as that goes; never less than a leaf of the level.
double innerTolerance(double pixelMetres, double lostMetres);

/// Halvings of a lattice with that many intervals per tile until a mesh takes them.
int halvingsFor(int intervals);

/// How land goes on below photogrammetry at a depth, in a mesh of `intervals`.
RimOptions rimOptions(const CellGrid& grid, int depth, int intervals);

/// The apron that meshedLand() needs for that.
int apronFor(const RimOptions& rim);

struct TileMeasures {
    double toleranceMetres = 0.0;
    double borderToleranceMetres = 0.0;
    double unmeasuredMetres = 0.0; ///< How far the rasters may lie from TileLevel::plain.
};

/// Meshes tile `at` of a level, counted from the unit's south-west, and writes it. Nothing if it
/// has no land. Beside what the tolerance asks for, posts are vertices every so often that the
/// Earth's curvature under a triangle stays below a quarter of a pixel. Its error is what was
/// measured, with what could not be and the curvature. Fails on a failed output.
tiles3d::base::Result<std::optional<TileRecord>> makeTile(const Cell& cell,
                                                          const TileLevel& level,
                                                          const glm::ivec2& at,
                                                          const TileMeasures& measures,
                                                          const TileStyle& style);

} // namespace pipeline::terrain
