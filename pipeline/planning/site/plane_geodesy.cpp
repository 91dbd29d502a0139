#include "pipeline/planning/site/plane_geodesy.h"

#include "tiles3d/crs/geodesic.h"

#include <glm/common.hpp>
#include <glm/geometric.hpp>

#include <algorithm>
#include <cmath>

namespace pipeline::planning::site {

using tiles3d::base::Error;
using tiles3d::base::Result;
using tiles3d::crs::GeodesicRing;
using tiles3d::geo::Cartographic;

namespace {

/// A shortest way over 500 m bows out of the plane's straight edge by less than 0.1 mm.
constexpr double kLongestEdgeMetres = 500.0;

/// The way from `a` to `b`, without its end, in steps.
template <typename Visit>
bool walkEdge(const glm::dvec2& a, const glm::dvec2& b, const Visit& visit) {
    const double steps = std::max(1.0, std::ceil(glm::distance(a, b) / kLongestEdgeMetres));
    for (double step = 0.0; step < steps; step += 1.0) {
        if (!visit(glm::mix(a, b, step / steps))) {
            return false;
        }
    }
    return true;
}

} // namespace

PlaneGeodesy::PlaneGeodesy(tiles3d::crs::Transform transform) : transform_(std::move(transform)) {}

Result<PlaneGeodesy> PlaneGeodesy::create(const std::string& planeCrs) {
    const auto crs = tiles3d::crs::understandSrs(planeCrs, true);
    if (!crs) {
        return crs.error();
    }
    auto transform = tiles3d::crs::Transform::create(*crs, tiles3d::crs::EllipsoidalHeights{});
    if (!transform) {
        return transform.error();
    }
    return PlaneGeodesy(*std::move(transform));
}

Result<Cartographic> PlaneGeodesy::placeOf(const glm::dvec2& point) const {
    return transform_.toCartographic({point, 0.0});
}

namespace {

/// The ring's places, long edges in steps; what cannot be placed is the error.
Result<std::vector<Cartographic>> placesOf(const PlaneGeodesy& geodesy, const Ring& ring) {
    std::vector<Cartographic> places;
    Error error;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const bool isPlaced = walkEdge(ring[i], ring[(i + 1) % ring.size()], [&](const auto& p) {
            const Result<Cartographic> place = geodesy.placeOf(p);
            if (!place) {
                error = place.error();
                return false;
            }
            places.push_back(*place);
            return true;
        });
        if (!isPlaced) {
            return error;
        }
    }
    return places;
}

/// Sum over all rings of what `measure` says of one; holes are told.
template <typename Measure>
Result<double>
sumOverRings(const PlaneGeodesy& geodesy, const Geometry& geometry, const Measure& measure) {
    double sum = 0.0;
    for (const Polygon& polygon : geometry.polygons) {
        const Result<std::vector<Cartographic>> outer = placesOf(geodesy, polygon.outer);
        if (!outer) {
            return outer.error();
        }
        sum += measure(tiles3d::crs::geodesicRing(*outer), false);
        for (const Ring& hole : polygon.holes) {
            const Result<std::vector<Cartographic>> inner = placesOf(geodesy, hole);
            if (!inner) {
                return inner.error();
            }
            sum += measure(tiles3d::crs::geodesicRing(*inner), true);
        }
    }
    return sum;
}

} // namespace

Result<double> PlaneGeodesy::squareMetres(const Geometry& geometry) const {
    return sumOverRings(*this, geometry, [](const GeodesicRing& ring, bool isHole) {
        return (isHole ? -1.0 : 1.0) * std::abs(ring.squareMetres);
    });
}

Result<double> PlaneGeodesy::perimeterMetres(const Geometry& geometry) const {
    return sumOverRings(*this, geometry, [](const GeodesicRing& ring, bool /*isHole*/) {
        return ring.perimeterMetres;
    });
}

Result<double> PlaneGeodesy::lineMetres(const Geometry& geometry) const {
    double sum = 0.0;
    for (const auto& line : geometry.lines) {
        for (std::size_t i = 0; i + 1 < line.size(); ++i) {
            const Result<double> metres = metresBetween(line[i], line[i + 1]);
            if (!metres) {
                return metres.error();
            }
            sum += *metres;
        }
    }
    return sum;
}

Result<double> PlaneGeodesy::metresBetween(const glm::dvec2& a, const glm::dvec2& b) const {
    const Result<Cartographic> from = placeOf(a);
    const Result<Cartographic> to = placeOf(b);
    if (!from || !to) {
        return from ? to.error() : from.error();
    }
    return tiles3d::crs::geodesicMetres(*from, *to);
}

} // namespace pipeline::planning::site
