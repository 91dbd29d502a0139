#pragma once

#include "pipeline/scan/terrain.h"
#include "pipeline/terrain/geo_lattice.h"
#include "pipeline/terrain/sampling_context.h"
#include "tiles3d/base/result.h"

#include <vector>

namespace pipeline::terrain {

struct SampledHeights {
    std::vector<float> metres; ///< Ellipsoidal, row-major as the lattice; NaN: nothing there.
    std::vector<scan::RejectedRaster> unreadable; ///< Files that could not be read, by name.
};

/// The DEMs' heights at the lattice's posts, the first of the catalogue that has one.
/// Between the centres of pixels bilinear, exactly; the outer half of a file's (or a hole's) edge
/// pixels as if they went on. Neighbours in the catalogue with one CRS, datum and grid of pixels
/// are one mosaic before that: no seam between abutting files. Places come from PROJ on nodes at
/// most 250 m apart (on 257 x 257 of them, where that is too many) and bilinear between: within
/// 1 cm and 1 mm of height below 60 km.
/// Nodata::Hole: where the first file that covers a post has no height, it stays NaN.
/// A sea level fills what is NaN inside the rectangle, along their grid's axes, that holds the
/// files of a mosaic; what Nodata::Hole leaves stays.
/// At most 256 MiB; where a lattice is so coarse that its raster does not fit, files are read
/// reduced, each by itself. A file that cannot be read is left out and named.
/// Fails only if an operation of PROJ cannot be made.
tiles3d::base::Result<SampledHeights> sampleHeights(const scan::TerrainCatalogue& catalogue,
                                                    const GeoLattice& lattice,
                                                    const SamplingContext& context = {});

} // namespace pipeline::terrain
