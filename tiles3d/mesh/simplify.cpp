#include "tiles3d/mesh/simplify.h"

#include "tiles3d/mesh/border.h"
#include "tiles3d/mesh/distance.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <queue>
#include <tuple>
#include <utility>
#include <vector>

namespace tiles3d::mesh {

namespace {

constexpr std::uint32_t kNone = UINT32_MAX;

/// Sum of weighted squared distances from planes: p'Ap + 2b'p + c.
struct Quadric {
    double xx = 0.0, yy = 0.0, zz = 0.0, xy = 0.0, xz = 0.0, yz = 0.0;
    glm::dvec3 linear{0.0};
    double constant = 0.0;
    double weight = 0.0;

    void addPlane(const glm::dvec3& normal, double offset, double planeWeight) {
        const glm::dvec3 n = planeWeight * normal;
        xx += n.x * normal.x;
        yy += n.y * normal.y;
        zz += n.z * normal.z;
        xy += n.x * normal.y;
        xz += n.x * normal.z;
        yz += n.y * normal.z;
        linear += offset * n;
        constant += offset * offset * planeWeight;
    }

    void add(const Quadric& other) {
        xx += other.xx;
        yy += other.yy;
        zz += other.zz;
        xy += other.xy;
        xz += other.xz;
        yz += other.yz;
        linear += other.linear;
        constant += other.constant;
        weight += other.weight;
    }

    double at(const glm::dvec3& p) const {
        const double square = xx * p.x * p.x + yy * p.y * p.y + zz * p.z * p.z +
                              2.0 * (xy * p.x * p.y + xz * p.x * p.z + yz * p.y * p.z);
        return std::max(square + 2.0 * glm::dot(linear, p) + constant, 0.0);
    }

    /// Where it is least; nothing if that is a line or a plane.
    std::optional<glm::dvec3> minimum() const {
        const double a = yy * zz - yz * yz;
        const double b = xz * yz - xy * zz;
        const double c = xy * yz - xz * yy;
        const double determinant = xx * a + xy * b + xz * c;
        const double size = xx + yy + zz;
        constexpr double kFlat = 1e-4;
        if (determinant <= kFlat * size * size * size) {
            return std::nullopt;
        }
        const double d = xx * zz - xz * xz;
        const double e = xy * xz - xx * yz;
        const double f = xx * yy - xy * xy;
        return -glm::dvec3(a * linear.x + b * linear.y + c * linear.z,
                           b * linear.x + d * linear.y + e * linear.z,
                           c * linear.x + e * linear.y + f * linear.z) /
               determinant;
    }
};

struct Collapse {
    float cost = 0.0F;
    std::uint32_t keep = 0;
    std::uint32_t gone = 0;
    std::uint32_t keepStamp = 0;
    std::uint32_t goneStamp = 0;
    glm::vec3 target{0.0F};

    /// Cheapest on top; ties by vertex, so that the order is one.
    bool operator<(const Collapse& other) const {
        return std::tuple(cost, keep, gone) > std::tuple(other.cost, other.keep, other.gone);
    }
};

class Simplification {
public:
    Simplification(const TriangleMesh& mesh, double maxError)
        : positions_(mesh.positions), points_(mesh.positions), indices_(mesh.indices),
          maxError_(static_cast<float>(maxError)), isAlive_(mesh.indices.size() / 3, 1),
          firstCorner_(mesh.positions.size(), kNone), nextCorner_(mesh.indices.size(), kNone),
          firstPoint_(isAlive_.size(), kNone), nextPoint_(mesh.positions.size(), kNone),
          stamps_(mesh.positions.size()), quadrics_(mesh.positions.size()) {}

    Simplified run() {
        link();
        addQuadrics();
        offerAll();
        while (!queue_.empty()) {
            const Collapse next = queue_.top();
            queue_.pop();
            if (stamps_[next.keep] == next.keepStamp && stamps_[next.gone] == next.goneStamp) {
                tryCollapse(next);
            }
        }
        return {.mesh = result(), .errorMetres = static_cast<double>(std::sqrt(largestSquare()))};
    }

private:
    // --- structure: corners of a vertex and points of a triangle as linked lists ---------------

    void link() {
        for (std::uint32_t corner = 0; corner < indices_.size(); ++corner) {
            const std::uint32_t vertex = indices_[corner];
            if (firstCorner_[vertex] == kNone) { // its first triangle answers for it
                nextPoint_[vertex] = firstPoint_[corner / 3];
                firstPoint_[corner / 3] = vertex;
            }
            nextCorner_[corner] = firstCorner_[vertex];
            firstCorner_[vertex] = corner;
        }
    }

    /// Alive triangles of a vertex; forgets dead ones on the way.
    template <typename Visit>
    void forTriangles(std::uint32_t vertex, const Visit& visit) {
        std::uint32_t* link = &firstCorner_[vertex];
        while (*link != kNone) {
            const std::uint32_t corner = *link;
            if (isAlive_[corner / 3] == 0) {
                *link = nextCorner_[corner];
                continue;
            }
            visit(corner / 3);
            link = &nextCorner_[corner];
        }
    }

    const glm::vec3& corner(std::uint32_t triangle, std::uint32_t i) const {
        return positions_[indices_[3 * triangle + i]];
    }

    glm::vec3 normal(std::uint32_t triangle) const {
        return glm::cross(corner(triangle, 1) - corner(triangle, 0),
                          corner(triangle, 2) - corner(triangle, 0));
    }

    bool uses(std::uint32_t triangle, std::uint32_t vertex) const {
        const std::size_t first = std::size_t{3} * triangle;
        return indices_[first] == vertex || indices_[first + 1] == vertex ||
               indices_[first + 2] == vertex;
    }

    // --- costs ---------------------------------------------------------------------------------

    void addQuadrics() {
        for (std::uint32_t i = 0; i < isAlive_.size(); ++i) {
            const glm::dvec3 cross(normal(i));
            const double length = glm::length(cross);
            if (length == 0.0) {
                continue;
            }
            const glm::dvec3 unit = cross / length;
            Quadric plane;
            plane.addPlane(unit, -glm::dot(unit, glm::dvec3(corner(i, 0))), length);
            plane.weight = length;
            for (std::uint32_t k = 0; k < 3; ++k) {
                quadrics_[indices_[3 * i + k]].add(plane);
            }
        }
        // A plane upright on each border edge holds the border in its place.
        for (const BorderEdge& edge : borderEdges(indices_)) {
            const glm::dvec3 from(positions_[edge.from]);
            const glm::dvec3 along = glm::dvec3(positions_[edge.to]) - from;
            const glm::dvec3 cross = glm::cross(along, glm::dvec3(normal(edge.triangle)));
            const double length = glm::length(cross);
            if (length == 0.0) {
                continue;
            }
            const glm::dvec3 unit = cross / length;
            Quadric plane;
            plane.addPlane(unit, -glm::dot(unit, from), glm::dot(along, along));
            quadrics_[edge.from].add(plane);
            quadrics_[edge.to].add(plane);
        }
    }

    void offerAll() {
        std::vector<std::uint64_t> edges;
        edges.reserve(indices_.size());
        for (std::uint32_t i = 0; i < indices_.size(); ++i) {
            const std::uint64_t from = indices_[i];
            const std::uint64_t to = indices_[i % 3 == 2 ? i - 2 : i + 1];
            edges.push_back(std::min(from, to) << 32U | std::max(from, to));
        }
        std::ranges::sort(edges);
        edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
        for (const std::uint64_t edge : edges) {
            offer(static_cast<std::uint32_t>(edge >> 32U), static_cast<std::uint32_t>(edge));
        }
    }

    void offer(std::uint32_t a, std::uint32_t b) {
        Quadric sum = quadrics_[a];
        sum.add(quadrics_[b]);
        const glm::dvec3 pa(positions_[a]);
        const glm::dvec3 pb(positions_[b]);
        glm::dvec3 target = sum.at(pa) <= sum.at(pb) ? pa : pb;
        if (sum.at((pa + pb) / 2.0) < sum.at(target)) {
            target = (pa + pb) / 2.0;
        }
        if (const auto least = sum.minimum();
            least && glm::distance(*least, (pa + pb) / 2.0) <= glm::distance(pa, pb)) {
            target = *least;
        }
        const double cost = sum.at(target);
        const double limit = static_cast<double>(maxError_) * static_cast<double>(maxError_);
        if (cost <= limit * std::max(sum.weight, 1e-12)) {
            queue_.push({.cost = static_cast<float>(cost),
                         .keep = a,
                         .gone = b,
                         .keepStamp = stamps_[a],
                         .goneStamp = stamps_[b],
                         .target = glm::vec3(target)});
        }
    }

    // --- one collapse --------------------------------------------------------------------------

    void tryCollapse(const Collapse& collapse) {
        gatherStar(collapse);
        if (star_.empty() || !staysUpright(collapse) || !rehome(collapse)) {
            return;
        }
        apply(collapse);
    }

    /// The triangles that stay, moved, and those that vanish.
    void gatherStar(const Collapse& collapse) {
        star_.clear();
        vanishing_.clear();
        forTriangles(collapse.keep, [&](std::uint32_t triangle) {
            (uses(triangle, collapse.gone) ? vanishing_ : star_).push_back(triangle);
        });
        forTriangles(collapse.gone, [&](std::uint32_t triangle) {
            if (!uses(triangle, collapse.keep)) {
                star_.push_back(triangle);
            }
        });
    }

    std::array<glm::vec3, 3> moved(std::uint32_t triangle, const Collapse& collapse) const {
        std::array<glm::vec3, 3> corners{};
        for (std::uint32_t i = 0; i < 3; ++i) {
            const std::uint32_t vertex = indices_[3 * triangle + i];
            corners[i] = vertex == collapse.keep || vertex == collapse.gone ? collapse.target
                                                                            : positions_[vertex];
        }
        return corners;
    }

    bool staysUpright(const Collapse& collapse) const {
        constexpr float kTurn = 0.25F;
        return std::ranges::all_of(star_, [&](std::uint32_t triangle) {
            const auto [a, b, c] = moved(triangle, collapse);
            const glm::vec3 after = glm::cross(b - a, c - a);
            const glm::vec3 before = normal(triangle);
            const float lengths = glm::length(after) * glm::length(before);
            return glm::length(before) == 0.0F ||
                   (lengths > 0.0F && glm::dot(before, after) > kTurn * lengths);
        });
    }

    /// Finds every point of the star a triangle within the error; false if one has none.
    bool rehome(const Collapse& collapse) {
        corners_.clear();
        for (const std::uint32_t triangle : star_) {
            corners_.push_back(moved(triangle, collapse));
        }
        homes_.clear();
        for (std::size_t i = 0; i < star_.size(); ++i) {
            if (!rehomePoints(star_[i], i)) {
                return false;
            }
        }
        return std::ranges::all_of(
            vanishing_, [&](std::uint32_t triangle) { return rehomePoints(triangle, 0); });
    }

    bool rehomePoints(std::uint32_t triangle, std::size_t likely) {
        for (std::uint32_t point = firstPoint_[triangle]; point != kNone;
             point = nextPoint_[point]) {
            const std::size_t home = homeOf(points_[point], likely);
            if (home == star_.size()) {
                return false;
            }
            homes_.emplace_back(point, star_[home]);
        }
        return true;
    }

    std::size_t homeOf(const glm::vec3& point, std::size_t likely) const {
        const float limit = maxError_ * maxError_;
        for (std::size_t i = 0; i < star_.size(); ++i) {
            const std::size_t at = i == 0 ? likely : (i <= likely ? i - 1 : i);
            const auto& [a, b, c] = corners_[at];
            const glm::vec3 away = point - nearestOnTriangle(point, a, b, c);
            if (glm::dot(away, away) <= limit) {
                return at;
            }
        }
        return star_.size();
    }

    void apply(const Collapse& collapse) {
        for (const std::uint32_t triangle : star_) {
            firstPoint_[triangle] = kNone;
        }
        for (const std::uint32_t triangle : vanishing_) {
            isAlive_[triangle] = 0;
        }
        for (const auto& [point, triangle] : homes_) {
            nextPoint_[point] = firstPoint_[triangle];
            firstPoint_[triangle] = point;
        }
        for (const std::uint32_t triangle : star_) {
            for (std::uint32_t i = 0; i < 3; ++i) {
                std::uint32_t& index = indices_[3 * triangle + i];
                index = index == collapse.gone ? collapse.keep : index;
            }
        }
        adoptCorners(collapse);
        positions_[collapse.keep] = collapse.target;
        quadrics_[collapse.keep].add(quadrics_[collapse.gone]);
        ++stamps_[collapse.keep];
        ++stamps_[collapse.gone];
        dropTwins();
        offerAround(collapse.keep);
    }

    void adoptCorners(const Collapse& collapse) {
        std::uint32_t* link = &firstCorner_[collapse.keep];
        while (*link != kNone) {
            link = &nextCorner_[*link];
        }
        *link = firstCorner_[collapse.gone];
        firstCorner_[collapse.gone] = kNone;
    }

    /// Of triangles with the same corners in the same order one is enough.
    void dropTwins() {
        for (std::size_t i = 0; i < star_.size(); ++i) {
            for (std::size_t k = 0; k < i && isAlive_[star_[i]] != 0; ++k) {
                if (isAlive_[star_[k]] != 0 && isTwin(star_[i], star_[k])) {
                    givePoints(star_[i], star_[k]);
                    isAlive_[star_[i]] = 0;
                }
            }
        }
    }

    bool isTwin(std::uint32_t a, std::uint32_t b) const {
        for (std::uint32_t shift = 0; shift < 3; ++shift) {
            bool isSame = true;
            for (std::uint32_t i = 0; i < 3; ++i) {
                isSame = isSame && indices_[3 * a + i] == indices_[3 * b + (i + shift) % 3];
            }
            if (isSame) {
                return true;
            }
        }
        return false;
    }

    void givePoints(std::uint32_t from, std::uint32_t to) {
        std::uint32_t* link = &firstPoint_[to];
        while (*link != kNone) {
            link = &nextPoint_[*link];
        }
        *link = firstPoint_[from];
        firstPoint_[from] = kNone;
    }

    void offerAround(std::uint32_t vertex) {
        ring_.clear();
        forTriangles(vertex, [&](std::uint32_t triangle) {
            for (std::uint32_t i = 0; i < 3; ++i) {
                ring_.push_back(indices_[3 * triangle + i]);
            }
        });
        std::ranges::sort(ring_);
        ring_.erase(std::unique(ring_.begin(), ring_.end()), ring_.end());
        for (const std::uint32_t other : ring_) {
            if (other != vertex) {
                offer(std::min(vertex, other), std::max(vertex, other));
            }
        }
    }

    float largestSquare() const {
        float largest = 0.0F;
        for (std::uint32_t triangle = 0; triangle < isAlive_.size(); ++triangle) {
            for (std::uint32_t point = firstPoint_[triangle];
                 isAlive_[triangle] != 0 && point != kNone;
                 point = nextPoint_[point]) {
                const glm::vec3 away = points_[point] - nearestOnTriangle(points_[point],
                                                                          corner(triangle, 0),
                                                                          corner(triangle, 1),
                                                                          corner(triangle, 2));
                largest = std::max(largest, glm::dot(away, away));
            }
        }
        return largest;
    }

    TriangleMesh result() const {
        TriangleMesh mesh{.positions = positions_};
        for (std::size_t i = 0; i < isAlive_.size(); ++i) {
            if (isAlive_[i] != 0) {
                mesh.indices.insert(mesh.indices.end(),
                                    {indices_[3 * i], indices_[3 * i + 1], indices_[3 * i + 2]});
            }
        }
        dropDegenerateTrianglesInPlace(mesh);
        compactVerticesInPlace(mesh);
        return mesh;
    }

    std::vector<glm::vec3> positions_;
    const std::vector<glm::vec3>& points_; ///< The input's vertices.
    std::vector<std::uint32_t> indices_;
    float maxError_;
    std::vector<std::uint8_t> isAlive_;
    std::vector<std::uint32_t> firstCorner_;
    std::vector<std::uint32_t> nextCorner_;
    std::vector<std::uint32_t> firstPoint_;
    std::vector<std::uint32_t> nextPoint_;
    std::vector<std::uint32_t> stamps_;
    std::vector<Quadric> quadrics_;
    std::priority_queue<Collapse> queue_;

    std::vector<std::uint32_t> star_; ///< Of the collapse at hand.
    std::vector<std::uint32_t> vanishing_;
    std::vector<std::array<glm::vec3, 3>> corners_;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> homes_; ///< Point, triangle.
    std::vector<std::uint32_t> ring_;
};

} // namespace

Simplified simplify(const TriangleMesh& mesh, double maxErrorMetres) {
    return Simplification(mesh, maxErrorMetres).run();
}

} // namespace tiles3d::mesh
