#pragma once

#include "pipeline/planning/plane_box.h"
#include "tiles3d/base/result.h"
#include "tiles3d/crs/height_datum.h"

#include <glm/vec2.hpp>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pipeline::planning::site {

/// Heights of a built city over a rectangle of the plane, a cell for each square, rows from the
/// south. Metres above the ellipsoid; NaN where there is nothing.
struct SurfaceGrid {
    glm::dvec2 low{0.0}; ///< South-western corner.
    double cellMetres = 1.0;
    std::size_t columns = 0;
    std::size_t rows = 0;
    std::vector<float> surface; ///< The highest of what stands there today.
    std::vector<float> design;  ///< The highest of the design models.
    std::vector<float> ground;  ///< The terrain; else the surface without roofs up to 60 m across.
    std::vector<float> uncertainty; ///< Of the tile that the surface is from, metres.
    double designUncertaintyMetres = 0.0;
    /// Ellipsoidal height of the plans' zero in the middle; none: its datum is not known.
    std::optional<double> zeroMetres;
    bool hasTerrain = false;
    std::vector<std::string> remarks;

    glm::dvec2 centreOf(std::size_t column, std::size_t row) const {
        return low + (glm::dvec2(column, row) + 0.5) * cellMetres;
    }
    std::size_t placeOf(std::size_t column, std::size_t row) const {
        return row * columns + column;
    }
};

struct SurfaceOptions {
    double cellMetres = 0.5;           ///< Larger where the rectangle would have too many cells.
    std::size_t maxCells = 16'000'000; ///< 20 bytes each, for each thread.
    std::optional<tiles3d::crs::HeightDatum> heights; ///< Of the plans.
    std::size_t threads = 1;
};

/// Rasterises the finest tiles of the city in `folder` (tileset.json) that meet `box`: the highest
/// triangle over each cell's centre. Vertices are placed by PROJ one by one. A tile that cannot be
/// read leaves a hole and a remark. Fails on a city without a tileset.json and on a CRS that PROJ
/// does not know. Same city, same grid, whatever the number of threads.
tiles3d::base::Result<SurfaceGrid> readSurface(const std::filesystem::path& folder,
                                               const std::string& planeCrs,
                                               const PlaneBox& box,
                                               const SurfaceOptions& options = {});

} // namespace pipeline::planning::site
