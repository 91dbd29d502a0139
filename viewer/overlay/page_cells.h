#pragma once

#include "viewer/overlay/clip.h"
#include "viewer/overlay/page_grid.h"

#include <array>
#include <cstdint>
#include <vector>

namespace viewer::overlay {

/// What one cell has of one feature. Coordinates in metres from the page's south-west corner.
struct CellRecord {
    struct Edge {
        glm::dvec2 a{0.0};
        glm::dvec2 b{0.0};
        double arc = 0.0; ///< Metres of line before `a`.
    };

    std::uint32_t feature = 0; ///< As the shape said.
    bool isArea = false;
    bool isSolid = false; ///< The cell and all about it is inside.
    bool isDashed = false;
    double padMetres = 0.0;  ///< How far outside the cell edges are listed.
    std::vector<Edge> edges; ///< Of a surface closed to a ray that runs west.
};

using PageCells = std::array<std::vector<CellRecord>, kCellsAcross * kCellsAcross>;

/// A feature's part of a page, coordinates as above.
struct PageShape {
    std::uint32_t feature = 0;
    bool isDashed = false;
    double padMetres = 0.0;
    std::vector<Path> rings;
    std::vector<Path> lines;
};

/// Puts the shape's parts into the cells that they lie in or within padMetres of; surfaces and
/// lines as records of their own. `cell`: metres of a cell.
void distribute(const PageShape& shape, double cell, PageCells& cells);

} // namespace viewer::overlay
