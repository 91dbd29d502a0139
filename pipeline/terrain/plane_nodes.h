#pragma once

#include "pipeline/scan/terrain.h"
#include "pipeline/terrain/geo_lattice.h"
#include "tiles3d/base/result.h"
#include "tiles3d/crs/source_crs.h"

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <vector>

namespace pipeline::terrain {

/// Posts of a lattice, from the first up to but without the last.
struct PostRange {
    int firstColumn = 0;
    int lastColumn = 0;
    int firstRow = 0;
    int lastRow = 0;

    bool isEmpty() const { return firstColumn >= lastColumn || firstRow >= lastRow; }
};

/// The posts that lie in `extent`.
PostRange postsIn(const scan::GeoExtent& extent, const GeoLattice& lattice);

/// From x and y of a CRS to pixels: column = c0 + x c1 + y c2, row likewise.
struct ToPixels {
    std::array<double, 3> column{};
    std::array<double, 3> row{};

    glm::dvec2 at(double x, double y) const {
        return {column[0] + x * column[1] + y * column[2], row[0] + x * row[1] + y * row[2]};
    }
    /// The same, counted from `origin` in steps of `size` pixels.
    ToPixels countedFrom(const glm::dvec2& origin, const glm::dvec2& size) const;
};

/// The inverse of a raster's geoTransform. REQUIRES: it has one.
ToPixels toPixels(const std::array<double, 6>& geoTransform);

/// Where a lattice's posts lie in a CRS, known exactly at every `step`-th post both ways and at the
/// last.
struct PlaneNodes {
    int step = 1;
    int columns = 0; ///< Of nodes; at least two.
    int rows = 0;
    int lastColumn = 1; ///< The post of the last node; a lattice of one post has one beyond.
    int lastRow = 1;
    /// x, y, and metres to add to the source's heights; row-major, NaN where PROJ knows no answer.
    std::vector<glm::dvec3> nodes;

    /// The nodes' columns at a row of posts, as column and row of pixels, and metres to add.
    void fillLine(int postRow, const ToPixels& pixels, std::vector<glm::dvec3>& line) const;
};

/// Nodes at most 250 m apart, but no more than 257 each way. Bilinear between them is within 1 cm
/// and 1 mm of height of PROJ's own answers below 60 km. Where a projection or a geoid grid ends,
/// posts up to a node's distance inside its edge have no place.
/// Fails if PROJ has no such operation.
tiles3d::base::Result<PlaneNodes> planeNodes(const GeoLattice& lattice,
                                             const tiles3d::crs::SourceCrs& crs,
                                             const tiles3d::crs::HeightDatum& heights);

/// Calls visit(column, row, place) for each post: place as in PlaneNodes::fillLine().
template <typename Visit>
void forEachPost(const PlaneNodes& nodes,
                 const PostRange& range,
                 const ToPixels& pixels,
                 const Visit& visit) {
    std::vector<glm::dvec3> line;
    for (int row = range.firstRow; row < range.lastRow; ++row) {
        nodes.fillLine(row, pixels, line);
        for (int column = range.firstColumn; column < range.lastColumn;) {
            const int node = std::min(column / nodes.step, nodes.columns - 2);
            const int end = std::min(range.lastColumn, (node + 1) * nodes.step + 1);
            const glm::dvec3 start = line[static_cast<std::size_t>(node)];
            const int posts = std::min(nodes.step, nodes.lastColumn - node * nodes.step);
            const glm::dvec3 slope =
                (line[static_cast<std::size_t>(node) + 1] - start) / double(posts);
            for (; column < end; ++column) {
                visit(column, row, start + slope * double(column - node * nodes.step));
            }
        }
    }
}

/// Limits of the pixels under a range of posts; nothing where none has a place.
struct PixelBox {
    glm::dvec2 low{0.0};
    glm::dvec2 high{0.0};
};
std::optional<PixelBox>
pixelsUnder(const PlaneNodes& nodes, const PostRange& range, const ToPixels& pixels);

} // namespace pipeline::terrain
