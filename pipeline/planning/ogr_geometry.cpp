#include "pipeline/planning/ogr_geometry.h"

#include <algorithm>

namespace pipeline::planning {

namespace {

std::vector<glm::dvec2> pointsOf(const OGRSimpleCurve& source) {
    std::vector<glm::dvec2> points(static_cast<std::size_t>(source.getNumPoints()));
    static_assert(sizeof(OGRRawPoint) == sizeof(glm::dvec2));
    if (!points.empty()) {
        source.getPoints(&points[0].x, sizeof(glm::dvec2), &points[0].y, sizeof(glm::dvec2));
    }
    return points;
}

void dropRepeated(std::vector<glm::dvec2>& points) {
    points.erase(std::unique(points.begin(), points.end()), points.end());
}

/// Takes one geometry apart.
class Taker {
public:
    explicit Taker(TakenGeometry& out) : out_(out) {}

    /// Depth is bounded by OGR's own readers and once more here.
    void take(const OGRGeometry& source, int depth = 0) {
        constexpr int kMostDepth = 16;
        switch (wkbFlatten(source.getGeometryType())) {
        case wkbPolygon:
            takePolygon(*source.toPolygon());
            break;
        case wkbTriangle:
            takePolygon(*source.toTriangle());
            break;
        case wkbLineString:
            takeLine(*source.toLineString());
            break;
        case wkbPoint:
            if (!source.IsEmpty()) {
                out_.geometry.points.emplace_back(source.toPoint()->getX(),
                                                  source.toPoint()->getY());
            }
            break;
        case wkbMultiPolygon:
        case wkbMultiLineString:
        case wkbMultiPoint:
        case wkbGeometryCollection:
            for (const OGRGeometry* part : *source.toGeometryCollection()) {
                if (depth < kMostDepth) {
                    take(*part, depth + 1);
                }
            }
            break;
        case wkbPolyhedralSurface:
        case wkbTIN:
            for (const OGRPolygon* part : *source.toPolyhedralSurface()) {
                takePolygon(*part);
            }
            break;
        default:
            break;
        }
    }

private:
    /// Empty if it has no inside.
    Ring ringOf(const OGRLinearRing& source) {
        constexpr std::size_t kLeastCorners = 3;
        Ring ring = pointsOf(source);
        dropRepeated(ring);
        if (ring.size() > 1 && ring.front() == ring.back()) {
            ring.pop_back();
        }
        if (ring.size() < kLeastCorners) {
            ++out_.collapsed;
            return {};
        }
        return ring;
    }

    void takePolygon(const OGRPolygon& source) {
        const OGRLinearRing* outer = source.getExteriorRing();
        if (outer == nullptr || outer->IsEmpty()) {
            return;
        }
        Polygon polygon{.outer = ringOf(*outer)};
        if (polygon.outer.empty()) {
            return;
        }
        for (int i = 0; i < source.getNumInteriorRings(); ++i) {
            Ring hole = ringOf(*source.getInteriorRing(i));
            if (!hole.empty()) {
                polygon.holes.push_back(std::move(hole));
            }
        }
        out_.geometry.polygons.push_back(std::move(polygon));
    }

    void takeLine(const OGRLineString& source) {
        if (source.IsEmpty()) {
            return;
        }
        std::vector<glm::dvec2> line = pointsOf(source);
        dropRepeated(line);
        if (line.size() < 2) {
            ++out_.collapsed;
            return;
        }
        out_.geometry.lines.push_back(std::move(line));
    }

    TakenGeometry& out_;
};

} // namespace

TakenGeometry takenFrom(const OGRGeometry& source) {
    TakenGeometry taken;
    taken.hadHeights = source.Is3D() != FALSE;
    taken.hadCurves = source.hasCurveGeometry() != FALSE;
    if (taken.hadCurves) {
        const OGRGeometryUniquePtr stroked(source.getLinearGeometry());
        if (stroked) {
            Taker(taken).take(*stroked);
        }
    } else {
        Taker(taken).take(source);
    }
    return taken;
}

} // namespace pipeline::planning
