#pragma once

#include "tiles3d/geo/angle.h"
#include "tiles3d/geo/ellipsoid.h"
#include "viewer/tools/surface_heights.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace viewer::tools {

/// A line through points in space. All 0 for fewer than two points.
struct LineMeasure {
    double straightMetres = 0.0;   ///< Sum of the legs in space.
    double horizontalMetres = 0.0; ///< Sum of the legs as geodesics on the ellipsoid.
    double riseMetres = 0.0;       ///< Height of the last point above the first, ellipsoidal.
    tiles3d::geo::Angle slope; ///< Of the rise over the horizontal length; 90 degrees if upright.
};
LineMeasure measureLine(const std::vector<tiles3d::geo::Cartographic>& line);

struct SurfaceOptions {
    double firstStepMetres = 2.0;  ///< Samples are never further apart than this.
    double leastStepMetres = 0.1;  ///< Nor asked for closer together.
    double sameWithin = 0.001;     ///< Done when half the step changes the length by less.
    std::size_t maxSamples = 4000; ///< Of one pass; all passes together ask for twice that.
};

/// Length along the surface in the upright plane through each leg: as a cable laid on ground and
/// roofs, walls included.
struct SurfaceMeasure {
    double metres = 0.0;
    double stepMetres = 0.0;  ///< Of the last pass, on the longest leg.
    std::size_t samples = 0;  ///< Asked for in the last pass.
    std::size_t missing = 0;  ///< Of them without a surface: bridged by a straight line.
    bool isConverged = false; ///< False if it ended by a limit of the options.
};

/// The ends of the legs count with their own heights. A surface rougher than the last step (a
/// fence, a tree) is not followed.
SurfaceMeasure measureAlongSurface(const std::vector<tiles3d::geo::Cartographic>& line,
                                   const HeightAt& heightAt,
                                   const SurfaceOptions& options = {});

/// A polygon through points in space; its last point is joined to the first. All 0 for fewer than
/// three points.
struct AreaMeasure {
    double horizontalSquareMetres = 0.0; ///< Its outline on the ellipsoid, geodesic.
    double perimeterMetres = 0.0;        ///< The same, horizontal.
    double outlineMetres = 0.0;          ///< Perimeter in space.
    double planeSquareMetres = 0.0;      ///< In the polygon's own plane: of a roof or a façade.
    tiles3d::geo::Angle planeTilt;       ///< 0 for level ground, 90 degrees for a façade.
    double offPlaneMetres = 0.0;         ///< The farthest point from that plane.
    bool crossesItself = false;          ///< Seen square to its plane; areas then mean little.
};
AreaMeasure measureArea(const std::vector<tiles3d::geo::Cartographic>& polygon);

/// How high a point is above the surface below it, metres; none where there is none.
std::optional<double> heightAboveSurface(const tiles3d::geo::Cartographic& point,
                                         const HeightAt& heightAt);

} // namespace viewer::tools
