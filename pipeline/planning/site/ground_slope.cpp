#include "pipeline/planning/site/ground_slope.h"

#include "pipeline/planning/geometry_ops.h"
#include "pipeline/planning/site/grid_cells.h"
#include "pipeline/planning/site/surface_grid.h"

#include <glm/trigonometric.hpp>

#include <cmath>

namespace pipeline::planning::site {

using tiles3d::base::Result;

namespace {

constexpr double kCellMetres = 5.0;

/// By central differences; NaN at a rim. REQUIRES: not the grid's outermost cells.
double slopeAt(const SurfaceGrid& grid, std::size_t cell) {
    const double east = double{grid.ground[cell + 1]} - double{grid.ground[cell - 1]};
    const double north =
        double{grid.ground[cell + grid.columns]} - double{grid.ground[cell - grid.columns]};
    return std::hypot(east, north) / (2.0 * grid.cellMetres);
}

} // namespace

Result<std::optional<double>> meanSlopeDegrees(const std::filesystem::path& city,
                                               const std::string& planeCrs,
                                               const Geometry& area) {
    const Result<SurfaceGrid> grid =
        readSurface(city, planeCrs, boundsOf(area), {.cellMetres = kCellMetres});
    if (!grid) {
        return grid.error();
    }
    const std::vector<std::size_t> cells = cellsIn(*grid, area);
    double sum = 0.0;
    std::size_t count = 0;
    for (const std::size_t cell : cells) {
        const double slope = slopeAt(*grid, cell); // the grid is wider than the area
        if (!std::isnan(slope)) {
            sum += glm::degrees(std::atan(slope));
            ++count;
        }
    }
    if (count == 0 || count < cells.size() / 2) {
        return std::optional<double>();
    }
    return std::optional(sum / static_cast<double>(count));
}

} // namespace pipeline::planning::site
