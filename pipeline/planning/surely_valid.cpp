#include "pipeline/planning/surely_valid.h"

#include "pipeline/planning/plane_box.h"

#include <algorithm>
#include <cmath>

namespace pipeline::planning {

namespace {

/// The sense of a, b, c: positive to the left, 0 if rounding leaves it open.
/// Source: Shewchuk, "Adaptive Precision Floating-Point Arithmetic and Fast Robust Geometric
/// Predicates" (1997), the first bound of ORIENT2D.
double surelySense(const glm::dvec2& a, const glm::dvec2& b, const glm::dvec2& c) {
    constexpr double kBound = 3.3306690738754716e-16;
    const double left = (a.x - c.x) * (b.y - c.y);
    const double right = (a.y - c.y) * (b.x - c.x);
    const double sense = left - right;
    return std::abs(sense) > kBound * (std::abs(left) + std::abs(right)) ? sense : 0.0;
}

struct Edge {
    glm::dvec2 a;
    glm::dvec2 b;
};

PlaneBox boxOf(const Edge& edge) {
    return {glm::min(edge.a, edge.b), glm::max(edge.a, edge.b)};
}

bool areSurelyApart(const Edge& e, const Edge& f) {
    if (!boxOf(e).overlaps(boxOf(f))) {
        return true;
    }
    const auto isOneSided = [](const Edge& line, const Edge& other) {
        const double first = surelySense(line.a, line.b, other.a);
        const double second = surelySense(line.a, line.b, other.b);
        return (first > 0.0 && second > 0.0) || (first < 0.0 && second < 0.0);
    };
    return isOneSided(e, f) || isOneSided(f, e);
}

/// `f` goes on where `e` ends: it may turn anywhere but back.
bool isSurelyNoSpike(const Edge& e, const Edge& f) {
    if (surelySense(e.a, e.b, f.b) != 0.0) {
        return true;
    }
    const glm::dvec2 there = e.b - e.a;
    const glm::dvec2 on = f.b - f.a;
    return there.x * on.x + there.y * on.y > 0.0;
}

/// The edges of all rings, in blocks of neighbours under a tree of boxes: as rings go from place
/// to place, far blocks rarely overlap.
class Edges {
public:
    explicit Edges(const std::vector<const Ring*>& rings) {
        for (const Ring* ring : rings) {
            const std::size_t first = edges_.size();
            for (std::size_t i = 0; i < ring->size(); ++i) {
                edges_.push_back({(*ring)[i], (*ring)[(i + 1) % ring->size()]});
                next_.push_back(first + (i + 1) % ring->size());
            }
        }
        for (std::size_t size = blockCount(edges_.size(), kBlock);; size = blockCount(size, 2)) {
            levels_.emplace_back(size);
            if (size <= 1) {
                break;
            }
        }
        for (std::size_t i = 0; i < edges_.size(); ++i) {
            levels_[0][i / kBlock].add(edges_[i].a);
            levels_[0][i / kBlock].add(edges_[i].b);
        }
        for (std::size_t level = 1; level < levels_.size(); ++level) {
            for (std::size_t i = 0; i < levels_[level - 1].size(); ++i) {
                levels_[level][i / 2].add(levels_[level - 1][i].low);
                levels_[level][i / 2].add(levels_[level - 1][i].high);
            }
        }
        budget_ = kPairsPerEdge * edges_.size() + kPairsPerEdge * kPairsPerEdge;
    }

    bool areSurelySimple() { return isSimple(levels_.size() - 1, 0); }

private:
    static constexpr std::size_t kBlock = 8;
    /// Box pairs that are looked at before giving up; ordinary outlines need fewer than 20.
    static constexpr std::size_t kPairsPerEdge = 64;

    static std::size_t blockCount(std::size_t count, std::size_t size) {
        return (count + size - 1) / size;
    }

    bool isSimple(std::size_t level, std::size_t node) {
        if (level == 0) {
            return areBlocksApart(node, node);
        }
        const std::size_t left = 2 * node;
        const std::size_t right = left + 1;
        if (right >= levels_[level - 1].size()) {
            return isSimple(level - 1, left);
        }
        return isSimple(level - 1, left) && isSimple(level - 1, right) &&
               areApart(level - 1, left, right);
    }

    /// Two nodes of one level.
    bool areApart(std::size_t level, std::size_t a, std::size_t b) {
        if (!levels_[level][a].overlaps(levels_[level][b])) {
            return true;
        }
        if (budget_ == 0) {
            return false;
        }
        --budget_;
        if (level == 0) {
            return areBlocksApart(a, b);
        }
        const std::size_t end = levels_[level - 1].size();
        for (std::size_t i = 2 * a; i < std::min(2 * a + 2, end); ++i) {
            for (std::size_t j = 2 * b; j < std::min(2 * b + 2, end); ++j) {
                if (!areApart(level - 1, i, j)) {
                    return false;
                }
            }
        }
        return true;
    }

    bool areBlocksApart(std::size_t a, std::size_t b) const {
        const std::size_t endA = std::min((a + 1) * kBlock, edges_.size());
        const std::size_t endB = std::min((b + 1) * kBlock, edges_.size());
        for (std::size_t i = a * kBlock; i < endA; ++i) {
            for (std::size_t j = a == b ? i + 1 : b * kBlock; j < endB; ++j) {
                if (!isPairFine(i, j)) {
                    return false;
                }
            }
        }
        return true;
    }

    bool isPairFine(std::size_t i, std::size_t j) const {
        const bool isBefore = next_[i] == j;
        const bool isAfter = next_[j] == i;
        if (!isBefore && !isAfter) {
            return areSurelyApart(edges_[i], edges_[j]);
        }
        return (!isBefore || isSurelyNoSpike(edges_[i], edges_[j])) &&
               (!isAfter || isSurelyNoSpike(edges_[j], edges_[i]));
    }

    std::vector<Edge> edges_;
    std::vector<std::size_t> next_; ///< By edge: the one that goes on where it ends.
    std::vector<std::vector<PlaneBox>> levels_;
    std::size_t budget_ = 0;
};

PlaneBox boxOf(const Ring& ring) {
    PlaneBox box;
    for (const glm::dvec2& point : ring) {
        box.add(point);
    }
    return box;
}

/// Of rings that do not meet: whether `inner` lies inside `ring`.
bool holds(const Ring& ring, const Ring& inner) {
    const glm::dvec2& p = inner.front();
    bool isInside = false;
    for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
        const glm::dvec2& a = ring[i];
        const glm::dvec2& b = ring[j];
        if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x) {
            isInside = !isInside;
        }
    }
    return isInside;
}

struct BoxedRing {
    const Ring* ring;
    PlaneBox box;

    bool holds(const BoxedRing& inner) const {
        return box.low.x <= inner.box.low.x && box.low.y <= inner.box.low.y &&
               box.high.x >= inner.box.high.x && box.high.y >= inner.box.high.y &&
               planning::holds(*ring, *inner.ring);
    }
};

struct BoxedPolygon {
    BoxedRing outer;
    std::vector<BoxedRing> holes;
};

BoxedRing boxed(const Ring& ring) {
    return {&ring, boxOf(ring)};
}

bool areHolesInPlace(const BoxedPolygon& polygon) {
    for (const BoxedRing& hole : polygon.holes) {
        const bool isInAnother = std::ranges::any_of(polygon.holes, [&](const BoxedRing& other) {
            return &other != &hole && other.holds(hole);
        });
        if (isInAnother || !polygon.outer.holds(hole)) {
            return false;
        }
    }
    return true;
}

/// Outside of `other`, or in one of its holes.
bool liesApart(const BoxedRing& outer, const BoxedPolygon& other) {
    return !other.outer.holds(outer) ||
           std::ranges::any_of(other.holes,
                               [&](const BoxedRing& hole) { return hole.holds(outer); });
}

/// Of rings that do not meet. Takes time in proportion to the square of their number.
bool areNestedRightly(const std::vector<Polygon>& polygons) {
    std::vector<BoxedPolygon> all;
    for (const Polygon& polygon : polygons) {
        BoxedPolygon one{boxed(polygon.outer), {}};
        std::ranges::transform(polygon.holes, std::back_inserter(one.holes), boxed);
        all.push_back(std::move(one));
    }
    return std::ranges::all_of(all, [&](const BoxedPolygon& polygon) {
        return areHolesInPlace(polygon) && std::ranges::all_of(all, [&](const BoxedPolygon& other) {
                   return &other == &polygon || liesApart(polygon.outer, other);
               });
    });
}

} // namespace

double twiceSignedArea(const Ring& ring) {
    double area = 0.0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const glm::dvec2 a = ring[i] - ring[0];
        const glm::dvec2 b = ring[(i + 1) % ring.size()] - ring[0];
        area += a.x * b.y - a.y * b.x;
    }
    return area;
}

bool isSurelyValid(const std::vector<Polygon>& polygons) {
    constexpr std::size_t kMostRings = 3000; // more are left to GEOS, for the square of them
    std::vector<const Ring*> rings;
    for (const Polygon& polygon : polygons) {
        rings.push_back(&polygon.outer);
        for (const Ring& hole : polygon.holes) {
            rings.push_back(&hole);
        }
    }
    if (rings.empty()) {
        return true;
    }
    return rings.size() <= kMostRings && Edges(rings).areSurelySimple() &&
           (rings.size() == 1 || areNestedRightly(polygons));
}

} // namespace pipeline::planning
