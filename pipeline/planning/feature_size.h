#pragma once

#include "pipeline/planning/vector_layer.h"
#include "tiles3d/base/result.h"
#include "tiles3d/crs/transform.h"

namespace pipeline::planning {

/// Sizes of a feature; 0 where it has no such parts.
struct FeatureSize {
    double planeSquareMetres = 0.0;    ///< Of the polygons, holes taken out, in the plane CRS.
    double planeMetres = 0.0;          ///< Of the lines, and of the outlines of polygons.
    double geodesicSquareMetres = 0.0; ///< The same on the ellipsoid.
    double geodesicMetres = 0.0;
};

/// `plane`: from the layer's CRS. Fails if a vertex lies outside of what the CRS covers.
tiles3d::base::Result<FeatureSize> sizeOf(const Geometry& geometry,
                                          const tiles3d::crs::Transform& plane);

} // namespace pipeline::planning
