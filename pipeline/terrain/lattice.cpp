#include "pipeline/terrain/lattice.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace pipeline::terrain {

namespace {

constexpr float kHole = std::numeric_limits<float>::quiet_NaN();
constexpr float kNoCeiling = std::numeric_limits<float>::infinity();

Lattice emptyLattice(int intervals, int apron, bool hasCeilings) {
    Lattice lattice{.intervals = intervals, .apron = apron};
    const auto posts =
        static_cast<std::size_t>(lattice.side()) * static_cast<std::size_t>(lattice.side());
    lattice.heights.resize(posts);
    if (hasCeilings) {
        lattice.ceilings.resize(posts);
        lattice.covered.resize(posts);
    }
    return lattice;
}

/// Visits all posts, apron included.
template <typename Visit>
void forPosts(const Lattice& lattice, const Visit& visit) {
    for (int row = -lattice.apron; row <= lattice.intervals + lattice.apron; ++row) {
        for (int column = -lattice.apron; column <= lattice.intervals + lattice.apron; ++column) {
            visit(column, row);
        }
    }
}

/// The lowest ceiling of the post and its eight neighbours, as far as the lattice has them.
float lowestAround(const Lattice& lattice, int column, int row) {
    const int first = -lattice.apron;
    const int last = lattice.intervals + lattice.apron;
    float lowest = kNoCeiling;
    for (int y = std::max(row - 1, first); y <= std::min(row + 1, last); ++y) {
        for (int x = std::max(column - 1, first); x <= std::min(column + 1, last); ++x) {
            lowest = std::min(lowest, lattice.ceilings[lattice.at(x, y)]);
        }
    }
    return lowest;
}

using Marks = std::vector<std::uint8_t>; ///< One per post of a lattice, apron included.

/// Number of posts of certain covers in rectangles, by a table of sums (Crow 1984).
class CoveredCount {
public:
    /// `marks`: 0 or 1 for each post of the lattice.
    CoveredCount(const Lattice& lattice, const Marks& marks)
        : apron_(lattice.apron), width_(static_cast<std::size_t>(lattice.side()) + 1),
          sums_(width_ * width_) {
        for (std::size_t row = 1; row < width_; ++row) {
            std::uint32_t sum = 0;
            for (std::size_t column = 1; column < width_; ++column) {
                sum += marks[(row - 1) * (width_ - 1) + column - 1];
                sums_[row * width_ + column] = sums_[(row - 1) * width_ + column] + sum;
            }
        }
    }

    /// Of the posts at most `reach` away; the square must lie inside of the lattice.
    std::uint32_t around(int column, int row, int reach) const {
        const auto west = static_cast<std::size_t>(column + apron_ - reach);
        const auto south = static_cast<std::size_t>(row + apron_ - reach);
        const std::size_t east = west + 2 * static_cast<std::size_t>(reach) + 1;
        const std::size_t north = south + 2 * static_cast<std::size_t>(reach) + 1;
        return sums_[north * width_ + east] - sums_[north * width_ + west] -
               sums_[south * width_ + east] + sums_[south * width_ + west];
    }

private:
    int apron_;
    std::size_t width_;
    std::vector<std::uint32_t> sums_;
};

std::uint32_t squareOf(int reach) {
    const auto side = static_cast<std::uint32_t>(2 * reach + 1);
    return side * side;
}

Marks coveredMarks(const Lattice& lattice) {
    Marks marks;
    for (const std::uint8_t cover : lattice.covered) {
        marks.push_back(cover != kUncovered ? 1 : 0);
    }
    return marks;
}

/// Posts through which nobody looks in from the edge: with a floor, or with a roof that no
/// uncovered post is near. For those that meshedLand() looks at.
Marks closedMarks(const Lattice& lattice, const CoveredCount& covered, int bandPosts) {
    Marks marks(lattice.covered.size());
    const int reach = bandPosts + 1;
    for (int row = -reach; row <= lattice.intervals + reach; ++row) {
        for (int column = -reach; column <= lattice.intervals + reach; ++column) {
            const std::size_t at = lattice.at(column, row);
            const bool isClosed = lattice.covered[at] == kFloor ||
                                  (lattice.covered[at] == kRoof &&
                                   covered.around(column, row, bandPosts) == squareOf(bandPosts));
            marks[at] = isClosed ? 1 : 0;
        }
    }
    return marks;
}

PostGrid emptyGrid(int intervals) {
    PostGrid grid{.intervals = intervals};
    const auto side = static_cast<std::size_t>(intervals) + 3;
    grid.heights.resize(side * side);
    return grid;
}

} // namespace

bool Lattice::hasLand() const {
    for (int row = 0; row <= intervals; ++row) {
        for (int column = 0; column <= intervals; ++column) {
            if (!std::isnan(heights[at(column, row)])) {
                return true;
            }
        }
    }
    return false;
}

Lattice halved(const Lattice& lattice) {
    Lattice half =
        emptyLattice(lattice.intervals / 2, lattice.apron / 2, !lattice.ceilings.empty());
    forPosts(half, [&](int column, int row) {
        const std::size_t to = half.at(column, row);
        const std::size_t from = lattice.at(2 * column, 2 * row);
        half.heights[to] = lattice.heights[from];
        if (!lattice.ceilings.empty()) {
            half.covered[to] = lattice.covered[from];
            half.ceilings[to] = lowestAround(lattice, 2 * column, 2 * row);
        }
    });
    return half;
}

Lattice cut(const Lattice& lattice, int column, int row, int intervals, int apron) {
    Lattice part = emptyLattice(intervals, apron, !lattice.ceilings.empty());
    forPosts(part, [&](int x, int y) {
        const std::size_t to = part.at(x, y);
        const std::size_t from = lattice.at(column + x, row + y);
        part.heights[to] = lattice.heights[from];
        if (!lattice.ceilings.empty()) {
            part.covered[to] = lattice.covered[from];
            part.ceilings[to] = lattice.ceilings[from];
        }
    });
    return part;
}

double deviationOfHalf(const Lattice& lattice, int column, int row, int intervals) {
    float largest = 0.0F;
    const auto look = [&largest](float height, float between) {
        const float deviation = std::abs(height - between);
        largest = deviation > largest ? deviation : largest; // false for NaN
    };
    for (int y = 0; y <= intervals; ++y) {
        const bool isBetween = y % 2 != 0;
        const float* const line = lattice.heights.data() + lattice.at(column, row + y);
        const float* const south = line - (isBetween ? lattice.side() : 0);
        const float* const north = line + (isBetween ? lattice.side() : 0);
        for (int x = 1; x < intervals; x += 2) {
            look(line[x], (south[x - 1] + south[x + 1] + north[x - 1] + north[x + 1]) / 4.0F);
        }
        for (int x = 0; isBetween && x <= intervals; x += 2) {
            look(line[x], (south[x] + north[x]) / 2.0F);
        }
    }
    return static_cast<double>(largest);
}

double deviationBetweenPosts(const Lattice& lattice, int column, int row, int intervals) {
    // With slopes a before and b after the bend, at the share t of a step s, the chord misses it by
    // |b - a| s t (1 - t): a quarter of |b - a| s at most.
    const auto bend = [](const float* post, std::ptrdiff_t step) {
        return std::abs(post[2 * step] - post[step] - post[0] + post[-step]) / 4.0F;
    };
    const std::ptrdiff_t north = lattice.side();
    std::vector<float> largest(static_cast<std::size_t>(intervals)); // by column: vectors of them
    for (int y = row; y < row + intervals; ++y) {
        const float* post = lattice.heights.data() + lattice.at(column, y);
        for (float& most : largest) {
            const float deviation = bend(post, 1) + bend(post, north);
            most = deviation > most ? deviation : most; // false for NaN
            ++post;
        }
    }
    return static_cast<double>(*std::ranges::max_element(largest));
}

PostGrid meshedLand(const Lattice& lattice, const RimOptions& options) {
    PostGrid grid = emptyGrid(lattice.intervals);
    const bool hasCeilings = !lattice.ceilings.empty();
    std::optional<CoveredCount> count;
    std::optional<CoveredCount> closed;
    if (hasCeilings) {
        grid.fixed.resize(grid.heights.size());
        count.emplace(lattice, coveredMarks(lattice));
        closed.emplace(lattice, closedMarks(lattice, *count, options.bandPosts));
    }
    const auto margin = static_cast<float>(options.marginMetres);
    for (int row = -1; row <= lattice.intervals + 1; ++row) {
        for (int column = -1; column <= lattice.intervals + 1; ++column) {
            const std::size_t from = lattice.at(column, row);
            const std::size_t to = grid.indexOf(column, row);
            grid.heights[to] = lattice.heights[from];
            if (!hasCeilings || std::isinf(lattice.ceilings[from])) {
                continue;
            }
            const bool isCovered = lattice.covered[from] != kUncovered;
            const bool isDeep =
                closed->around(column, row, options.bandPosts) == squareOf(options.bandPosts);
            const float ceiling = lattice.ceilings[from] - (isCovered ? margin : 0.0F);
            grid.heights[to] = isDeep ? kHole : std::min(grid.heights[to], ceiling);
            const std::uint32_t around = count->around(column, row, 1);
            grid.fixed[to] = !isDeep && around > 0 && around < squareOf(1) ? 1 : 0;
        }
    }
    return grid;
}

PostGrid plainLand(const Lattice& lattice) {
    PostGrid grid = emptyGrid(lattice.intervals);
    for (int row = -1; row <= lattice.intervals + 1; ++row) {
        for (int column = -1; column <= lattice.intervals + 1; ++column) {
            const std::size_t from = lattice.at(column, row);
            const bool isPlain = lattice.ceilings.empty() || std::isinf(lattice.ceilings[from]);
            grid.heights[grid.indexOf(column, row)] = isPlain ? lattice.heights[from] : kHole;
        }
    }
    return grid;
}

PostGrid cut(const PostGrid& grid, int column, int row, int intervals) {
    PostGrid part = emptyGrid(intervals);
    part.fixed.resize(grid.fixed.empty() ? 0 : part.heights.size());
    for (int y = -1; y <= intervals + 1; ++y) {
        for (int x = -1; x <= intervals + 1; ++x) {
            const std::size_t from = grid.indexOf(column + x, row + y);
            const std::size_t to = part.indexOf(x, y);
            part.heights[to] = grid.heights[from];
            if (!grid.fixed.empty()) {
                part.fixed[to] = grid.fixed[from];
            }
        }
    }
    return part;
}

} // namespace pipeline::terrain
