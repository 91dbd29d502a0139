#include "tests/bench/terrain_rivals.h"

#include <glm/common.hpp>
#include <glm/vec3.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

namespace tests::bench {

namespace {

using pipeline::terrain::PostGrid;
using Corners = std::array<glm::ivec2, 3>;

glm::dvec3 pointAt(const PostGrid& grid, const glm::ivec2& post) {
    return {post, grid.at(post.x, post.y)};
}

double cross(const glm::dvec2& a, const glm::dvec2& b) {
    return a.x * b.y - a.y * b.x;
}

double areaOf(const glm::dvec2& a, const glm::dvec2& b, const glm::dvec2& c) {
    return cross(b - a, c - a);
}

double errorAt(const PostGrid& grid, const Corners& corners, const glm::ivec2& post) {
    const glm::dvec3 a = pointAt(grid, corners[0]);
    const glm::dvec3 b = pointAt(grid, corners[1]) - a;
    const glm::dvec3 c = pointAt(grid, corners[2]) - a;
    const glm::dvec3 p = pointAt(grid, post) - a;
    const double area = cross(b, c);
    return std::abs(p.z - (cross(p, c) * b.z + cross(b, p) * c.z) / area);
}

double worstIn(const PostGrid& grid, const Corners& corners) {
    const auto& [a, b, c] = corners;
    const double turn = areaOf(a, b, c) > 0.0 ? 1.0 : -1.0;
    const glm::ivec2 low = glm::min(a, glm::min(b, c));
    const glm::ivec2 high = glm::max(a, glm::max(b, c));
    double worst = 0.0;
    for (int row = low.y; row <= high.y; ++row) {
        for (int column = low.x; column <= high.x; ++column) {
            const glm::ivec2 post(column, row);
            if (turn * areaOf(a, b, post) >= 0.0 && turn * areaOf(b, c, post) >= 0.0 &&
                turn * areaOf(c, a, post) >= 0.0) {
                worst = std::max(worst, errorAt(grid, corners, post));
            }
        }
    }
    return worst;
}

/// Right-angled triangles: ends of the longest side, the corner opposite.
class Rtin {
public:
    explicit Rtin(const PostGrid& grid)
        : grid_(grid), errors_(grid.heights.size()), isVertex_(grid.heights.size()) {
        std::vector<Corners> triangles = roots();
        for (std::size_t i = 0; i < triangles.size(); ++i) {
            if (hasMiddle(triangles[i])) {
                const auto halves = split(triangles[i]);
                triangles.insert(triangles.end(), halves.begin(), halves.end());
            }
        }
        for (std::size_t i = triangles.size(); i-- > 0;) { // the smallest first
            if (hasMiddle(triangles[i])) {
                double& error = errorOf(triangles[i]);
                error = std::max(error, worstIn(grid_, triangles[i]));
                for (const Corners& half : split(triangles[i])) {
                    error = std::max(error, hasMiddle(half) ? errorOf(half) : 0.0);
                }
            }
        }
    }

    std::size_t vertices(double toleranceMetres) {
        for (const Corners& root : roots()) {
            mark(root, toleranceMetres);
        }
        return static_cast<std::size_t>(std::count(isVertex_.begin(), isVertex_.end(), true));
    }

private:
    std::vector<Corners> roots() const {
        const int side = grid_.intervals;
        return {{{{0, 0}, {side, side}, {side, 0}}}, {{{side, side}, {0, 0}, {0, side}}}};
    }
    static bool hasMiddle(const Corners& triangle) {
        const glm::ivec2 sum = triangle[0] + triangle[1];
        return sum.x % 2 == 0 && sum.y % 2 == 0;
    }
    static std::array<Corners, 2> split(const Corners& triangle) {
        const glm::ivec2 middle = (triangle[0] + triangle[1]) / 2;
        return {{{triangle[2], triangle[0], middle}, {triangle[1], triangle[2], middle}}};
    }
    double& errorOf(const Corners& triangle) {
        const glm::ivec2 middle = (triangle[0] + triangle[1]) / 2;
        return errors_[grid_.indexOf(middle.x, middle.y)];
    }
    void mark(const Corners& triangle, double toleranceMetres) {
        if (hasMiddle(triangle) && errorOf(triangle) > toleranceMetres) {
            for (const Corners& half : split(triangle)) {
                mark(half, toleranceMetres);
            }
            return;
        }
        for (const glm::ivec2& post : triangle) {
            isVertex_[grid_.indexOf(post.x, post.y)] = true;
        }
    }

    const PostGrid& grid_;
    std::vector<double>
        errors_; ///< Of the longest side with its middle there; never below a half's.
    std::vector<bool> isVertex_;
};

/// Posts with the triangle they lie in, triangles by Bowyer and Watson.
class Textbook {
public:
    explicit Textbook(const PostGrid& grid) : grid_(grid) {
        const int side = grid.intervals;
        triangles_ = {{{{0, 0}, {side, 0}, {side, side}}}, {{{0, 0}, {side, side}, {0, side}}}};
        for (int row = 0; row <= side; ++row) {
            for (int column = 0; column <= side; ++column) {
                posts_.push_back({{column, row}, 0.0});
            }
        }
        assign(posts_, {0, 1});
    }

    std::size_t vertices(double toleranceMetres) {
        for (std::size_t count = 4;; ++count) {
            const auto worst =
                std::max_element(posts_.begin(), posts_.end(), [](const Post& a, const Post& b) {
                    return a.error < b.error;
                });
            if (worst->error <= toleranceMetres) {
                return count;
            }
            insert(worst->position);
        }
    }

private:
    struct Post {
        glm::ivec2 position{0};
        double error = 0.0;
        std::size_t triangle = 0;
    };

    static bool isInCircle(const Corners& triangle, const glm::ivec2& point) {
        const glm::dvec2 a = triangle[0] - point;
        const glm::dvec2 b = triangle[1] - point;
        const glm::dvec2 c = triangle[2] - point;
        const auto square = [](const glm::dvec2& v) { return v.x * v.x + v.y * v.y; };
        return square(a) * cross(b, c) + square(b) * cross(c, a) + square(c) * cross(a, b) > 0.0;
    }

    void assign(std::vector<Post>& posts, const std::vector<std::size_t>& triangles) const {
        for (Post& post : posts) {
            for (const std::size_t triangle : triangles) {
                const auto& [a, b, c] = triangles_[triangle];
                if (areaOf(a, b, post.position) >= 0.0 && areaOf(b, c, post.position) >= 0.0 &&
                    areaOf(c, a, post.position) >= 0.0) {
                    post.triangle = triangle;
                    post.error = errorAt(grid_, triangles_[triangle], post.position);
                    break;
                }
            }
        }
    }

    /// Edges whose other side is there already go, the others come.
    static void toggleEdges(const Corners& triangle, std::set<std::array<int, 4>>& edges) {
        for (std::size_t e = 0; e < 3; ++e) {
            const glm::ivec2& from = triangle[e];
            const glm::ivec2& to = triangle[(e + 1) % 3];
            if (edges.erase({to.x, to.y, from.x, from.y}) == 0) {
                edges.insert({from.x, from.y, to.x, to.y});
            }
        }
    }

    /// Removes the triangles whose circle holds the point; returns the outline of the cavity.
    std::vector<std::array<glm::ivec2, 2>> dig(const glm::ivec2& point,
                                               std::vector<std::size_t>& removed) {
        std::set<std::array<int, 4>> edges; // Those whose other side stays.
        for (std::size_t i = 0; i < triangles_.size(); ++i) {
            if (isInCircle(triangles_[i], point)) {
                removed.push_back(i);
                toggleEdges(triangles_[i], edges);
            }
        }
        std::vector<std::array<glm::ivec2, 2>> outline;
        for (const std::array<int, 4>& e : edges) {
            if (areaOf({e[0], e[1]}, {e[2], e[3]}, point) > 0.0) {
                outline.push_back({{{e[0], e[1]}, {e[2], e[3]}}});
            }
        }
        return outline;
    }

    void insert(const glm::ivec2& point) {
        std::vector<std::size_t> slots;
        const auto outline = dig(point, slots);
        const std::vector<std::size_t> removed = slots;
        std::vector<std::size_t> added;
        for (const auto& edge : outline) {
            if (slots.empty()) {
                slots.push_back(triangles_.size());
                triangles_.emplace_back();
            }
            triangles_[slots.back()] = {edge[0], edge[1], point};
            added.push_back(slots.back());
            slots.pop_back();
        }
        std::vector<std::uint8_t> isChanged(triangles_.size());
        for (const std::size_t triangle : removed) {
            isChanged[triangle] = 1;
        }
        std::vector<Post> moved;
        std::vector<std::size_t> places;
        for (std::size_t i = 0; i < posts_.size(); ++i) {
            if (isChanged[posts_[i].triangle] != 0) {
                moved.push_back(posts_[i]);
                places.push_back(i);
            }
        }
        assign(moved, added);
        for (std::size_t i = 0; i < places.size(); ++i) {
            posts_[places[i]] = moved[i];
        }
    }

    const PostGrid& grid_;
    std::vector<Corners> triangles_;
    std::vector<Post> posts_;
};

} // namespace

std::size_t uniformVertices(const PostGrid& grid, double toleranceMetres) {
    int step = grid.intervals;
    for (; step > 1; step /= 2) {
        double worst = 0.0;
        for (int row = 0; row < grid.intervals; row += step) {
            for (int column = 0; column < grid.intervals; column += step) {
                const glm::ivec2 low(column, row);
                const glm::ivec2 high = low + step;
                worst = std::max({worst,
                                  worstIn(grid, {low, {high.x, low.y}, high}),
                                  worstIn(grid, {low, high, {low.x, high.y}})});
            }
        }
        if (worst <= toleranceMetres) {
            break;
        }
    }
    const auto side = static_cast<std::size_t>(grid.intervals / step) + 1;
    return side * side;
}

std::size_t rtinVertices(const PostGrid& grid, double toleranceMetres) {
    return Rtin(grid).vertices(toleranceMetres);
}

std::size_t greedyVertices(const PostGrid& grid, double toleranceMetres) {
    return Textbook(grid).vertices(toleranceMetres);
}

} // namespace tests::bench
