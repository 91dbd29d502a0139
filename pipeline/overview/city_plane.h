#pragma once

#include "tiles3d/base/result.h"
#include "tiles3d/crs/source_crs.h"
#include "tiles3d/crs/transform.h"
#include "tiles3d/geo/enu_frame.h"

#include <glm/vec2.hpp>
#include <glm/vec3.hpp>

#include <string>
#include <utility>

namespace pipeline::overview {

/// What fixes the city's plane and frame. The same for as long as the first delivery is the same.
struct CityAnchor {
    std::string planeCrs;        ///< Of city.json; empty: that of the first delivery.
    tiles3d::crs::SourceCrs crs; ///< Of the first delivery.
    tiles3d::crs::HeightDatum heights;
    glm::dvec3 origin{0.0};        ///< Its SRSOrigin.
    tiles3d::geo::Ecef firstBlock; ///< Middle of its first block.
};

/// The plane in which the pyramid's cells are cut, and the frame in which its nodes lie.
class CityPlane {
public:
    /// The plane CRS if it is metric, else east and north of the frame. The frame stands at the
    /// first delivery's SRSOrigin, which its blocks are counted from, or, where that is farther
    /// than 100 km from its first block, at that block. Fails where PROJ does.
    static tiles3d::base::Result<CityPlane> create(const CityAnchor& anchor);

    const tiles3d::geo::EnuFrame& frame() const { return frame_; }
    glm::dvec2 origin() const { return origin_; } ///< The frame's origin in the plane.

    /// Fails where the projection does.
    tiles3d::base::Result<glm::dvec2> toPlane(const tiles3d::geo::Ecef& position) const;

private:
    CityPlane(const tiles3d::geo::EnuFrame& frame, tiles3d::crs::Transform projection)
        : frame_(frame), projection_(std::move(projection)) {}

    tiles3d::geo::EnuFrame frame_;
    tiles3d::crs::Transform projection_;
    glm::dvec2 origin_{0.0};
};

} // namespace pipeline::overview
