#pragma once

#include <glm/vec2.hpp>

#include <cstdint>
#include <limits>
#include <vector>

namespace pipeline::terrain {

/// Heights of the posts of a square piece of land and of one post round it, the apron: metres, rows
/// from the south, posts of a row from the west, NaN where there is no land (a hole).
struct PostGrid {
    int intervals = 0;          ///< Per side. The square's own posts are 0 to `intervals`, posts -1
                                ///< and `intervals` + 1 are the apron, the neighbours' land.
    std::vector<float> heights; ///< (intervals + 3)^2.
    std::vector<std::uint8_t> fixed; ///< Same shape, or empty: not 0 where a post is to be a vertex
                                     ///< whatever the tolerance. In the apron it means nothing.

    std::size_t indexOf(int column, int row) const {
        return static_cast<std::size_t>(row + 1) * static_cast<std::size_t>(intervals + 3) +
               static_cast<std::size_t>(column + 1);
    }
    float at(int column, int row) const { return heights[indexOf(column, row)]; }
};

/// A triangulated irregular network over a PostGrid; vertices have the heights of their posts.
struct Tin {
    std::vector<glm::ivec2> posts;      ///< Vertices: column, row of the grid. All are used.
    std::vector<std::uint32_t> indices; ///< Counter-clockwise seen from above (x east, y north).
    double errorMetres = 0.0; ///< The largest vertical distance between the surface and a post of
                              ///< the grid that it covers: measured, not estimated.
};

struct TriangulateOptions {
    /// That of borders, where it is the lower one: neighbours with different tolerances, but this
    /// one in common, have the same vertices on their border.
    double borderToleranceMetres = std::numeric_limits<double>::infinity();
};

/// Few triangles whose surface lies within `toleranceMetres` of every post that it covers.
///
/// The surface covers each unit square between four posts with heights, half of each square with
/// three, and nothing else: no hole. A post none of whose squares has three heights is lost; if all
/// are, the result is empty. All posts beside a hole, diagonally or in the apron too, are vertices.
///
/// The vertices on a border depend on the border's own posts and the row on either side of it
/// and their tolerance alone: a neighbour that knows the same heights and `fixed` has the same
/// ones, and no crack opens. Between two squares of different spacing one does: that takes skirts.
///
/// The same input gives the same result. Needs a byte a post and up to 150 a vertex, the result
/// included; 4 million posts a second where one in eight stays a vertex, less where more do.
/// A tolerance below 1 um counts as 1 um: a plane through floats is no flatter.
/// REQUIRES: 1 <= intervals <= 4096, heights finite or NaN, toleranceMetres >= 0.
/// Source: Garland, Heckbert, "Fast polygonal approximation of terrains and height fields" (1995).
Tin triangulate(const PostGrid& grid,
                double toleranceMetres,
                const TriangulateOptions& options = {});

/// The largest vertical distance between `tin`, made of `own`, and the posts of a grid of the same
/// land, wherever the surface covers them. 0 if there are none.
/// REQUIRES: finer.intervals is a multiple of own.intervals, at most 4096.
double largestDeviation(const Tin& tin, const PostGrid& own, const PostGrid& finer);

} // namespace pipeline::terrain
