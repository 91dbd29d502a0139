#include "viewer/overlay/label_anchor.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>

namespace viewer::overlay {

using pipeline::planning::Geometry;
using pipeline::planning::Polygon;
using pipeline::planning::Ring;

namespace {

constexpr std::size_t kMostVertices = 4000;
constexpr int kMostSquares = 2000;
constexpr double kPrecision = 0.02;

double areaOf(const Ring& ring) {
    double twice = 0.0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const glm::dvec2 a = ring[i] - ring[0];
        const glm::dvec2 b = ring[(i + 1) % ring.size()] - ring[0];
        twice += a.x * b.y - a.y * b.x;
    }
    return std::abs(twice) / 2.0;
}

double squaredDistance(const glm::dvec2& p, const glm::dvec2& a, const glm::dvec2& b) {
    const glm::dvec2 edge = b - a;
    const double length = glm::dot(edge, edge);
    const double along = length > 0.0 ? std::clamp(glm::dot(p - a, edge) / length, 0.0, 1.0) : 0.0;
    const glm::dvec2 off = p - (a + along * edge);
    return glm::dot(off, off);
}

bool crosses(const glm::dvec2& p, const glm::dvec2& a, const glm::dvec2& b) {
    return (a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x;
}

/// From the edges, negative outside.
double signedDistance(const Polygon& polygon, const glm::dvec2& p) {
    double nearest = std::numeric_limits<double>::infinity();
    bool isInside = false;
    const auto look = [&](const Ring& ring) {
        for (std::size_t i = 0; i < ring.size(); ++i) {
            const glm::dvec2& a = ring[i];
            const glm::dvec2& b = ring[(i + 1) % ring.size()];
            nearest = std::min(nearest, squaredDistance(p, a, b));
            isInside = isInside != crosses(p, a, b);
        }
    };
    look(polygon.outer);
    std::ranges::for_each(polygon.holes, look);
    return (isInside ? 1.0 : -1.0) * std::sqrt(nearest);
}

struct Square {
    glm::dvec2 middle{0.0};
    double half = 0.0;
    double distance = 0.0;

    /// No point of it is farther from the edges.
    double bound() const { return distance + half * std::sqrt(2.0); }
    bool operator<(const Square& other) const { return bound() < other.bound(); }
};

Square squareAt(const Polygon& polygon, const glm::dvec2& middle, double half) {
    return {middle, half, signedDistance(polygon, middle)};
}

glm::dvec2 meanOf(const Ring& ring) {
    glm::dvec2 sum(0.0);
    for (const glm::dvec2& point : ring) {
        sum += point - ring[0];
    }
    return ring[0] + sum / static_cast<double>(ring.size());
}

Ring thinned(const Ring& ring) {
    if (ring.size() <= kMostVertices) {
        return ring;
    }
    Ring out;
    for (std::size_t i = 0; i < kMostVertices; ++i) {
        out.push_back(ring[i * ring.size() / kMostVertices]);
    }
    return out;
}

Polygon thinned(const Polygon& polygon) {
    Polygon out;
    out.outer = thinned(polygon.outer);
    std::size_t vertices = out.outer.size();
    for (const Ring& hole : polygon.holes) {
        if (vertices + hole.size() <= 2 * kMostVertices) {
            out.holes.push_back(hole);
            vertices += hole.size();
        }
    }
    return out;
}

double lengthOf(const std::vector<glm::dvec2>& line) {
    double length = 0.0;
    for (std::size_t i = 1; i < line.size(); ++i) {
        length += glm::distance(line[i - 1], line[i]);
    }
    return length;
}

glm::dvec2 pointAlong(const std::vector<glm::dvec2>& line, double metres) {
    double left = metres;
    for (std::size_t i = 1; i < line.size(); ++i) {
        const double step = glm::distance(line[i - 1], line[i]);
        if (step >= left && step > 0.0) {
            return glm::mix(line[i - 1], line[i], left / step);
        }
        left -= step;
    }
    return line.back();
}

LabelAnchor onLine(const std::vector<glm::dvec2>& line) {
    LabelAnchor anchor;
    anchor.roomMetres = lengthOf(line);
    for (const double share : {0.5, 0.3, 0.7}) {
        anchor.spots.push_back(pointAlong(line, share * anchor.roomMetres));
    }
    return anchor;
}

LabelAnchor inPolygon(const Polygon& polygon) {
    const Polygon thin = thinned(polygon);
    glm::dvec2 low = thin.outer[0];
    glm::dvec2 high = low;
    for (const glm::dvec2& point : thin.outer) {
        low = glm::min(low, point);
        high = glm::max(high, point);
    }
    const Pole pole =
        poleOfInaccessibility(thin, kPrecision * std::min(high.x - low.x, high.y - low.y));
    const double half = pole.distanceMetres / 2.0;
    LabelAnchor anchor;
    anchor.roomMetres = 2.0 * pole.distanceMetres;
    anchor.spots = {pole.point,
                    pole.point + glm::dvec2(0.0, half),
                    pole.point - glm::dvec2(0.0, half),
                    pole.point + glm::dvec2(half, 0.0),
                    pole.point - glm::dvec2(half, 0.0)};
    return anchor;
}

} // namespace

Pole poleOfInaccessibility(const Polygon& polygon, double precisionMetres) {
    glm::dvec2 low = polygon.outer[0];
    glm::dvec2 high = low;
    for (const glm::dvec2& point : polygon.outer) {
        low = glm::min(low, point);
        high = glm::max(high, point);
    }
    const glm::dvec2 size = high - low;
    const double half = std::min(size.x, size.y) / 2.0;
    Square best = squareAt(polygon, meanOf(polygon.outer), 0.0);
    std::priority_queue<Square> squares;
    const int across =
        half > 0.0 ? static_cast<int>(std::min(std::ceil(size.x / half / 2.0), 64.0)) : 0;
    const int up =
        half > 0.0 ? static_cast<int>(std::min(std::ceil(size.y / half / 2.0), 64.0)) : 0;
    for (int i = 0; i < across; ++i) {
        for (int j = 0; j < up; ++j) {
            squares.push(squareAt(polygon, low + half * glm::dvec2(2 * i + 1, 2 * j + 1), half));
        }
    }
    for (int looked = 0; looked < kMostSquares && !squares.empty(); ++looked) {
        const Square square = squares.top();
        squares.pop();
        best = square.distance > best.distance ? square : best;
        if (square.bound() - best.distance <= precisionMetres) {
            break; // nor does any other promise more
        }
        const double quarter = square.half / 2.0;
        for (const glm::dvec2 corner :
             {glm::dvec2(-1, -1), glm::dvec2(1, -1), glm::dvec2(-1, 1), glm::dvec2(1, 1)}) {
            squares.push(squareAt(polygon, square.middle + quarter * corner, quarter));
        }
    }
    return {best.middle, std::max(best.distance, 0.0)};
}

LabelAnchor labelAnchor(const Geometry& geometry) {
    if (!geometry.polygons.empty()) {
        return inPolygon(*std::ranges::max_element(
            geometry.polygons, {}, [](const Polygon& polygon) { return areaOf(polygon.outer); }));
    }
    if (!geometry.lines.empty()) {
        return onLine(*std::ranges::max_element(geometry.lines, {}, lengthOf));
    }
    return {{geometry.points.front()}, 0.0};
}

} // namespace viewer::overlay
