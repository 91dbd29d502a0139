#pragma once

#include "pipeline/planning/vector_layer.h"
#include "tiles3d/base/result.h"
#include "tiles3d/crs/transform.h"

#include <string>

namespace pipeline::planning::site {

/// True sizes of what lies in a plane CRS, on the WGS 84 ellipsoid: a plane's own areas are off by
/// up to 0.03 % in a Gauss-Kruger zone. Edges are straight in the plane. One instance per thread.
class PlaneGeodesy {
public:
    /// Fails on a CRS that PROJ does not know or cannot tie to WGS 84.
    static tiles3d::base::Result<PlaneGeodesy> create(const std::string& planeCrs);

    // Each fails on a point outside the projection's domain.

    /// Of polygons, holes taken off.
    tiles3d::base::Result<double> squareMetres(const Geometry& geometry) const;
    /// Of all rings of polygons.
    tiles3d::base::Result<double> perimeterMetres(const Geometry& geometry) const;
    /// Of lines.
    tiles3d::base::Result<double> lineMetres(const Geometry& geometry) const;
    tiles3d::base::Result<double> metresBetween(const glm::dvec2& a, const glm::dvec2& b) const;
    tiles3d::base::Result<tiles3d::geo::Cartographic> placeOf(const glm::dvec2& point) const;

private:
    explicit PlaneGeodesy(tiles3d::crs::Transform transform);

    tiles3d::crs::Transform transform_;
};

} // namespace pipeline::planning::site
