#pragma once

#include <glm/vec2.hpp>

#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

namespace pipeline::terrain {

/// A Delaunay triangulation of a square of lattice points that grows point by point, with exact
/// predicates. It starts as the square's four corners in two triangles and always covers the
/// square.
///
/// Half-edges: number e belongs to triangle e / 3 and runs from its corner e % 3 to the next one,
/// counter-clockwise with x to the right and y up. Triangles keep their number; inserting changes
/// those round the new vertex, no others.
/// Source: Guibas, Stolfi, "Primitives for the manipulation of general subdivisions and the
/// computation of Voronoi diagrams" (1985); Lawson's flips.
class LatticeDelaunay {
public:
    static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

    /// The square from (0, 0) to (side, side). Points that `isPlaceholder` names never win: where
    /// four vertices lie on one circle, the diagonal that avoids placeholders is taken. Only
    /// corners may be placeholders. REQUIRES: 0 < side <= 4096.
    LatticeDelaunay(int side, const std::function<bool(const glm::ivec2&)>& isPlaceholder);

    /// Makes `point` a vertex; `triangle` must contain it, edges included. Returns a half-edge that
    /// starts at the new vertex. REQUIRES: inside the square, not a vertex yet.
    std::uint32_t insert(const glm::ivec2& point, std::uint32_t triangle);

    /// A triangle that contains `point`, edges included. Walks there from triangle `from`.
    std::uint32_t locate(const glm::ivec2& point, std::uint32_t from) const;

    std::uint32_t triangleCount() const { return static_cast<std::uint32_t>(starts_.size() / 3); }
    const std::vector<glm::ivec2>& vertices() const { return vertices_; }
    /// Three vertices per triangle; element e is where half-edge e starts.
    const std::vector<std::uint32_t>& starts() const { return starts_; }

    /// The same edge in the triangle on its other side; kNone on the border of the square.
    std::uint32_t twin(std::uint32_t edge) const { return twins_[edge]; }
    static std::uint32_t next(std::uint32_t edge) { return edge % 3 == 2 ? edge - 2 : edge + 1; }
    static std::uint32_t previous(std::uint32_t edge) {
        return edge % 3 == 0 ? edge + 2 : edge - 1;
    }

private:
    const glm::ivec2& start(std::uint32_t edge) const { return vertices_[starts_[edge]]; }
    void link(std::uint32_t edge, std::uint32_t twin);
    std::uint32_t addTriangle(std::uint32_t a, std::uint32_t b, std::uint32_t c);
    void splitTriangle(std::uint32_t vertex, std::uint32_t triangle);
    void splitEdge(std::uint32_t vertex, std::uint32_t edge);
    bool mustFlip(std::uint32_t edge) const;
    void flip(std::uint32_t edge);
    void legalise();

    std::vector<glm::ivec2> vertices_;
    std::vector<std::uint32_t> starts_;
    std::vector<std::uint32_t> twins_;
    std::vector<std::uint32_t> suspects_; ///< Edges opposite the new vertex, yet to be looked at.
    bool isPlaceholder_[4] = {};          ///< Of the first four vertices.
    bool hasPlaceholders_ = false;
};

/// Twice the area of a, b, c: positive if they are counter-clockwise.
constexpr std::int64_t orientation(const glm::ivec2& a, const glm::ivec2& b, const glm::ivec2& c) {
    return std::int64_t{b.x - a.x} * (c.y - a.y) - std::int64_t{b.y - a.y} * (c.x - a.x);
}

/// Positive if d lies inside the circle through a, b, c (counter-clockwise), 0 on it.
/// Exact while coordinates differ by at most 2^14.
constexpr std::int64_t
inCircle(const glm::ivec2& a, const glm::ivec2& b, const glm::ivec2& c, const glm::ivec2& d) {
    const std::int64_t ax = a.x - d.x;
    const std::int64_t ay = a.y - d.y;
    const std::int64_t bx = b.x - d.x;
    const std::int64_t by = b.y - d.y;
    const std::int64_t cx = c.x - d.x;
    const std::int64_t cy = c.y - d.y;
    return (ax * ax + ay * ay) * (bx * cy - by * cx) - (bx * bx + by * by) * (ax * cy - ay * cx) +
           (cx * cx + cy * cy) * (ax * by - ay * bx);
}

} // namespace pipeline::terrain
