#include "tiles3d/mesh/border.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
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

/// The border as closed loops that touch no vertex twice; edges that close none are left out.
std::vector<std::vector<std::uint32_t>> borderLoops(const std::vector<BorderEdge>& edges) {
    std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> leaving;
    for (std::size_t i = edges.size(); i-- > 0;) {
        leaving[edges[i].from].push_back(edges[i].to);
    }
    std::vector<std::vector<std::uint32_t>> loops;
    for (const BorderEdge& edge : edges) {
        std::vector<std::uint32_t> path{edge.from};
        while (!path.empty()) {
            if (leaving[path.back()].empty()) { // a dead end
                path.pop_back();
                continue;
            }
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
        : mesh_(mesh), pieceOf_(pieceOf), tolerance_(tolerance), groups_(mesh.positions.size()),
          isSplitting_(mesh.positions.size()) {
        for (std::size_t i = 0; i + 2 < mesh.indices.size(); i += 3) {
            pieceOfTriangle_.push_back(pieceOf[mesh.indices[i]]);
        }
    }

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
        vertices.erase(std::unique(vertices.begin(), vertices.end()), vertices.end());
        return vertices;
    }

    /// Nearest pairs first. At a corner as many vertices meet as there are pieces.
    void joinVertices() {
        const std::vector<std::uint32_t> vertices = borderVertices(borderEdges(mesh_.indices));
        std::vector<std::uint32_t> target(mesh_.positions.size());
        std::iota(target.begin(), target.end(), 0U);
        for (const std::uint32_t vertex : vertices) {
            groups_[vertex] = {vertex};
        }
        for (const Match& match : matchesOf(vertices)) {
            tryJoin(target[match.from], target[match.to], target);
        }
        const std::vector<glm::vec3> before = mesh_.positions;
        for (const std::uint32_t vertex : vertices) {
            if (target[vertex] == vertex) {
                mesh_.positions[vertex] = meanOf(groups_[vertex], before);
            }
        }
        for (std::uint32_t& index : mesh_.indices) {
            index = target[index];
        }
    }

    std::vector<Match> matchesOf(const std::vector<std::uint32_t>& vertices) const {
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

    static glm::vec3 meanOf(const std::vector<std::uint32_t>& group,
                            const std::vector<glm::vec3>& positions) {
        glm::vec3 sum(0.0F);
        for (const std::uint32_t member : group) {
            sum += positions[member];
        }
        return sum / static_cast<float>(group.size());
    }

    /// Unless a piece would fold onto itself, or a vertex move too far.
    void tryJoin(std::uint32_t first, std::uint32_t second, std::vector<std::uint32_t>& target) {
        std::vector<std::uint32_t> all = groups_[first];
        for (const std::uint32_t member : groups_[second]) {
            if (holdsPiece(groups_[first], pieceOf_[member])) {
                return;
            }
            all.push_back(member);
        }
        const glm::vec3 mean = meanOf(all, mesh_.positions);
        const bool isNear = std::ranges::all_of(all, [&](std::uint32_t member) {
            return static_cast<double>(glm::distance(mesh_.positions[member], mean)) <= tolerance_;
        });
        if (isNear) {
            for (const std::uint32_t member : groups_[second]) {
                target[member] = first;
            }
            groups_[first] = std::move(all);
        }
    }

    bool holdsPiece(const std::vector<std::uint32_t>& group, std::uint32_t piece) const {
        return std::ranges::any_of(group,
                                   [&](std::uint32_t member) { return pieceOf_[member] == piece; });
    }

    /// Where pieces meet at corners, on walls and at the feet of walls, their edges may still leave
    /// holes of the tolerance's width.
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

    /// Of any length, but narrow. Twice as wide costs 0.1 dB of the node and closes no more.
    bool isSeamHole(const std::vector<std::uint32_t>& loop) const {
        const auto isOnSeam = [&](std::uint32_t vertex) {
            return groups_[vertex].size() > 1 || isSplitting_[vertex];
        };
        if (std::ranges::none_of(loop, isOnSeam)) {
            return false;
        }
        const glm::vec3 from = farthestFrom(mesh_.positions[loop.front()], loop);
        const glm::vec3 chord = farthestFrom(from, loop) - from;
        const double most = tolerance_ * static_cast<double>(glm::length(chord));
        return std::ranges::all_of(loop, [&](std::uint32_t vertex) {
            const glm::vec3 area = glm::cross(chord, mesh_.positions[vertex] - from);
            return static_cast<double>(glm::length(area)) <= most;
        });
    }

    glm::vec3 farthestFrom(const glm::vec3& point, const std::vector<std::uint32_t>& loop) const {
        const auto distance = [&](std::uint32_t vertex) {
            return glm::distance(mesh_.positions[vertex], point);
        };
        return mesh_.positions[*std::ranges::max_element(loop, {}, distance)];
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
            if (holdsPiece(groups_[vertex], pieceOfTriangle_[edge.triangle])) {
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

    /// A triangle with corners added on its edges becomes a fan.
    void fan(const std::vector<Split>& splits,
             std::size_t first,
             std::size_t last,
             std::vector<std::uint32_t>& added) {
        const std::size_t at = std::size_t{3} * splits[first].triangle;
        std::vector<std::uint32_t> ring;
        for (std::size_t corner = 0; corner < 3; ++corner) {
            const std::uint32_t own = mesh_.indices[at + corner];
            ring.push_back(own);
            for (std::size_t i = first; i < last; ++i) {
                if (splits[i].from == own) {
                    ring.push_back(splits[i].vertex);
                }
            }
        }
        const glm::vec3 normal =
            cross(mesh_.indices[at], mesh_.indices[at + 1], mesh_.indices[at + 2]);
        rotateToBestApex(ring, normal);
        for (std::size_t i = 1; i + 1 < ring.size(); ++i) {
            added.insert(added.end(), {ring[0], ring[i], ring[i + 1]});
        }
        // the triangle itself becomes degenerate and is dropped with the others
        mesh_.indices[at + 1] = mesh_.indices[at];
    }

    /// The apex whose flattest triangle is largest: one without area would be dropped, and the
    /// borders beside it would open.
    void rotateToBestApex(std::vector<std::uint32_t>& ring, const glm::vec3& normal) const {
        std::vector<std::uint32_t> best = ring;
        float largest = -std::numeric_limits<float>::infinity();
        for (std::size_t turn = 0; turn < ring.size(); ++turn) {
            float flattest = std::numeric_limits<float>::infinity();
            for (std::size_t i = 1; i + 1 < ring.size(); ++i) {
                flattest =
                    std::min(flattest, glm::dot(cross(ring[0], ring[i], ring[i + 1]), normal));
            }
            if (flattest > largest) {
                largest = flattest;
                best = ring;
            }
            std::rotate(ring.begin(), ring.begin() + 1, ring.end());
        }
        ring = std::move(best);
    }

    glm::vec3 cross(std::uint32_t a, std::uint32_t b, std::uint32_t c) const {
        return glm::cross(mesh_.positions[b] - mesh_.positions[a],
                          mesh_.positions[c] - mesh_.positions[a]);
    }

    TriangleMesh& mesh_;
    const std::vector<std::uint32_t>& pieceOf_;
    double tolerance_;
    std::vector<std::vector<std::uint32_t>> groups_; ///< Per border vertex: who became one with it.
    std::vector<std::uint32_t> pieceOfTriangle_;
    std::vector<bool> isSplitting_; ///< Vertices that became corners on another piece's edge.
};

} // namespace

std::vector<BorderEdge> borderEdges(const std::vector<std::uint32_t>& indices) {
    const auto next = [](std::size_t corner) { return corner % 3 == 2 ? corner - 2 : corner + 1; };
    // Where each vertex's edges lead, as one array: looking back is faster than sorting.
    const std::uint32_t vertices = indices.empty() ? 0 : *std::ranges::max_element(indices) + 1;
    std::vector<std::uint32_t> starts(std::size_t{vertices} + 1);
    for (const std::uint32_t index : indices) {
        ++starts[index + 1];
    }
    std::partial_sum(starts.begin(), starts.end(), starts.begin());
    std::vector<std::uint32_t> free(starts.begin(), starts.end());
    std::vector<std::uint32_t> targets(indices.size());
    for (std::size_t corner = 0; corner < indices.size(); ++corner) {
        targets[free[indices[corner]]++] = indices[next(corner)];
    }
    std::vector<BorderEdge> edges;
    for (std::uint32_t corner = 0; corner < indices.size(); ++corner) {
        const std::uint32_t from = indices[corner];
        const std::uint32_t to = indices[next(corner)];
        const auto first = targets.begin() + static_cast<std::ptrdiff_t>(starts[to]);
        const auto last = targets.begin() + static_cast<std::ptrdiff_t>(starts[to + 1]);
        if (std::find(first, last, from) == last) {
            edges.push_back({.from = from, .to = to, .triangle = corner / 3});
        }
    }
    return edges;
}

std::size_t zipBordersInPlace(TriangleMesh& mesh,
                              const std::vector<std::uint32_t>& pieceOf,
                              double toleranceMetres) {
    return Zip(mesh, pieceOf, toleranceMetres).run();
}

} // namespace tiles3d::mesh
