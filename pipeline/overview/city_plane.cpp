#include "pipeline/overview/city_plane.h"

#include <glm/geometric.hpp>

#include <cmath>
#include <utility>

namespace pipeline::overview {

using tiles3d::base::Result;
using tiles3d::crs::SourceCrs;
using tiles3d::crs::Transform;
using tiles3d::geo::Cartographic;
using tiles3d::geo::Ecef;
using tiles3d::geo::EnuFrame;

namespace {

Cartographic frameOrigin(const CityAnchor& anchor) {
    constexpr double kFarMetres = 100000.0;
    Cartographic first = tiles3d::geo::toCartographic(anchor.firstBlock);
    first.heightMetres = 0.0;
    const Result<Transform> source = Transform::create(anchor.crs, anchor.heights);
    if (!source) {
        return first;
    }
    const Result<Cartographic> origin = source->toCartographic(anchor.origin);
    if (!origin || glm::distance(tiles3d::geo::toEcef(*origin).metres, anchor.firstBlock.metres) >
                       kFarMetres) {
        return first;
    }
    return *origin;
}

Result<SourceCrs> planeOf(const CityAnchor& anchor) {
    return anchor.planeCrs.empty() ? Result<SourceCrs>(anchor.crs)
                                   : tiles3d::crs::understandSrs(anchor.planeCrs, true);
}

/// True if a hundred metres east and north of `origin` are about as many units of the projection.
bool isMetric(const Transform& projection, const EnuFrame& frame) {
    constexpr double kStep = 100.0;
    constexpr double kMostScale = 0.05;
    const auto at = projection.fromCartographic(frame.origin());
    for (const glm::dvec3& step : {glm::dvec3(kStep, 0.0, 0.0), glm::dvec3(0.0, kStep, 0.0)}) {
        const auto to = projection.fromCartographic(
            tiles3d::geo::toCartographic(frame.toEcef(tiles3d::geo::EnuPoint{step})));
        if (!at || !to ||
            std::abs(glm::distance(glm::dvec2(*at), glm::dvec2(*to)) / kStep - 1.0) > kMostScale) {
            return false;
        }
    }
    return true;
}

} // namespace

Result<CityPlane> CityPlane::create(const CityAnchor& anchor) {
    const EnuFrame frame(frameOrigin(anchor));
    const Result<SourceCrs> plane = planeOf(anchor);
    if (!plane) {
        return tiles3d::base::within("plane_crs", plane.error());
    }
    const tiles3d::crs::HeightDatum ellipsoidal; // heights play no part in the plane
    Result<Transform> projection = Transform::create(*plane, ellipsoidal);
    if (!projection || !isMetric(*projection, frame)) {
        const SourceCrs local{.horizontal = tiles3d::crs::LocalEnu{frame.origin()}};
        projection = Transform::create(local, ellipsoidal);
    }
    if (!projection) {
        return projection.error();
    }
    CityPlane city(frame, *std::move(projection));
    const Result<glm::dvec2> origin = city.toPlane(tiles3d::geo::toEcef(frame.origin()));
    if (!origin) {
        return origin.error();
    }
    city.origin_ = *origin;
    return city;
}

Result<glm::dvec2> CityPlane::toPlane(const Ecef& position) const {
    const auto point = projection_.fromCartographic(tiles3d::geo::toCartographic(position));
    return point ? Result<glm::dvec2>(glm::dvec2(*point)) : Result<glm::dvec2>(point.error());
}

} // namespace pipeline::overview
