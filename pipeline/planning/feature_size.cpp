#include "pipeline/planning/feature_size.h"

#include "pipeline/planning/plane_ring.h"
#include "tiles3d/crs/geodesic.h"

#include <glm/geometric.hpp>

#include <cmath>
#include <cstddef>

namespace pipeline::planning {

namespace {

namespace base = tiles3d::base;
namespace crs = tiles3d::crs;
namespace geo = tiles3d::geo;

using Line = std::vector<glm::dvec2>;

base::Result<std::vector<geo::Cartographic>> onEllipsoid(const Line& line,
                                                         const crs::Transform& plane) {
    std::vector<geo::Cartographic> places;
    for (const glm::dvec2& point : line) {
        const auto place = plane.toCartographic({point, 0.0});
        if (!place) {
            return place.error();
        }
        places.push_back(*place);
    }
    return places;
}

/// Adds a ring's size; `sign` -1 takes a hole's area out.
base::Status
addRing(FeatureSize& size, const Line& ring, const crs::Transform& plane, double sign) {
    const auto places = onEllipsoid(ring, plane);
    if (!places) {
        return places.error();
    }
    const crs::GeodesicRing geodesic = crs::geodesicRing(*places);
    size.planeSquareMetres += sign * std::abs(signedArea(ring));
    size.planeMetres += perimeter(ring);
    size.geodesicSquareMetres += sign * std::abs(geodesic.squareMetres);
    size.geodesicMetres += geodesic.perimeterMetres;
    return base::ok();
}

base::Status addPolygon(FeatureSize& size, const Polygon& polygon, const crs::Transform& plane) {
    base::Status added = addRing(size, polygon.outer, plane, 1.0);
    for (std::size_t i = 0; added && i < polygon.holes.size(); ++i) {
        added = addRing(size, polygon.holes[i], plane, -1.0);
    }
    return added;
}

base::Status addLine(FeatureSize& size, const Line& line, const crs::Transform& plane) {
    const auto places = onEllipsoid(line, plane);
    if (!places) {
        return places.error();
    }
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        size.planeMetres += glm::distance(line[i], line[i + 1]);
        size.geodesicMetres += crs::geodesicMetres((*places)[i], (*places)[i + 1]);
    }
    return base::ok();
}

} // namespace

base::Result<FeatureSize> sizeOf(const Geometry& geometry, const crs::Transform& plane) {
    FeatureSize size;
    base::Status added = base::ok();
    for (std::size_t i = 0; added && i < geometry.polygons.size(); ++i) {
        added = addPolygon(size, geometry.polygons[i], plane);
    }
    for (std::size_t i = 0; added && i < geometry.lines.size(); ++i) {
        added = addLine(size, geometry.lines[i], plane);
    }
    return added ? base::Result<FeatureSize>(size) : added.error();
}

} // namespace pipeline::planning
