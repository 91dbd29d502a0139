#include "pipeline/planning/ogr_geometry.h"

#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

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

/// Finds the largest radius of all arcs, in the units of the coordinates.
class RadiusFinder : public OGRDefaultConstGeometryVisitor {
public:
    using OGRDefaultConstGeometryVisitor::visit;
    void visit(const OGRCircularString* arcs) override {
        for (int i = 0; i + 2 < arcs->getNumPoints(); i += 2) {
            const auto at = [&](int k) { return glm::dvec2(arcs->getX(i + k), arcs->getY(i + k)); };
            add(at(0), at(1), at(2));
        }
    }

    double radius = 0.0;

private:
    /// From start over a middle point to the end; the whole circle where those are one.
    void add(const glm::dvec2& start, const glm::dvec2& middle, const glm::dvec2& end) {
        const glm::dvec2 a = middle - start;
        const glm::dvec2 b = end - middle;
        const double twiceArea = std::abs(a.x * b.y - a.y * b.x);
        const double round = glm::length(a) * glm::length(b) * glm::distance(start, end);
        const double found = start == end ? glm::length(a) / 2.0
                                          : (twiceArea > 0.0 ? round / (2.0 * twiceArea) : 0.0);
        radius = std::isfinite(found) ? std::max(radius, found) : radius;
    }
};

/// Of the steps that its curves are stroked in.
double stepDegrees(const OGRGeometry& source) {
    constexpr double kErrorMetres = 0.01;
    constexpr double kMetresPerDegree = 111'320.0;
    constexpr double kMostDegrees = 1.0; // 360 corners have 0.05 per mille less area than a circle
    constexpr double kLeastDegrees = 0.02; // below 0.01 GDAL takes 4
    const OGRSpatialReference* crs = source.getSpatialReference();
    const bool isInDegrees = crs != nullptr && crs->IsGeographic() != FALSE;
    RadiusFinder finder;
    source.accept(&finder);
    const double metres = finder.radius * (isInDegrees ? kMetresPerDegree : 1.0);
    const double step = 2.0 * std::acos(1.0 - std::min(1.0, kErrorMetres / std::max(metres, 1.0)));
    return std::clamp(step * 180.0 / std::numbers::pi, kLeastDegrees, kMostDegrees);
}

} // namespace

TakenGeometry takenFrom(const OGRGeometry& source) {
    TakenGeometry taken;
    taken.hadHeights = source.Is3D() != FALSE;
    taken.hadCurves = source.hasCurveGeometry() != FALSE;
    if (taken.hadCurves) {
        const OGRGeometryUniquePtr stroked(source.getLinearGeometry(stepDegrees(source)));
        if (stroked) {
            Taker(taken).take(*stroked);
        }
    } else {
        Taker(taken).take(source);
    }
    return taken;
}

} // namespace pipeline::planning
