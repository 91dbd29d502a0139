#include "tiles3d/mesh/border.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <unordered_map>
#include <utility>

namespace tiles3d::mesh {

namespace {

/// Buckets of items by the cell of a grid in plan; an item may lie in several cells.
class PlanGrid {
public:
    explicit PlanGrid(double cellMetres) : cell_(cellMetres) {}

    void add(const glm::vec3& low, const glm::vec3& high, std::uint32_t item) {
        forCells(low, high, [&](std::uint64_t key) { cells_[key].push_back(item); });
    }

    template <typename Visit>
    void around(const glm::vec3& point, double radius, const Visit& visit) const {
        const glm::vec3 reach(static_cast<float>(radius));
        forCells(point - reach, point + reach, [&](std::uint64_t key) {
            const auto found = cells_.find(key);
            if (found != cells_.end()) {
                std::ranges::for_each(found->second, visit);
            }
        });
    }

private:
    template <typename Take>
    void forCells(const glm::vec3& low, const glm::vec3& high, const Take& take) const {
        const auto index = [&](float value) {
            return static_cast<std::int32_t>(std::floor(static_cast<double>(value) / cell_));
        };
        for (std::int32_t x = index(low.x); x <= index(high.x); ++x) {
            for (std::int32_t y = index(low.y); y <= index(high.y); ++y) {
                take(static_cast<std::uint64_t>(static_cast<std::uint32_t>(x)) << 32U |
                     static_cast<std::uint32_t>(y));
            }
        }
    }

    double cell_;
    std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> cells_;
};

struct Match {
    float distance = 0.0F;
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    auto operator<=>(const Match&) const = default;
};

/// A vertex that is to become a corner on the edge of another piece.
struct Split {
    std::uint32_t triangle = 0;
    std::uint32_t from = 0; ///< The edge is named by where it starts: a triangle has three.
    float along = 0.0F;     ///< 0 to 1.
    std::uint32_t vertex = 0;
    auto operator<=>(const Split&) const = default;
};

class Zip {
public:
    Zip(TriangleMesh& mesh, const std::vector<std::uint32_t>& pieceOf, double tolerance)
        : mesh_(mesh), pieceOf_(pieceOf), tolerance_(tolerance) {}

    std::size_t run() {
        joinVertices();
        splitEdges();
        dropDegenerateTrianglesInPlace(mesh_);
        return borderEdges(mesh_.indices).size();
    }

private:
    std::vector<std::uint32_t> borderVertices(const std::vector<BorderEdge>& edges) const {
        std::vector<std::uint32_t> vertices;
        for (const BorderEdge& edge : edges) {
            vertices.insert(vertices.end(), {edge.from, edge.to});
        }
        std::ranges::sort(vertices);
        vertices.erase(std::ranges::unique(vertices).begin(), vertices.end());
        return vertices;
    }

    /// Nearest pairs first; each vertex is matched once, so that no piece folds onto itself.
    void joinVertices() {
        const std::vector<std::uint32_t> vertices = borderVertices(borderEdges(mesh_.indices));
        PlanGrid grid(tolerance_);
        for (const std::uint32_t vertex : vertices) {
            grid.add(mesh_.positions[vertex], mesh_.positions[vertex], vertex);
        }
        std::vector<Match> matches;
        for (const std::uint32_t vertex : vertices) {
            grid.around(mesh_.positions[vertex], tolerance_, [&](std::uint32_t other) {
                const float distance =
                    glm::distance(mesh_.positions[vertex], mesh_.positions[other]);
                if (vertex < other && pieceOf_[vertex] != pieceOf_[other] &&
                    static_cast<double>(distance) <= tolerance_) {
                    matches.push_back({distance, vertex, other});
                }
            });
        }
        std::ranges::sort(matches);
        std::vector<std::uint32_t> target(mesh_.positions.size());
        std::iota(target.begin(), target.end(), 0U);
        std::vector<bool> isTaken(mesh_.positions.size());
        for (const Match& match : matches) {
            if (!isTaken[match.from] && !isTaken[match.to]) {
                isTaken[match.from] = isTaken[match.to] = true;
                target[match.to] = match.from;
                mesh_.positions[match.from] =
                    0.5F * (mesh_.positions[match.from] + mesh_.positions[match.to]);
            }
        }
        for (std::uint32_t& index : mesh_.indices) {
            index = target[index];
        }
        joined_ = std::move(isTaken);
    }

    void splitEdges() {
        const std::vector<BorderEdge> edges = borderEdges(mesh_.indices);
        PlanGrid grid(4.0 * tolerance_);
        for (std::uint32_t i = 0; i < edges.size(); ++i) {
            const glm::vec3& from = mesh_.positions[edges[i].from];
            const glm::vec3& to = mesh_.positions[edges[i].to];
            grid.add(glm::min(from, to), glm::max(from, to), i);
        }
        std::vector<Split> splits;
        for (const std::uint32_t vertex : borderVertices(edges)) {
            if (const auto split = splitBy(vertex, edges, grid)) {
                splits.push_back(*split);
            }
        }
        std::ranges::sort(splits);
        applySplits(splits);
    }

    std::optional<Split> splitBy(std::uint32_t vertex,
                                 const std::vector<BorderEdge>& edges,
                                 const PlanGrid& grid) const {
        const glm::vec3& point = mesh_.positions[vertex];
        std::optional<Split> best;
        auto bestDistance = static_cast<float>(tolerance_);
        grid.around(point, tolerance_, [&](std::uint32_t i) {
            const BorderEdge& edge = edges[i];
            if (edge.from == vertex || edge.to == vertex || isOwnEdge(vertex, edge)) {
                return;
            }
            const glm::vec3& from = mesh_.positions[edge.from];
            const glm::vec3 along = mesh_.positions[edge.to] - from;
            const float lengthSquared = glm::dot(along, along);
            const float t =
                lengthSquared > 0.0F ? glm::dot(point - from, along) / lengthSquared : 0.0F;
            const float distance = glm::distance(point, from + t * along);
            if (t > 0.0F && t < 1.0F && distance < bestDistance) {
                bestDistance = distance;
                best = Split{edge.triangle, edge.from, t, vertex};
            }
        });
        return best;
    }

    /// A vertex that was joined belongs to both pieces and splits the edges of either.
    bool isOwnEdge(std::uint32_t vertex, const BorderEdge& edge) const {
        return !joined_[vertex] && pieceOf_[vertex] == pieceOf_[edge.from] &&
               pieceOf_[vertex] == pieceOf_[edge.to];
    }

    /// A triangle with corners added on its edges becomes a fan round one of its own corners.
    void applySplits(const std::vector<Split>& splits) {
        std::vector<std::uint32_t> added;
        for (std::size_t i = 0; i < splits.size();) {
            const std::uint32_t triangle = splits[i].triangle;
            std::size_t end = i;
            while (end < splits.size() && splits[end].triangle == triangle) {
                ++end;
            }
            fan(splits, i, end, added);
            i = end;
        }
        mesh_.indices.insert(mesh_.indices.end(), added.begin(), added.end());
    }

    void fan(const std::vector<Split>& splits,
             std::size_t first,
             std::size_t last,
             std::vector<std::uint32_t>& added) {
        const std::size_t at = std::size_t{3} * splits[first].triangle;
        std::vector<std::uint32_t> ring;
        std::size_t apex = 0; // a corner between edges without splits gives no flat triangle
        for (std::size_t corner = 0; corner < 3; ++corner) {
            const std::uint32_t own = mesh_.indices[at + corner];
            ring.push_back(own);
            const std::size_t before = ring.size();
            for (std::size_t i = first; i < last; ++i) {
                if (splits[i].from == own) {
                    ring.push_back(splits[i].vertex);
                }
            }
            if (ring.size() > before) {
                apex = (corner + 2) % 3;
            }
        }
        const std::uint32_t top = mesh_.indices[at + apex];
        std::ranges::rotate(ring, std::ranges::find(ring, top));
        for (std::size_t i = 1; i + 1 < ring.size(); ++i) {
            added.insert(added.end(), {top, ring[i], ring[i + 1]});
        }
        // the triangle itself becomes degenerate and is dropped with the others
        mesh_.indices[at + 1] = mesh_.indices[at];
    }

    TriangleMesh& mesh_;
    const std::vector<std::uint32_t>& pieceOf_;
    double tolerance_;
    std::vector<bool> joined_;
};

} // namespace

std::vector<BorderEdge> borderEdges(const std::vector<std::uint32_t>& indices) {
    struct Directed {
        std::uint64_t key; ///< Smaller end, larger end.
        std::uint32_t corner;
        bool isForward;
    };
    std::vector<Directed> all;
    all.reserve(indices.size());
    const auto next = [](std::size_t corner) { return corner % 3 == 2 ? corner - 2 : corner + 1; };
    for (std::size_t corner = 0; corner < indices.size(); ++corner) {
        const std::uint64_t from = indices[corner];
        const std::uint64_t to = indices[next(corner)];
        all.push_back({.key = std::min(from, to) << 32U | std::max(from, to),
                       .corner = static_cast<std::uint32_t>(corner),
                       .isForward = from < to});
    }
    std::ranges::sort(
        all, {}, [](const Directed& edge) { return std::pair(edge.key, edge.corner); });
    std::vector<std::uint32_t> corners;
    for (std::size_t i = 0; i < all.size();) {
        std::size_t end = i;
        std::size_t forward = 0;
        for (; end < all.size() && all[end].key == all[i].key; ++end) {
            forward += all[end].isForward ? 1U : 0U;
        }
        const std::size_t backward = end - i - forward;
        for (std::size_t k = i; k < end; ++k) {
            if ((all[k].isForward ? backward : forward) == 0) {
                corners.push_back(all[k].corner);
            }
        }
        i = end;
    }
    std::ranges::sort(corners);
    std::vector<BorderEdge> edges;
    edges.reserve(corners.size());
    for (const std::uint32_t corner : corners) {
        edges.push_back(
            {.from = indices[corner], .to = indices[next(corner)], .triangle = corner / 3});
    }
    return edges;
}

std::size_t zipBordersInPlace(TriangleMesh& mesh,
                              const std::vector<std::uint32_t>& pieceOf,
                              double toleranceMetres) {
    return Zip(mesh, pieceOf, toleranceMetres).run();
}

} // namespace tiles3d::mesh
