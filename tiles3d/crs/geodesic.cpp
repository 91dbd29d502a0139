#include "tiles3d/crs/geodesic.h"

#include <geodesic.h>

namespace tiles3d::crs {

namespace {

geod_geodesic wgs84() {
    geod_geodesic ellipsoid{};
    geod_init(&ellipsoid, geo::kSemiMajorMetres, 1.0 / geo::kInverseFlattening);
    return ellipsoid;
}

} // namespace

double geodesicMetres(const geo::Cartographic& a, const geo::Cartographic& b) {
    const geod_geodesic ellipsoid = wgs84();
    double metres = 0.0;
    geod_inverse(&ellipsoid,
                 a.latitude.degrees(),
                 a.longitude.degrees(),
                 b.latitude.degrees(),
                 b.longitude.degrees(),
                 &metres,
                 nullptr,
                 nullptr);
    return metres;
}

GeodesicRing geodesicRing(const std::vector<geo::Cartographic>& ring) {
    const geod_geodesic ellipsoid = wgs84();
    geod_polygon polygon{};
    geod_polygon_init(&polygon, 0);
    for (const geo::Cartographic& place : ring) {
        geod_polygon_addpoint(
            &ellipsoid, &polygon, place.latitude.degrees(), place.longitude.degrees());
    }
    constexpr int kClockwiseIsPositive = 0;
    constexpr int kSigned = 1;
    GeodesicRing measured;
    geod_polygon_compute(&ellipsoid,
                         &polygon,
                         kClockwiseIsPositive,
                         kSigned,
                         &measured.squareMetres,
                         &measured.perimeterMetres);
    return measured;
}

} // namespace tiles3d::crs
