#include "pipeline/planning/geometry_ops.h"

#include "pipeline/planning/surely_valid.h"

#include <fmt/format.h>
#include <geos_c.h>
#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace pipeline::planning {

using tiles3d::base::Error;
using tiles3d::base::ok;
using tiles3d::base::Result;
using tiles3d::base::Status;

namespace {

using Line = std::vector<glm::dvec2>;

struct DestroyGeometry {
    GEOSContextHandle_t context = nullptr;
    void operator()(GEOSGeometry* geometry) const { GEOSGeom_destroy_r(context, geometry); }
};
using Handle = std::unique_ptr<GEOSGeometry, DestroyGeometry>;

struct DestroyCoordinates {
    GEOSContextHandle_t context = nullptr;
    void operator()(GEOSCoordSequence* sequence) const {
        GEOSCoordSeq_destroy_r(context, sequence);
    }
};
using Coordinates = std::unique_ptr<GEOSCoordSequence, DestroyCoordinates>;

/// One computation's own GEOS: a context is cheap beside any overlay, and none is ever shared.
class Geos {
public:
    Geos() : context_(GEOS_init_r()) {
        GEOSContext_setErrorMessageHandler_r(context_, &Geos::keepMessage, this);
    }
    Geos(const Geos&) = delete;
    Geos& operator=(const Geos&) = delete;
    ~Geos() { GEOS_finish_r(context_); }

    GEOSContextHandle_t context() const { return context_; }
    Handle own(GEOSGeometry* geometry) const { return {geometry, {context_}}; }
    Coordinates own(GEOSCoordSequence* sequence) const { return {sequence, {context_}}; }

    Error failure(const std::string& step) const {
        return {step + ": " + (message_.empty() ? "GEOS gives no reason" : message_)};
    }

private:
    static void keepMessage(const char* message, void* geos) {
        static_cast<Geos*>(geos)->message_ = message;
    }

    GEOSContextHandle_t context_;
    std::string message_;
};

// From ours to GEOS's. A null handle: GEOS refused, and failure() says why.

Coordinates sequenceOf(const Geos& geos, Line line, bool isClosed) {
    if (isClosed) {
        line.push_back(line.front());
    }
    return geos.own(GEOSCoordSeq_copyFromBuffer_r(
        geos.context(), &line.front().x, static_cast<unsigned>(line.size()), 0, 0));
}

Handle ringOf(const Geos& geos, const Ring& ring) {
    return geos.own(
        GEOSGeom_createLinearRing_r(geos.context(), sequenceOf(geos, ring, true).release()));
}

bool hasInside(const Ring& ring) {
    constexpr std::size_t kLeastCorners = 3;
    return ring.size() >= kLeastCorners;
}

/// Hands the parts over to GEOS, which frees them even where it fails.
std::vector<GEOSGeometry*> released(std::vector<Handle>& handles) {
    std::vector<GEOSGeometry*> raw;
    for (Handle& handle : handles) {
        raw.push_back(handle.release());
    }
    return raw;
}

bool hasFailed(const std::vector<Handle>& handles) {
    return std::ranges::any_of(handles, [](const Handle& handle) { return !handle; });
}

Handle collectionOf(const Geos& geos, int type, std::vector<Handle> parts) {
    if (hasFailed(parts)) {
        return geos.own(static_cast<GEOSGeometry*>(nullptr));
    }
    std::vector<GEOSGeometry*> raw = released(parts);
    return geos.own(GEOSGeom_createCollection_r(
        geos.context(), type, raw.data(), static_cast<unsigned>(raw.size())));
}

Handle polygonOf(const Geos& geos, const Polygon& polygon) {
    Handle outer = ringOf(geos, polygon.outer);
    std::vector<Handle> holes;
    for (const Ring& hole : polygon.holes) {
        if (hasInside(hole)) {
            holes.push_back(ringOf(geos, hole));
        }
    }
    if (!outer || hasFailed(holes)) {
        return geos.own(static_cast<GEOSGeometry*>(nullptr));
    }
    std::vector<GEOSGeometry*> raw = released(holes);
    return geos.own(GEOSGeom_createPolygon_r(
        geos.context(), outer.release(), raw.data(), static_cast<unsigned>(raw.size())));
}

std::vector<Handle> polygonsOf(const Geos& geos, const Geometry& geometry) {
    std::vector<Handle> parts;
    for (const Polygon& polygon : geometry.polygons) {
        if (hasInside(polygon.outer)) {
            parts.push_back(polygonOf(geos, polygon));
        }
    }
    return parts;
}

std::vector<Handle> linesOf(const Geos& geos, const Geometry& geometry) {
    std::vector<Handle> parts;
    for (const Line& line : geometry.lines) {
        if (line.size() >= 2) {
            parts.push_back(geos.own(GEOSGeom_createLineString_r(
                geos.context(), sequenceOf(geos, line, false).release())));
        }
    }
    return parts;
}

std::vector<Handle> pointsOf(const Geos& geos, const Geometry& geometry) {
    std::vector<Handle> parts;
    for (const glm::dvec2& point : geometry.points) {
        parts.push_back(geos.own(GEOSGeom_createPointFromXY_r(geos.context(), point.x, point.y)));
    }
    return parts;
}

Handle surfaceOf(const Geos& geos, const Geometry& geometry) {
    return collectionOf(geos, GEOS_MULTIPOLYGON, polygonsOf(geos, geometry));
}

Handle allOf(const Geos& geos, const Geometry& geometry) {
    std::vector<Handle> parts = polygonsOf(geos, geometry);
    std::ranges::move(linesOf(geos, geometry), std::back_inserter(parts));
    std::ranges::move(pointsOf(geos, geometry), std::back_inserter(parts));
    return collectionOf(geos, GEOS_GEOMETRYCOLLECTION, std::move(parts));
}

// And back.

Line lineFrom(const Geos& geos, const GEOSGeometry* source) {
    const GEOSCoordSequence* sequence = GEOSGeom_getCoordSeq_r(geos.context(), source);
    unsigned size = 0;
    GEOSCoordSeq_getSize_r(geos.context(), sequence, &size);
    Line line(size);
    if (size > 0) {
        GEOSCoordSeq_copyToBuffer_r(geos.context(), sequence, &line.front().x, 0, 0);
    }
    return line;
}

double signedArea(const Ring& ring) {
    double twice = 0.0;
    for (std::size_t i = 1; i + 1 < ring.size(); ++i) { // of corners' differences: no cancellation
        const glm::dvec2 a = ring[i] - ring[0];
        const glm::dvec2 b = ring[i + 1] - ring[0];
        twice += a.x * b.y - a.y * b.x;
    }
    return twice / 2.0;
}

Ring ringFrom(const Geos& geos, const GEOSGeometry* source, bool isCounterClockwise) {
    Ring ring = lineFrom(geos, source);
    if (!ring.empty()) {
        ring.pop_back();
    }
    if ((signedArea(ring) > 0.0) != isCounterClockwise) {
        std::ranges::reverse(ring);
    }
    return ring;
}

Polygon polygonFrom(const Geos& geos, const GEOSGeometry* source) {
    Polygon polygon;
    polygon.outer = ringFrom(geos, GEOSGetExteriorRing_r(geos.context(), source), true);
    const int holes = GEOSGetNumInteriorRings_r(geos.context(), source);
    for (int i = 0; i < holes; ++i) {
        polygon.holes.push_back(
            ringFrom(geos, GEOSGetInteriorRingN_r(geos.context(), source, i), false));
    }
    return polygon;
}

void append(const Geos& geos, const GEOSGeometry* source, Geometry& out) {
    if (GEOSisEmpty_r(geos.context(), source) != 0) {
        return;
    }
    switch (GEOSGeomTypeId_r(geos.context(), source)) {
    case GEOS_POLYGON:
        out.polygons.push_back(polygonFrom(geos, source));
        return;
    case GEOS_LINESTRING:
    case GEOS_LINEARRING:
        out.lines.push_back(lineFrom(geos, source));
        return;
    case GEOS_POINT:
        out.points.push_back(lineFrom(geos, source).front());
        return;
    default:
        break;
    }
    const int parts = GEOSGetNumGeometries_r(geos.context(), source);
    for (int i = 0; i < parts; ++i) {
        append(geos, GEOSGetGeometryN_r(geos.context(), source, i), out);
    }
}

// Every point of every part.
void forEachPoint(const Geometry& geometry, const std::function<void(const glm::dvec2&)>& visit) {
    for (const Polygon& polygon : geometry.polygons) {
        std::ranges::for_each(polygon.outer, visit);
        for (const Ring& hole : polygon.holes) {
            std::ranges::for_each(hole, visit);
        }
    }
    for (const Line& line : geometry.lines) {
        std::ranges::for_each(line, visit);
    }
    std::ranges::for_each(geometry.points, visit);
}

Status checkFinite(const Geometry& geometry) {
    bool isFinite = true;
    forEachPoint(geometry, [&](const glm::dvec2& point) {
        isFinite = isFinite && std::isfinite(point.x) && std::isfinite(point.y);
    });
    return isFinite ? ok() : Status(Error{"a coordinate is not finite"});
}

/// Three points and more, none repeated next to itself: what isSurelyValid() needs.
bool isTidy(const Ring& ring) {
    return hasInside(ring) && ring.front() != ring.back() &&
           std::ranges::adjacent_find(ring) == ring.end();
}

bool isTidy(const Polygon& polygon) {
    return isTidy(polygon.outer) &&
           std::ranges::all_of(polygon.holes, [](const Ring& hole) { return isTidy(hole); });
}

using Overlay = GEOSGeometry* (*)(GEOSContextHandle_t, const GEOSGeometry*, const GEOSGeometry*);

/// The overlay of the parts of one kind with `area`; what comes out of another kind is contact.
Result<Geometry>
overlaid(const Geos& geos, Overlay overlay, const Handle& parts, const Handle& area) {
    const Handle result = geos.own(overlay(geos.context(), parts.get(), area.get()));
    if (!result) {
        return geos.failure("overlay");
    }
    Geometry out;
    append(geos, result.get(), out);
    return out;
}

Result<Geometry> overlaid(Overlay overlay, const Geometry& geometry, const Geometry& area) {
    for (const Geometry* side : {&geometry, &area}) {
        if (Status finite = checkFinite(*side); !finite) {
            return finite.error();
        }
    }
    const Geos geos;
    const Handle surface = surfaceOf(geos, area);
    Geometry out;
    const auto add = [&](int type, std::vector<Handle> parts, auto member) -> Status {
        if (parts.empty()) {
            return ok();
        }
        const Handle whole = collectionOf(geos, type, std::move(parts));
        if (!whole || !surface) {
            return geos.failure("geometry");
        }
        Result<Geometry> part = overlaid(geos, overlay, whole, surface);
        if (!part) {
            return part.error();
        }
        out.*member = std::move((*part).*member);
        return ok();
    };
    if (Status done = add(GEOS_MULTIPOLYGON, polygonsOf(geos, geometry), &Geometry::polygons);
        !done) {
        return done.error();
    }
    if (Status done = add(GEOS_MULTILINESTRING, linesOf(geos, geometry), &Geometry::lines); !done) {
        return done.error();
    }
    if (Status done = add(GEOS_MULTIPOINT, pointsOf(geos, geometry), &Geometry::points); !done) {
        return done.error();
    }
    return out;
}

double lengthOf(const Line& line) {
    double metres = 0.0;
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        metres += glm::distance(line[i], line[i + 1]);
    }
    return metres;
}

double closedLengthOf(const Ring& ring) {
    return ring.empty() ? 0.0 : lengthOf(ring) + glm::distance(ring.back(), ring.front());
}

} // namespace

double squareMetresOf(const Geometry& geometry) {
    double area = 0.0;
    for (const Polygon& polygon : geometry.polygons) {
        area += std::abs(signedArea(polygon.outer));
        for (const Ring& hole : polygon.holes) {
            area -= std::abs(signedArea(hole));
        }
    }
    return area;
}

double lineMetresOf(const Geometry& geometry) {
    double metres = 0.0;
    for (const Line& line : geometry.lines) {
        metres += lengthOf(line);
    }
    return metres;
}

double perimeterMetresOf(const Geometry& geometry) {
    double metres = 0.0;
    for (const Polygon& polygon : geometry.polygons) {
        metres += closedLengthOf(polygon.outer);
        for (const Ring& hole : polygon.holes) {
            metres += closedLengthOf(hole);
        }
    }
    return metres;
}

PlaneBox boundsOf(const Geometry& geometry) {
    PlaneBox box;
    forEachPoint(geometry, [&](const glm::dvec2& point) { box.add(point); });
    return box;
}

Status checkValid(const Geometry& geometry) {
    if (Status finite = checkFinite(geometry); !finite) {
        return finite;
    }
    const bool areTidy = std::ranges::all_of(
        geometry.polygons, [](const Polygon& polygon) { return isTidy(polygon); });
    if (areTidy && isSurelyValid(geometry.polygons)) { // nearly all, at a tenth of the cost
        return ok();
    }
    const Geos geos;
    const Handle surface = surfaceOf(geos, geometry);
    if (!surface) {
        return geos.failure("geometry");
    }
    char* reason = nullptr;
    GEOSGeometry* place = nullptr;
    const char isValid = GEOSisValidDetail_r(geos.context(), surface.get(), 0, &reason, &place);
    const std::unique_ptr<char, std::function<void(char*)>> ownedReason(
        reason, [&](char* text) { GEOSFree_r(geos.context(), text); });
    const Handle ownedPlace = geos.own(place);
    if (isValid == 1) {
        return ok();
    }
    if (!ownedPlace || !ownedReason) {
        return geos.failure("validity");
    }
    const glm::dvec2 at = lineFrom(geos, ownedPlace.get()).front();
    return Error{fmt::format("{} at {:.2f} {:.2f}", reason, at.x, at.y)};
}

Result<Geometry> madeValid(const Geometry& geometry) {
    if (Status finite = checkFinite(geometry); !finite) {
        return finite.error();
    }
    const Geos geos;
    std::vector<Handle> parts = polygonsOf(geos, geometry);
    for (Handle& part : parts) {
        part = geos.own(part ? GEOSMakeValid_r(geos.context(), part.get()) : nullptr);
    }
    const Handle all = collectionOf(geos, GEOS_GEOMETRYCOLLECTION, std::move(parts));
    const Handle valid = geos.own(all ? GEOSUnaryUnion_r(geos.context(), all.get()) : nullptr);
    if (!valid) {
        return geos.failure("repair");
    }
    Geometry repaired;
    append(geos, valid.get(), repaired);
    return Geometry{std::move(repaired.polygons), geometry.lines, geometry.points};
}

Result<Geometry> intersection(const Geometry& geometry, const Geometry& area) {
    return overlaid(&GEOSIntersection_r, geometry, area);
}

Result<Geometry> difference(const Geometry& geometry, const Geometry& area) {
    return overlaid(&GEOSDifference_r, geometry, area);
}

Result<Geometry> unionOf(const std::vector<Geometry>& geometries) {
    const Geos geos;
    std::vector<Handle> parts;
    for (const Geometry& geometry : geometries) {
        if (Status finite = checkFinite(geometry); !finite) {
            return finite.error();
        }
        std::ranges::move(polygonsOf(geos, geometry), std::back_inserter(parts));
    }
    // As a collection: overlapping polygons are no valid multi-polygon.
    const Handle all = collectionOf(geos, GEOS_GEOMETRYCOLLECTION, std::move(parts));
    const Handle united = geos.own(all ? GEOSUnaryUnion_r(geos.context(), all.get()) : nullptr);
    if (!united) {
        return geos.failure("union");
    }
    Geometry out;
    append(geos, united.get(), out);
    return out;
}

Result<bool> runsInside(const Geometry& lines, const Geometry& area) {
    const Geos geos;
    const Handle whole = collectionOf(geos, GEOS_MULTILINESTRING, linesOf(geos, lines));
    const Handle surface = surfaceOf(geos, area);
    constexpr char kFailed = 2;
    const char answer =
        whole && surface
            ? GEOSRelatePattern_r(geos.context(), whole.get(), surface.get(), "T********")
            : kFailed;
    if (answer == kFailed) {
        return geos.failure("relation");
    }
    return answer == 1;
}

Result<ShortestWay> shortestWay(const Geometry& from, const Geometry& to) {
    for (const Geometry* side : {&from, &to}) {
        if (Status finite = checkFinite(*side); !finite) {
            return finite.error();
        }
    }
    const Geos geos;
    const Handle a = allOf(geos, from);
    const Handle b = allOf(geos, to);
    const Coordinates ends =
        geos.own(a && b ? GEOSNearestPoints_r(geos.context(), a.get(), b.get()) : nullptr);
    if (!ends) {
        return geos.failure("distance");
    }
    ShortestWay way;
    GEOSCoordSeq_getXY_r(geos.context(), ends.get(), 0, &way.from.x, &way.from.y);
    GEOSCoordSeq_getXY_r(geos.context(), ends.get(), 1, &way.to.x, &way.to.y);
    way.metres = glm::distance(way.from, way.to);
    return way;
}

} // namespace pipeline::planning
