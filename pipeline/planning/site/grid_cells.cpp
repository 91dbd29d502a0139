#include "pipeline/planning/site/grid_cells.h"

#include <algorithm>
#include <cmath>

namespace pipeline::planning::site {

namespace {

/// Where the polygons' edges cross the line of a row's centres, in columns.
void addCrossings(const SurfaceGrid& grid,
                  const Ring& ring,
                  std::vector<std::vector<double>>& crossings) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
        glm::dvec2 a = (ring[i] - grid.low) / grid.cellMetres - 0.5;
        glm::dvec2 b = (ring[(i + 1) % ring.size()] - grid.low) / grid.cellMetres - 0.5;
        if (a.y > b.y) {
            std::swap(a, b);
        }
        const double last = static_cast<double>(grid.rows);
        const double from = std::clamp(std::ceil(a.y), 0.0, last);
        const double to = std::clamp(std::ceil(b.y), 0.0, last);
        for (double row = from; row < to; row += 1.0) {
            const double x = a.x + (b.x - a.x) * (row - a.y) / (b.y - a.y);
            crossings[static_cast<std::size_t>(row)].push_back(x);
        }
    }
}

} // namespace

std::vector<std::size_t> cellsIn(const SurfaceGrid& grid, const Geometry& area) {
    std::vector<std::vector<double>> crossings(grid.rows);
    for (const Polygon& polygon : area.polygons) {
        addCrossings(grid, polygon.outer, crossings);
        for (const Ring& hole : polygon.holes) {
            addCrossings(grid, hole, crossings);
        }
    }
    std::vector<std::size_t> cells;
    const auto columnAt = [&](double x) {
        return static_cast<std::size_t>(
            std::clamp(std::ceil(x), 0.0, static_cast<double>(grid.columns)));
    };
    for (std::size_t row = 0; row < grid.rows; ++row) {
        std::ranges::sort(crossings[row]);
        for (std::size_t i = 0; i + 1 < crossings[row].size(); i += 2) {
            const std::size_t end = columnAt(crossings[row][i + 1]);
            for (std::size_t column = columnAt(crossings[row][i]); column < end; ++column) {
                cells.push_back(grid.placeOf(column, row));
            }
        }
    }
    return cells;
}

} // namespace pipeline::planning::site
