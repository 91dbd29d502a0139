#include "pipeline/terrain/triangulate.h"

#include "pipeline/terrain/lattice_delaunay.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <span>
#include <utility>

namespace pipeline::terrain {

namespace {

constexpr double kSmallestToleranceMetres = 1e-6;

/// A vertex of a triangle over some lattice.
struct Corner {
    glm::ivec2 post{0};
    double heightMetres = 0.0;
};

using Triangle = std::array<Corner, 3>;

/// The post of a triangle that is farthest from its plane.
struct Farthest {
    glm::ivec2 post{0};
    double errorMetres = 0.0;
};

/// The columns of a triangle's posts, row by row.
class Outline {
public:
    explicit Outline(Triangle corners) {
        std::sort(corners.begin(), corners.end(), [](const Corner& a, const Corner& b) {
            return a.post.y < b.post.y;
        });
        const auto slope = [](const glm::ivec2& a, const glm::ivec2& b) {
            return a.y == b.y ? 0.0 : static_cast<double>(b.x - a.x) / (b.y - a.y);
        };
        for (std::size_t i = 0; i < 3; ++i) {
            posts_[i] = corners[i].post;
        }
        slopes_ = {
            slope(posts_[0], posts_[2]), slope(posts_[0], posts_[1]), slope(posts_[1], posts_[2])};
    }

    int firstRow() const { return posts_[0].y; }
    int lastRow() const { return posts_[2].y; }

    /// First and last column, edges included; the first is greater where there are none.
    std::pair<int, int> columns(int row) const {
        // A post beside an edge is 1/4096 of a column away from it or more.
        constexpr double kRim = 1e-6;
        const std::size_t lower = row < posts_[1].y ? 0 : 1;
        const double along = posts_[0].x + (row - posts_[0].y) * slopes_[0];
        const double other = posts_[lower].x + (row - posts_[lower].y) * slopes_[lower + 1];
        return {static_cast<int>(std::min(along, other) + (1.0 - kRim)),
                static_cast<int>(std::max(along, other) + kRim)};
    }

private:
    std::array<glm::ivec2, 3> posts_;
    std::array<double, 3> slopes_; ///< Columns per row from corner 0 to 2, 0 to 1, 1 to 2.
};

/// Heights of a plane along a row of posts.
struct PlaneRow {
    double startMetres = 0.0;
    double stepMetres = 0.0;

    double errorMetres(std::span<const float> heights, std::size_t i) const {
        const auto column = static_cast<double>(static_cast<int>(i)); // an int: SSE2 converts two
        return std::abs(heights[i] - (startMetres + stepMetres * column));
    }
};

/// NaN counts as nothing.
double largestError(std::span<const float> heights, const PlaneRow& plane) {
    constexpr std::size_t kLanes = 4; // independent maxima, which the compiler makes SIMD of
    std::array<double, kLanes> largest{};
    const auto look = [&](std::size_t i, std::size_t lane) {
        const double error = plane.errorMetres(heights, i);
        largest[lane] = error > largest[lane] ? error : largest[lane];
    };
    const std::size_t whole = heights.size() - heights.size() % kLanes;
    for (std::size_t i = 0; i < whole; i += kLanes) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            look(i + lane, lane);
        }
    }
    for (std::size_t i = whole; i < heights.size(); ++i) {
        look(i, 0);
    }
    return *std::max_element(largest.begin(), largest.end());
}

/// The first post with the largest error above `best.errorMetres`.
void lookForFarther(std::span<const float> heights,
                    const PlaneRow& plane,
                    const glm::ivec2& firstPost,
                    Farthest& best) {
    for (std::size_t i = 0; i < heights.size(); ++i) {
        const double error = plane.errorMetres(heights, i);
        if (error > best.errorMetres) {
            best = {{firstPost.x + static_cast<int>(i), firstPost.y}, error};
        }
    }
}

/// The plane of a triangle.
struct Plane {
    explicit Plane(const Triangle& triangle) : origin(triangle[0]) {
        const auto& [a, b, c] = triangle;
        const glm::ivec2 ab = b.post - a.post;
        const glm::ivec2 ac = c.post - a.post;
        const double inverse = 1.0 / static_cast<double>(orientation(a.post, b.post, c.post));
        const double bRise = (b.heightMetres - a.heightMetres) * inverse;
        const double cRise = (c.heightMetres - a.heightMetres) * inverse;
        perColumn = bRise * ac.y - cRise * ab.y;
        perRow = cRise * ab.x - bRise * ac.x;
    }

    PlaneRow rowFrom(const glm::ivec2& post) const {
        const glm::ivec2 way = post - origin.post;
        return {origin.heightMetres + perRow * way.y + perColumn * way.x, perColumn};
    }

    Corner origin;
    double perColumn = 0.0;
    double perRow = 0.0;
};

/// The worst of the triangle's posts, those nearer than `margin` to the grid's border left out.
/// Error 0 if there are none or a corner is NaN.
Farthest farthestPost(const Triangle& triangle, const PostGrid& grid, int margin) {
    if (orientation(triangle[0].post, triangle[1].post, triangle[2].post) == 1) {
        return {}; // by Pick's theorem no post but its corners
    }
    const Plane plane(triangle);
    const Outline outline(triangle);
    const int end = grid.intervals - margin;
    const int lastRow = std::min(outline.lastRow(), end);
    Farthest farthest;
    for (int row = std::max(outline.firstRow(), margin); row <= lastRow; ++row) {
        const auto columns = outline.columns(row);
        const int first = std::max(columns.first, margin);
        const int last = std::min(columns.second, end);
        if (first <= last) {
            const std::span<const float> heights(&grid.heights[grid.indexOf(first, row)],
                                                 static_cast<std::size_t>(last - first + 1));
            const PlaneRow planeRow = plane.rowFrom({first, row});
            if (largestError(heights, planeRow) > farthest.errorMetres) {
                lookForFarther(heights, planeRow, {first, row}, farthest);
            }
        }
    }
    return farthest;
}

using PostMarks = std::vector<std::uint8_t>; ///< One per post of a grid, apron included.

void markWithNeighbours(const glm::ivec2& post, const PostGrid& grid, PostMarks& marks) {
    const int end = grid.intervals + 1;
    for (const int up : {-1, 0, 1}) {
        for (const int right : {-1, 0, 1}) {
            marks[grid.indexOf(std::clamp(post.x + right, -1, end),
                               std::clamp(post.y + up, -1, end))] = 1;
        }
    }
}

/// Posts that are vertices from the start: fixed ones and those beside holes. With all posts round
/// a hole as vertices, its rim of edges of length 1 and sqrt(2) is Delaunay: the circle on each has
/// no vertex inside. So no triangle crosses it.
PostMarks mandatoryPosts(const PostGrid& grid) {
    PostMarks marks = grid.fixed.empty() ? PostMarks(grid.heights.size()) : grid.fixed;
    const int end = grid.intervals + 1;
    for (int row = -1; row <= end; ++row) {
        for (int column = -1; column <= end; ++column) {
            if (std::isnan(grid.at(column, row))) {
                markWithNeighbours({column, row}, grid, marks);
            }
        }
    }
    return marks;
}

/// The post between `from` and `to` farthest from the line through these two; `from` if all are
/// within the tolerance.
std::size_t farthestFromLine(std::span<const float> heights,
                             std::size_t from,
                             std::size_t to,
                             double toleranceMetres) {
    const double step =
        (static_cast<double>(heights[to]) - heights[from]) / static_cast<double>(to - from);
    std::size_t farthest = from;
    double largest = toleranceMetres;
    for (std::size_t i = from + 1; i < to; ++i) {
        const double error =
            std::abs(heights[from] + step * static_cast<double>(i - from) - heights[i]);
        if (error > largest) {
            largest = error;
            farthest = i;
        }
    }
    return farthest;
}

/// Marks the ends of a line of posts, and what keeps it within the tolerance: the farthest post of
/// each stretch between marks, again and again.
/// Source: Douglas, Peucker, "Algorithms for the reduction of the number of points" (1973).
void refineLine(std::span<const float> heights, double toleranceMetres, PostMarks& marks) {
    marks.front() = 1;
    marks.back() = 1;
    std::vector<std::size_t> ahead; // ends of stretches, the nearest last
    for (std::size_t i = heights.size(); i-- > 1;) {
        if (marks[i] != 0) {
            ahead.push_back(i);
        }
    }
    for (std::size_t from = 0; !ahead.empty();) {
        const std::size_t farthest = farthestFromLine(heights, from, ahead.back(), toleranceMetres);
        if (farthest == from) {
            from = ahead.back();
            ahead.pop_back();
        } else {
            marks[farthest] = 1;
            ahead.push_back(farthest);
        }
    }
}

/// Refines the border from post `first` eastward or northward. The same heights and marks on it
/// give the same vertices, whichever border of whichever square it is.
void refineBorder(const PostGrid& grid,
                  const glm::ivec2& first,
                  const glm::ivec2& step,
                  double toleranceMetres,
                  PostMarks& marks) {
    const auto count = static_cast<std::size_t>(grid.intervals) + 1;
    const auto indexOf = [&](std::size_t i) {
        const glm::ivec2 post = first + static_cast<int>(i) * step;
        return grid.indexOf(post.x, post.y);
    };
    std::vector<float> heights(count);
    PostMarks lineMarks(count);
    for (std::size_t i = 0; i < count; ++i) {
        heights[i] = grid.heights[indexOf(i)];
        lineMarks[i] = marks[indexOf(i)];
    }
    refineLine(heights, toleranceMetres, lineMarks);
    for (std::size_t i = 0; i < count; ++i) {
        marks[indexOf(i)] = lineMarks[i];
    }
}

void refineBorders(const PostGrid& grid, double toleranceMetres, PostMarks& marks) {
    for (const int side : {0, grid.intervals}) {
        refineBorder(grid, {0, side}, {1, 0}, toleranceMetres, marks);
        refineBorder(grid, {side, 0}, {0, 1}, toleranceMetres, marks);
    }
}

/// The triangulation with the worst post of each of its triangles, ready to take the worst of all.
class GreedyInsertion {
public:
    GreedyInsertion(const PostGrid& grid, double toleranceMetres)
        : grid_(grid), toleranceMetres_(toleranceMetres),
          mesh_(grid.intervals, [&](const glm::ivec2& post) { return !isValid(post); }) {}

    void insertMarked(const PostMarks& marks) {
        std::uint32_t triangle = 0;
        for (int row = 0; row <= grid_.intervals; ++row) {
            for (int column = 0; column <= grid_.intervals; ++column) {
                const glm::ivec2 post(column, row);
                if (marks[grid_.indexOf(column, row)] != 0 && isValid(post) && !isCorner(post)) {
                    triangle = mesh_.insert(post, mesh_.locate(post, triangle)) / 3;
                }
            }
        }
    }

    /// Never takes a border post: a neighbour would not.
    void insertUntilWithinTolerance() {
        for (std::uint32_t triangle = 0; triangle < mesh_.triangleCount(); ++triangle) {
            look(triangle);
        }
        while (!queue_.empty()) {
            const Candidate worst = queue_.front();
            std::pop_heap(queue_.begin(), queue_.end());
            queue_.pop_back();
            if (worst.serial == serials_[worst.triangle]) {
                insert(worst);
            }
        }
    }

    Tin result() const;

private:
    struct Candidate {
        double errorMetres = 0.0;
        std::uint32_t triangle = 0;
        std::uint32_t serial =
            0; ///< Of the look at the triangle that found it; a later one voids it.
        glm::ivec2 post{0};

        bool operator<(const Candidate& other) const {
            return std::pair(errorMetres, serial) < std::pair(other.errorMetres, other.serial);
        }
    };

    bool isValid(const glm::ivec2& post) const { return !std::isnan(grid_.at(post.x, post.y)); }
    bool isCorner(const glm::ivec2& post) const {
        return post.x % grid_.intervals == 0 && post.y % grid_.intervals == 0;
    }

    Triangle corners(std::uint32_t triangle) const {
        Triangle corners;
        for (std::uint32_t i = 0; i < 3; ++i) {
            const glm::ivec2& post = mesh_.vertices()[mesh_.starts()[3 * triangle + i]];
            corners[i] = {post, grid_.at(post.x, post.y)};
        }
        return corners;
    }

    void look(std::uint32_t triangle) {
        const Farthest farthest = farthestPost(corners(triangle), grid_, 1);
        serials_.resize(std::max<std::size_t>(serials_.size(), triangle + 1));
        serials_[triangle] = ++looks_;
        if (farthest.errorMetres > toleranceMetres_) {
            queue_.push_back({farthest.errorMetres, triangle, looks_, farthest.post});
            std::push_heap(queue_.begin(), queue_.end());
        }
    }

    void insert(const Candidate& candidate) {
        const std::uint32_t first = mesh_.insert(candidate.post, candidate.triangle);
        std::uint32_t edge = first;
        do {
            look(edge / 3);
            edge = mesh_.twin(LatticeDelaunay::previous(edge));
        } while (edge != first);
    }

    bool isLand(const Triangle& triangle) const;

    const PostGrid& grid_;
    double toleranceMetres_;
    LatticeDelaunay mesh_;
    std::vector<Candidate> queue_;       ///< A heap.
    std::vector<std::uint32_t> serials_; ///< Of the last look at each triangle.
    std::uint32_t looks_ = 0;
};

/// Whether the triangle is part of what the surface covers. As the rim of every hole consists of
/// edges, a triangle is so as a whole or not at all, and its centre tells.
bool GreedyInsertion::isLand(const Triangle& triangle) const {
    const glm::ivec2 thrice = triangle[0].post + triangle[1].post + triangle[2].post;
    const glm::ivec2 square = thrice / 3;
    glm::ivec2 hole{-1};
    int holes = 0;
    for (const glm::ivec2 corner : {glm::ivec2(0, 0), {1, 0}, {0, 1}, {1, 1}}) {
        if (!isValid(square + corner)) {
            hole = corner;
            ++holes;
        }
    }
    if (holes != 1) {
        return holes == 0;
    }
    // Of three corners, the half away from the hole.
    const glm::ivec2 within = thrice - 3 * square;
    return (hole.x == 0 ? within.x : 3 - within.x) + (hole.y == 0 ? within.y : 3 - within.y) > 3;
}

Tin GreedyInsertion::result() const {
    Tin tin;
    std::vector<std::uint32_t> numbers(mesh_.vertices().size(), LatticeDelaunay::kNone);
    for (std::uint32_t triangle = 0; triangle < mesh_.triangleCount(); ++triangle) {
        const Triangle corners = this->corners(triangle);
        if (!isLand(corners)) {
            continue;
        }
        tin.errorMetres = std::max(tin.errorMetres, farthestPost(corners, grid_, 0).errorMetres);
        for (std::uint32_t edge = 3 * triangle; edge < 3 * triangle + 3; ++edge) {
            const std::uint32_t vertex = mesh_.starts()[edge];
            if (numbers[vertex] == LatticeDelaunay::kNone) {
                numbers[vertex] = static_cast<std::uint32_t>(tin.posts.size());
                tin.posts.push_back(mesh_.vertices()[vertex]);
            }
            tin.indices.push_back(numbers[vertex]);
        }
    }
    return tin;
}

} // namespace

Tin triangulate(const PostGrid& grid, double toleranceMetres, const TriangulateOptions& options) {
    assert(grid.intervals >= 1 && grid.intervals <= 4096);
    assert(grid.heights.size() == grid.indexOf(grid.intervals + 1, grid.intervals + 1) + 1);
    const double tolerance = std::max(toleranceMetres, kSmallestToleranceMetres);
    PostMarks marks = mandatoryPosts(grid);
    refineBorders(grid,
                  std::clamp(options.borderToleranceMetres, kSmallestToleranceMetres, tolerance),
                  marks);
    GreedyInsertion insertion(grid, tolerance);
    insertion.insertMarked(marks);
    insertion.insertUntilWithinTolerance();
    return insertion.result();
}

double largestDeviation(const Tin& tin, const PostGrid& own, const PostGrid& finer) {
    assert(finer.intervals % own.intervals == 0);
    const int ratio = finer.intervals / own.intervals;
    double largest = 0.0;
    for (std::size_t i = 0; i < tin.indices.size(); i += 3) {
        Triangle triangle;
        for (std::size_t corner = 0; corner < 3; ++corner) {
            const glm::ivec2& post = tin.posts[tin.indices[i + corner]];
            triangle[corner] = {post * ratio, own.at(post.x, post.y)};
        }
        largest = std::max(largest, farthestPost(triangle, finer, 0).errorMetres);
    }
    return largest;
}

} // namespace pipeline::terrain
