#pragma once

#include "pipeline/planning/ogr_handles.h"
#include "tiles3d/base/result.h"

#include <glm/vec2.hpp>

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace pipeline::planning {

/// In what CRS a layer's coordinates are, and in which they are wanted.
struct CrsQuestion {
    std::string given;    ///< Overrides what the layer says: a CRS, or a PROJ pipeline to `target`.
    std::string fallback; ///< For a layer that says nothing.
    std::string target;   ///< The plane's.
    bool isGcj02 = false; ///< Longitudes and latitudes carry GCJ-02's offset, which is taken off.
};

struct DestroyTransformation {
    void operator()(OGRCoordinateTransformation* transformation) const {
        OGRCoordinateTransformation::DestroyCT(transformation);
    }
};
using Transformation = std::unique_ptr<OGRCoordinateTransformation, DestroyTransformation>;

/// The way of a layer's coordinates, x east and y north whatever the authority says, to the city's
/// plane: PROJ's, exact; ballpark operations are refused, but between WGS 84 and CGCS2000. One
/// thread at a time; clone() for others.
class PlaneTransform {
public:
    /// `own`: what the layer says, or null. Fails, with the remedy, without any CRS and where PROJ
    /// knows no exact way.
    static tiles3d::base::Result<PlaneTransform> create(const OGRSpatialReference* own,
                                                        const CrsQuestion& question);
    PlaneTransform clone() const;

    /// Transforms in place. A point that PROJ cannot place becomes NaN.
    void apply(std::span<glm::dvec2> points);

    /// The CRS as understood, for people: "EPSG:4490 China Geodetic Coordinate System 2000". Of a
    /// CRS that somebody gave, name only: the parameters of a city's own grid are not public.
    const std::string& understoodAs() const { return understoodAs_; }

private:
    Transformation toPlane_;   ///< From degrees where GCJ-02 is taken off. Null: nothing to do.
    Transformation toDegrees_; ///< Only where GCJ-02 is taken off.
    std::string understoodAs_;
    std::vector<double> x_;
    std::vector<double> y_;
    std::vector<int> isPlaced_;

    void apply(OGRCoordinateTransformation& transformation, std::span<glm::dvec2> points);
};

} // namespace pipeline::planning
