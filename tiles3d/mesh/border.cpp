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

/// Vertices of different pieces that become one.
struct Cluster {
    std::vector<std::uint32_t> vertices;
    std::vector<std::uint32_t> pieces;
};

/// A vertex that is to become a corner on the edge of another piece.
struct Split {
    std::uint32_t triangle = 0;
    std::uint32_t from = 0; ///< The edge is named by where it starts: a triangle has three.
    float along = 0.0F;     ///< 0 to 1.
    std::uint32_t vertex = 0;
    auto operator<=>(const Split&) const = default;
};

/// The border as closed loops that touch no vertex twice; edges that close none are left out.
std::vector<std::vector<std::uint32_t>> borderLoops(const std::vector<BorderEdge>& edges) {
    std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> leaving;
    for (std::size_t i = edges.size(); i-- > 0;) {
        leaving[edges[i].from].push_back(edges[i].to);
    }
    std::vector<std::vector<std::uint32_t>> loops;
    for (const BorderEdge& edge : edges) {
        std::vector<std::uint32_t> path{edge.from};
        while (!path.empty() && !leaving[path.back()].empty()) {
            const std::uint32_t next = leaving[path.back()].back();
            leaving[path.back()].pop_back();
            const auto seen = std::ranges::find(path, next);
            if (seen == path.end()) {
                path.push_back(next);
                continue;
            }
            loops.emplace_back(seen, path.end());
            path.erase(seen + 1, path.end());
        }
    }
    return loops;
}

class Zip {
public:
    Zip(TriangleMesh& mesh, const std::vector<std::uint32_t>& pieceOf, double tolerance)
        : mesh_(mesh), pieceOf_(pieceOf), tolerance_(tolerance) {}

    std::size_t run() {
        joinVertices();
        splitEdges();
        dropDegenerateTrianglesInPlace(mesh_);
        fillHoles();
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

    std::vector<Match> matchesAmong(const std::vector<std::uint32_t>& vertices) const {
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
        return matches;
    }

    /// Nearest pairs first. Where several pieces meet, their corners become one; of each piece one
    /// vertex at most, so that none folds onto itself.
    void joinVertices() {
        const std::vector<std::uint32_t> vertices = borderVertices(borderEdges(mesh_.indices));
        std::unordered_map<std::uint32_t, Cluster> clusters; ///< By their first vertex.
        std::vector<std::uint32_t> first(mesh_.positions.size());
        std::iota(first.begin(), first.end(), 0U);
        for (const std::uint32_t vertex : vertices) {
            clusters[vertex] = {.vertices = {vertex}, .pieces = {pieceOf_[vertex]}};
        }
        for (const Match& match : matchesAmong(vertices)) {
            Cluster& into = clusters[first[match.from]];
            Cluster& from = clusters[first[match.to]];
            if (&into == &from || !areApart(into.pieces, from.pieces)) {
                continue;
            }
            into.pieces.insert(into.pieces.end(), from.pieces.begin(), from.pieces.end());
            const std::vector<std::uint32_t> moving = std::move(from.vertices);
            clusters.erase(first[match.to]);
            for (const std::uint32_t vertex : moving) {
                first[vertex] = first[match.from];
                into.vertices.push_back(vertex);
            }
        }
        isJoined_.assign(mesh_.positions.size(), false);
        for (const auto& [vertex, cluster] : clusters) {
            mergeInto(vertex, cluster);
        }
        for (std::uint32_t& index : mesh_.indices) {
            index = first[index];
        }
    }

    static bool areApart(const std::vector<std::uint32_t>& a, const std::vector<std::uint32_t>& b) {
        return std::ranges::find_first_of(a, b) == a.end();
    }

    void mergeInto(std::uint32_t vertex, const Cluster& cluster) {
        if (cluster.vertices.size() < 2) {
            return;
        }
        glm::vec3 sum(0.0F);
        for (const std::uint32_t member : cluster.vertices) {
            sum += mesh_.positions[member];
        }
        mesh_.positions[vertex] = sum / static_cast<float>(cluster.vertices.size());
        isJoined_[vertex] = true;
    }

    /// Where pieces meet at corners and on walls their edges may still leave holes of the
    /// tolerance's size.
    void fillHoles() {
        for (const std::vector<std::uint32_t>& loop : borderLoops(borderEdges(mesh_.indices))) {
            if (!isSeamHole(loop)) {
                continue;
            }
            for (std::size_t i = 1; i + 1 < loop.size(); ++i) { // the surface is on its left
                mesh_.indices.insert(mesh_.indices.end(), {loop[0], loop[i + 1], loop[i]});
            }
        }
    }

    bool isSeamHole(const std::vector<std::uint32_t>& loop) const {
        glm::vec3 low(1e30F);
        glm::vec3 high(-1e30F);
        bool touchesSeam = false;
        for (const std::uint32_t vertex : loop) {
            low = glm::min(low, mesh_.positions[vertex]);
            high = glm::max(high, mesh_.positions[vertex]);
            touchesSeam = touchesSeam || isJoined_[vertex] || isSplitting_[vertex];
        }
        constexpr double kMostTolerances = 4.0;
        return touchesSeam &&
               static_cast<double>(glm::distance(low, high)) <= kMostTolerances * tolerance_;
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
        isSplitting_.assign(mesh_.positions.size(), false);
        for (const std::uint32_t vertex : borderVertices(edges)) {
            if (const auto split = splitBy(vertex, edges, grid)) {
                splits.push_back(*split);
                isSplitting_[vertex] = true;
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
        return !isJoined_[vertex] && pieceOf_[vertex] == pieceOf_[edge.from] &&
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
    std::vector<bool> isJoined_;    ///< Vertices that several pieces share.
    std::vector<bool> isSplitting_; ///< Vertices on an edge of another piece.
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
