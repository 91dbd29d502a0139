#include "pipeline/terrain/lattice_delaunay.h"

#include <algorithm>
#include <cassert>

namespace pipeline::terrain {

LatticeDelaunay::LatticeDelaunay(int side,
                                 const std::function<bool(const glm::ivec2&)>& isPlaceholder)
    : vertices_{{0, 0}, {side, 0}, {side, side}, {0, side}} {
    assert(side > 0 && side <= 4096);
    for (std::size_t corner = 0; corner < 4; ++corner) {
        isPlaceholder_[corner] = isPlaceholder(vertices_[corner]);
        hasPlaceholders_ = hasPlaceholders_ || isPlaceholder_[corner];
    }
    addTriangle(0, 1, 2);
    addTriangle(0, 2, 3);
    link(2, 3);
    if (mustFlip(2)) {
        flip(2);
    }
}

std::uint32_t LatticeDelaunay::insert(const glm::ivec2& point, std::uint32_t triangle) {
    const auto vertex = static_cast<std::uint32_t>(vertices_.size());
    vertices_.push_back(point);
    for (std::uint32_t edge = 3 * triangle; edge < 3 * triangle + 3; ++edge) {
        if (orientation(start(edge), start(next(edge)), point) == 0) {
            splitEdge(vertex, edge);
            legalise();
            return edge; // a flip leaves the new vertex at its place in the older triangle
        }
    }
    splitTriangle(vertex, triangle);
    legalise();
    return 3 * triangle + 2;
}

std::uint32_t LatticeDelaunay::locate(const glm::ivec2& point, std::uint32_t from) const {
    // Towards the point over any edge that it lies beyond: ends in a Delaunay triangulation.
    std::uint32_t edge = 3 * from;
    for (int edgesInside = 0; edgesInside < 3;) {
        if (orientation(start(edge), start(next(edge)), point) < 0) {
            edge = next(twin(edge));
            edgesInside = 1; // the edge just crossed
        } else {
            edge = next(edge);
            ++edgesInside;
        }
    }
    return edge / 3;
}

void LatticeDelaunay::link(std::uint32_t edge, std::uint32_t twin) {
    twins_[edge] = twin;
    if (twin != kNone) {
        twins_[twin] = edge;
    }
}

std::uint32_t LatticeDelaunay::addTriangle(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    const std::uint32_t triangle = triangleCount();
    starts_.insert(starts_.end(), {a, b, c});
    twins_.insert(twins_.end(), 3, kNone);
    return triangle;
}

void LatticeDelaunay::splitTriangle(std::uint32_t vertex, std::uint32_t triangle) {
    const std::uint32_t edge = 3 * triangle;
    const std::uint32_t a = starts_[edge];
    const std::uint32_t b = starts_[edge + 1];
    const std::uint32_t c = starts_[edge + 2];
    const std::uint32_t beyondBc = twins_[edge + 1];
    const std::uint32_t beyondCa = twins_[edge + 2];
    starts_[edge + 2] = vertex; // a b v
    const std::uint32_t bcv = 3 * addTriangle(b, c, vertex);
    const std::uint32_t cav = 3 * addTriangle(c, a, vertex);
    link(bcv, beyondBc);
    link(cav, beyondCa);
    link(edge + 1, bcv + 2);
    link(bcv + 1, cav + 2);
    link(cav + 1, edge + 2);
    suspects_.insert(suspects_.end(), {edge, bcv, cav});
}

// The edge runs from u to w with p on the left and q, if there is a triangle, on the right: u v, v
// w on the left, w v, v u on the right. The left triangle keeps its edge w p and has v where u was.
void LatticeDelaunay::splitEdge(std::uint32_t vertex, std::uint32_t edge) {
    const std::uint32_t u = starts_[edge];
    const std::uint32_t p = starts_[previous(edge)];
    const std::uint32_t across = twins_[edge];
    const std::uint32_t beyondPu = twins_[previous(edge)];
    starts_[edge] = vertex; // v w p
    const std::uint32_t puv = 3 * addTriangle(p, u, vertex);
    link(puv, beyondPu);
    link(puv + 2, previous(edge));
    suspects_.insert(suspects_.end(), {next(edge), puv});
    if (across == kNone) {
        twins_[puv + 1] = kNone;
        return;
    }
    const std::uint32_t q = starts_[previous(across)];
    const std::uint32_t beyondUq = twins_[next(across)];
    starts_[next(across)] = vertex; // w v q
    const std::uint32_t uqv = 3 * addTriangle(u, q, vertex);
    link(uqv, beyondUq);
    link(uqv + 1, next(across));
    link(puv + 1, uqv + 2);
    suspects_.insert(suspects_.end(), {previous(across), uqv});
}

bool LatticeDelaunay::mustFlip(std::uint32_t edge) const {
    const std::uint32_t across = twins_[edge];
    if (across == kNone) {
        return false;
    }
    const std::uint32_t apex = previous(edge);
    const std::uint32_t opposite = previous(across);
    const std::int64_t side = inCircle(start(edge), start(across), start(apex), start(opposite));
    if (side != 0 || !hasPlaceholders_) {
        return side > 0;
    }
    const auto isPlaceholder = [&](std::uint32_t e) {
        return starts_[e] < 4 && isPlaceholder_[starts_[e]];
    };
    return (isPlaceholder(edge) || isPlaceholder(across)) && !isPlaceholder(apex) &&
           !isPlaceholder(opposite);
}

// u w p and w u q, the edge from u to w, become q w p and p u q.
void LatticeDelaunay::flip(std::uint32_t edge) {
    const std::uint32_t across = twins_[edge];
    const std::uint32_t beyondPu = twins_[previous(edge)];
    const std::uint32_t beyondQw = twins_[previous(across)];
    starts_[edge] = starts_[previous(across)];
    starts_[across] = starts_[previous(edge)];
    link(edge, beyondQw);
    link(across, beyondPu);
    link(previous(edge), previous(across));
}

void LatticeDelaunay::legalise() {
    while (!suspects_.empty()) {
        const std::uint32_t edge = suspects_.back();
        suspects_.pop_back();
        if (mustFlip(edge)) {
            const std::uint32_t across = twins_[edge];
            flip(edge);
            suspects_.insert(suspects_.end(), {edge, next(across)});
        }
    }
}

} // namespace pipeline::terrain
