#pragma once

#include "pipeline/overview/charts.h"
#include "pipeline/overview/surface.h"
#include "tiles3d/image/image.h"
#include "tiles3d/mesh/mesh.h"

namespace pipeline::overview {

/// The atlas' pixels: each texel the mean of several samples, each sample the colour of the
/// children's surface nearest to it along the chart's normal, among what faces the chart and lies
/// within `reachMetres`: a wall does not take the colour of the house across the street. Texels
/// between and beside the charts are filled from their neighbours, so that neither filtering nor
/// mip levels meet black.
tiles3d::image::Raster bake(const tiles3d::mesh::TriangleMesh& mesh,
                            const Charts& charts,
                            const Surface& surface,
                            double reachMetres);

} // namespace pipeline::overview
