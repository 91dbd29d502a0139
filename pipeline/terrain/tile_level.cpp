#include "pipeline/terrain/tile_level.h"

#include "pipeline/terrain/picture.h"
#include "tiles3d/geo/ellipsoid.h"

#include <algorithm>
#include <cmath>

namespace pipeline::terrain {

using tiles3d::base::Result;

namespace {

/// Posts that the land goes on below photogrammetry: with the apron for it at most half a tile,
/// since that is what a base cell reads of its neighbours at least.
int bandPosts(double postMetres, int intervals) {
    constexpr int kLeast = 3;
    const int most = std::max(intervals / 4 - 1, kLeast);
    return std::clamp(static_cast<int>(std::ceil(kBandMetres / postMetres)), kLeast, most);
}

/// Posts that become vertices so that the Earth's curvature under one triangle stays small: every
/// so many posts along both axes.
int curvatureStride(const CellGrid& grid, const Cell& cell, int intervals) {
    // A chord of L metres lies L^2 / 8R below the arc: an eighth of a pixel for L^2 = R * pixel.
    const double chord =
        std::sqrt(tiles3d::geo::kSemiMajorMetres * grid.metresPerPixel(cell.depth));
    int stride = intervals;
    while (stride > 1 && stride % 2 == 0 &&
           grid.metresPerPixel(cell.depth) * kTexels / intervals * stride > chord) {
        stride /= 2;
    }
    return stride;
}

void fixEvery(int stride, PostGrid& land) {
    if (stride == land.intervals) {
        return; // the corners are vertices anyway
    }
    land.fixed.resize(land.heights.size());
    for (int row = 0; row <= land.intervals; row += stride) {
        for (int column = 0; column <= land.intervals; column += stride) {
            land.fixed[land.indexOf(column, row)] = 1;
        }
    }
}

/// How far the arc over a stride's diagonal lies above its chord.
double sagMetres(const CellGrid& grid, const Cell& cell, int intervals, int stride) {
    const double side = grid.metresPerPixel(cell.depth) * kTexels / intervals * stride;
    return 2.0 * side * side / (8.0 * tiles3d::geo::kSemiMajorMetres);
}

/// The picture of tile `at`.
tiles3d::image::Raster pictureOf(const TileLevel& level, const glm::ivec2& at) {
    constexpr std::uint32_t kSide = kTexels;
    const std::uint32_t fromSouth = (static_cast<std::uint32_t>(at.y) + 1) * kSide;
    return cut(level.picture,
               static_cast<std::uint32_t>(at.x) * kSide,
               level.picture.height - fromSouth,
               kSide);
}

PostGrid tileOf(const PostGrid& grid, const glm::ivec2& at, int intervals) {
    return cut(grid, at.x * intervals, at.y * intervals, intervals);
}

} // namespace

double leafTolerance(const CellGrid& grid, int demDepth, int depth) {
    return grid.metresPerPixel(std::max(demDepth, depth)) * kTolerancePixels / 2.0;
}

double innerTolerance(double pixelMetres, double lostMetres) {
    return std::max(kTolerancePixels * pixelMetres - lostMetres,
                    kTolerancePixels / 2.0 * pixelMetres);
}

int halvingsFor(int intervals) {
    int halvings = 0;
    while ((intervals >> halvings) > kMostIntervals) {
        ++halvings;
    }
    return halvings;
}

int apronFor(const RimOptions& rim) {
    return 2 * rim.bandPosts + 2;
}

RimOptions rimOptions(const CellGrid& grid, int depth, int intervals) {
    const double postMetres = grid.metresPerPixel(depth) * kTexels / intervals;
    // A pixel lower than the photogrammetry: either errs by half of one.
    constexpr double kLeastMetres = 0.05;
    return {.bandPosts = bandPosts(postMetres, intervals),
            .marginMetres = grid.metresPerPixel(depth) + kLeastMetres};
}

Result<std::optional<TileRecord>> makeTile(const Cell& cell,
                                           const TileLevel& level,
                                           const glm::ivec2& at,
                                           const TileMeasures& measures,
                                           const TileStyle& style) {
    CellSurface surface{.cell = cell, .land = tileOf(level.land, at, level.intervals)};
    const int stride = curvatureStride(style.grid, cell, level.intervals);
    fixEvery(stride, surface.land);
    surface.tin = triangulate(surface.land,
                              measures.toleranceMetres,
                              {.borderToleranceMetres = measures.borderToleranceMetres});
    if (surface.tin.indices.empty()) {
        return std::optional<TileRecord>();
    }
    surface.picture = pictureOf(level, at);
    Result<TileRecord> record = writeTile(surface, style);
    if (!record) {
        return record.error();
    }
    const PostGrid plain = tileOf(level.plain, at, level.measuredIntervals);
    record->errorMetres = largestDeviation(surface.tin, surface.land, plain) +
                          measures.unmeasuredMetres +
                          sagMetres(style.grid, cell, level.intervals, stride);
    return std::optional(*std::move(record));
}

} // namespace pipeline::terrain
